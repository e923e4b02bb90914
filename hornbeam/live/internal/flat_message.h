#pragma once

// FlatMessage: the messages that players send, read where they lie. Nearly all are one flat object,
// {"action": "move", "player_move": "1,1"}, of which a scan of its bytes knows for certain what it
// says. Whatever is not of that form, or might be malformed, is not told apart here: `scan` gives
// nothing, and the general reader, which takes six times as long, has it.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/core.h>

namespace hornbeam::live::internal {

/// A value of a flat message, with the part of `JsonView` that the reader asks.
class FlatValue {
 public:
  FlatValue() = default;
  /// `text` is what stands between the quotes of a string, or the other value as it is written.
  FlatValue(bool is_string, std::string_view text) : is_string_(is_string), text_(text) {}

  bool is_null() const noexcept { return !is_string_ && text_ == "null"; }
  std::optional<std::string_view> find_string() const noexcept {
    return is_string_ ? std::optional(text_) : std::nullopt;
  }
  std::optional<std::int64_t> find_int() const noexcept {
    std::int64_t number = 0;
    const auto [after, failure] =
        std::from_chars(text_.data(), text_.data() + text_.size(), number);
    return is_string_ || failure != std::errc() ? std::nullopt : std::optional(number);
  }
  /// As compact JSON.
  std::string text() const {
    return is_string_ ? fmt::format("\"{}\"", text_) : std::string(text_);
  }

 private:
  bool is_string_ = false;
  std::string_view text_;
};

/// One of few short members in plain ASCII without escapes, whose values are strings, whole
/// numbers, true, false or null. Lifetime: the text's.
class FlatMessage {
 public:
  static std::optional<FlatMessage> scan(std::string_view text) {
    std::optional<FlatMessage> message(std::in_place);
    message->rest_ = text;
    if (!message->scan()) message.reset();
    return message;
  }

  std::size_t size() const noexcept { return size_; }
  const std::pair<std::string_view, FlatValue>& member(std::size_t index) const noexcept {
    return members_[index];
  }

 private:
  static constexpr std::size_t kMostMembers = 10;
  static constexpr std::size_t kMostDigits = 18;  // That many fit 64 bits.

  bool scan() {
    if (!take('{')) return false;
    do {
      std::string_view name;
      FlatValue value;
      if (size_ == kMostMembers || !take_string(name) || !take(':') || !take_value(value)) {
        return false;
      }
      for (std::size_t i = 0; i < size_; ++i) {
        if (members_[i].first == name) return false;
      }
      members_[size_++] = {name, value};
    } while (take(','));
    if (!take('}')) return false;
    skip_space();
    return rest_.empty();
  }

  void skip_space() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\r' || rest_[0] == '\t')) {
      rest_.remove_prefix(1);
    }
  }
  bool take(char wanted) {
    skip_space();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view take_first(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  bool take_string(std::string_view& string) {
    if (!take('"')) return false;
    const auto is_plain = [](char c) { return ' ' <= c && c <= '~' && c != '"' && c != '\\'; };
    std::size_t size = 0;
    while (size < rest_.size() && is_plain(rest_[size])) ++size;
    string = take_first(size);
    if (!rest_.starts_with('"')) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_value(FlatValue& value) {
    skip_space();
    if (rest_.starts_with('"')) {
      std::string_view string;
      if (!take_string(string)) return false;
      value = FlatValue(true, string);
      return true;
    }
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!rest_.starts_with(word)) continue;
      value = FlatValue(false, take_first(word.size()));
      return is_at_end_of_value();
    }
    const std::size_t begin = rest_.starts_with('-') ? 1 : 0;
    std::size_t end = begin;
    while (end < rest_.size() && '0' <= rest_[end] && rest_[end] <= '9') ++end;
    const std::size_t digits = end - begin;
    // "-0" is no whole number to everybody, nor is 007 one.
    if (digits == 0 || digits > kMostDigits || (rest_[begin] == '0' && end > 1)) return false;
    value = FlatValue(false, take_first(end));
    return is_at_end_of_value();
  }
  bool is_at_end_of_value() {
    skip_space();
    return rest_.starts_with(',') || rest_.starts_with('}');
  }

  std::array<std::pair<std::string_view, FlatValue>, kMostMembers> members_;
  std::size_t size_ = 0;
  std::string_view rest_;  // To be scanned.
};

}  // namespace hornbeam::live::internal
