#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace hornbeam::live::internal {

/// Appends `text` as a JSON string. Requires: UTF-8.
void append_json_string(std::string& to, std::string_view text);

/// Writes one server message, {"action": "move", "data": {"opp_move": "1,1"}}, spaced as Python's
/// json module spaces it: the frames are the classic server's, byte by byte.
class JsonMessage {
 public:
  explicit JsonMessage(std::string_view action) {
    text_.reserve(192);
    text_ += "{\"action\": \"";
    text_ += action;
    text_ += "\", \"data\": {";
  }

  JsonMessage& add(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(text_, value);
    return *this;
  }
  JsonMessage& add(std::string_view name, const char* value) {
    return add(name, std::string_view(value));
  }
  JsonMessage& add(std::string_view name, std::integral auto value) {
    key(name);
    if constexpr (std::same_as<decltype(value), bool>) {
      text_ += value ? "true" : "false";
    } else {
      fmt::format_to(std::back_inserter(text_), "{}", value);
    }
    return *this;
  }
  /// Null for nothing.
  template <class Value>
  JsonMessage& add(std::string_view name, const std::optional<Value>& value) {
    return value ? add(name, *value) : add_raw(name, "null");
  }
  /// `json` is JSON already.
  JsonMessage& add_raw(std::string_view name, std::string_view json) {
    key(name);
    text_ += json;
    return *this;
  }

  std::string finish() && {
    text_ += "}}";
    return std::move(text_);
  }

 private:
  void key(std::string_view name) {
    if (!is_first_) text_ += ", ";
    is_first_ = false;
    text_ += '"';
    text_ += name;
    text_ += "\": ";
  }

  std::string text_;
  bool is_first_ = true;
};

}  // namespace hornbeam::live::internal
