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
    if (!message->read(text)) message.reset();
    return message;
  }

  std::size_t size() const noexcept { return size_; }
  const std::pair<std::string_view, FlatValue>& member(std::size_t index) const noexcept {
    return members_[index];
  }

 private:
  static constexpr std::size_t kMostMembers = 10;
  static constexpr std::ptrdiff_t kMostDigits = 18;  // That many fit 64 bits.

  /// The bytes yet to be read.
  struct Rest {
    const char* at;
    const char* end;

    bool is_at(char wanted) const noexcept { return at != end && *at == wanted; }
    void skip_space() noexcept {
      while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    }
    bool take(char wanted) noexcept {
      skip_space();
      if (!is_at(wanted)) return false;
      ++at;
      return true;
    }
    /// Behind a quote: a string without escapes, and the quote behind it.
    bool take_string(std::string_view& string) noexcept {
      const char* const begin = at;
      while (at != end && kIsPlain[static_cast<unsigned char>(*at)]) ++at;
      string = {begin, static_cast<std::size_t>(at - begin)};
      return take_at('"');
    }
    bool take_word(std::string_view word) noexcept {
      if (!std::string_view(at, static_cast<std::size_t>(end - at)).starts_with(word)) return false;
      at += word.size();
      return true;
    }
    bool take_at(char wanted) noexcept {
      if (!is_at(wanted)) return false;
      ++at;
      return true;
    }
    bool take_value(FlatValue& value) noexcept;
  };

  /// ASCII that stands for itself in a string.
  static constexpr std::array<bool, 256> kIsPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = ' '; c <= '~'; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
  }();

  bool read(std::string_view text) noexcept {
    Rest rest{text.data(), text.data() + text.size()};
    if (!rest.take('{')) return false;
    do {
      if (size_ == kMostMembers) return false;
      auto& [name, value] = members_[size_];
      if (!rest.take('"') || !rest.take_string(name) || !rest.take(':')) return false;
      for (std::size_t i = 0; i < size_; ++i) {
        if (members_[i].first == name) return false;
      }
      if (!rest.take_value(value)) return false;
      ++size_;
    } while (rest.take(','));
    if (!rest.take('}')) return false;
    rest.skip_space();
    return rest.at == rest.end;
  }

  std::array<std::pair<std::string_view, FlatValue>, kMostMembers> members_;
  std::size_t size_ = 0;
};

inline bool FlatMessage::Rest::take_value(FlatValue& value) noexcept {
  skip_space();
  if (take_at('"')) {
    std::string_view string;
    if (!take_string(string)) return false;
    value = FlatValue(true, string);
    return true;
  }
  const char* const begin = at;
  if (!take_word("true") && !take_word("false") && !take_word("null")) {
    take_at('-');
    const char* const digits = at;
    while (at != end && '0' <= *at && *at <= '9') ++at;
    // "-0" is no whole number to everybody, nor is 007 one.
    const bool is_odd = at != digits && *digits == '0' && at - begin > 1;
    if (at == digits || at - digits > kMostDigits || is_odd) return false;
  }
  value = FlatValue(false, {begin, static_cast<std::size_t>(at - begin)});
  // Or the word, or number, goes on.
  skip_space();
  return is_at(',') || is_at('}');
}

}  // namespace hornbeam::live::internal
