#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hornbeam::http {

namespace token_detail {

// token = 1*tchar (RFC 9110, section 5.6.2); the table maps each to its lower case and all else to
// 0.
constexpr std::array<char, 256> make_lower_token_table() {
  std::array<char, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")) {
    table[static_cast<unsigned char>(c)] = c;
  }
  for (char c = 'A'; c <= 'Z'; ++c) {
    table[static_cast<unsigned char>(c)] = static_cast<char>(c + ('a' - 'A'));
  }
  return table;
}
inline constexpr std::array<char, 256> kLowerToken = make_lower_token_table();

}  // namespace token_detail

/// The lower case of a character that may stand in a token, or 0 (RFC 9110, section 5.6.2).
constexpr char lower_token_char(char c) noexcept {
  return token_detail::kLowerToken[static_cast<unsigned char>(c)];
}

/// Whether `text` is a token of RFC 9110, such as a method or a field's name.
constexpr bool is_token(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (const char c : text) {
    if (lower_token_char(c) == 0) return false;
  }
  return true;
}

/// Whether `left` and `right` are the same but for the case of ASCII letters.
constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

/// Whether a field's value may be sent: no CR, LF, NUL or other control but HTAB.
constexpr bool is_field_value(std::string_view value) noexcept {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return false;
  }
  return true;
}

/// `text` without the optional white space around it: blanks and tabs (RFC 9110, section 5.6.3).
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// `text` with its ASCII letters in lower case.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& each : lower) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each + ('a' - 'A'));
  }
  return lower;
}

/// Calls `visit` for each element of a comma-separated list, without white space around it; empty
/// ones are skipped. Linear in the length of `list`, whatever is in it.
template <class Visit>
constexpr void for_each_list_element(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim_blanks(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    if (!element.empty()) visit(element);
  }
}

}  // namespace hornbeam::http
