#include "hornbeam/http/parameters.h"

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

// What may stand unescaped in an extended value (RFC 8187, section 3.2.1).
constexpr std::string_view kAttributeSafe = "!#$&+-.^_`|~";

void skip_space(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string take_token(std::string_view& text, bool lower) {
  std::string token;
  while (!text.empty() && lower_token_char(text.front()) != 0) {
    token += lower ? lower_token_char(text.front()) : text.front();
    text.remove_prefix(1);
  }
  return token;
}

// A quoted string. Only \" and \\ are escapes: browsers of old send C:\path as it is.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escapes =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escapes) ++i;
    value += text[i];
  }
  return std::nullopt;
}

// ISO-8859-1 is each code point in one byte.
std::string utf8_of_latin1(std::string_view text) {
  std::string utf8;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte < 0x80) {
      utf8 += each;
    } else {
      utf8 += static_cast<char>(0xC0 | (byte >> 6));
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return utf8;
}

// ext-value = charset "'" [ language ] "'" value-chars (RFC 8187, section 3.2).
std::optional<std::string> decode_extended(std::string_view text) {
  const std::size_t first = text.find('\'');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view charset = text.substr(0, first);
  std::string value = base::percent_decode(text.substr(second + 1));
  if (equals_ignoring_case(charset, "iso-8859-1")) return utf8_of_latin1(value);
  if (!equals_ignoring_case(charset, "utf-8") || !base::is_valid_utf8(value)) return std::nullopt;
  return value;
}

struct Raw {
  std::string name;
  std::string value;
};

std::optional<Raw> take_parameter(std::string_view& text) {
  Raw raw;
  raw.name = take_token(text, true);
  if (raw.name.empty() || text.empty() || text.front() != '=') return std::nullopt;
  text.remove_prefix(1);
  if (!text.empty() && text.front() == '"') {
    auto quoted = take_quoted(text);
    if (!quoted) return std::nullopt;
    raw.value = std::move(*quoted);
  } else {
    raw.value = take_token(text, false);
  }
  return raw;
}

}  // namespace

std::optional<std::string_view> ParameterizedValue::find(std::string_view name) const noexcept {
  for (const auto& [each, found] : parameters) {
    if (each == name) return found;
  }
  return std::nullopt;
}

std::optional<ParameterizedValue> parse_parameters(std::string_view text) {
  ParameterizedValue parsed;
  std::vector<Raw> extended;
  const std::size_t end = std::min(text.find(';'), text.size());
  std::string_view value = text.substr(0, end);
  skip_space(value);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  for (const char each : value) {
    const char lower = lower_token_char(each);
    if (lower == 0 && each != '/') return std::nullopt;
    parsed.value += lower != 0 ? lower : each;
  }
  text.remove_prefix(end);
  while (!text.empty()) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_space(text);
    if (text.empty() || text.front() == ';') continue;  // An empty one says nothing.
    std::optional<Raw> raw = take_parameter(text);
    if (!raw) return std::nullopt;
    skip_space(text);
    const bool is_extended = raw->name.back() == '*';
    if (is_extended) raw->name.pop_back();
    const auto is_same = [&](const Raw& each) { return each.name == raw->name; };
    if (is_extended ? std::ranges::any_of(extended, is_same) : parsed.find(raw->name).has_value()) {
      return std::nullopt;
    }
    if (is_extended) {
      extended.push_back(std::move(*raw));
    } else {
      parsed.parameters.emplace_back(std::move(raw->name), std::move(raw->value));
    }
  }
  for (Raw& each : extended) {
    std::optional<std::string> decoded = decode_extended(each.value);
    if (!decoded) continue;  // "ignore the parameter" (RFC 8187, section 3.2.1).
    std::erase_if(parsed.parameters, [&](const auto& plain) { return plain.first == each.name; });
    parsed.parameters.emplace_back(std::move(each.name), std::move(*decoded));
  }
  return parsed;
}

std::string content_disposition(std::string_view disposition, std::string_view filename) {
  std::string value(disposition);
  if (filename.empty()) return value;
  std::string plain;
  bool is_plain = true;
  for (const char each : filename) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte < 0x7F && each != '"' && each != '\\' && each != '%') {
      plain += each;
    } else {
      is_plain = false;
      if (byte < 0x80 || byte >= 0xC0) plain += '_';  // One for each code point.
    }
  }
  value += "; filename=\"" + plain + '"';
  if (!is_plain) {
    value += "; filename*=UTF-8''" + base::percent_encode(filename, kAttributeSafe);
  }
  return value;
}

}  // namespace hornbeam::http
