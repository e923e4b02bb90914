#include "hornbeam/base/encoding.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace hornbeam::base {

namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

bool is_alphanumeric(char each) {
  return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') ||
         (each >= 'A' && each <= 'Z');
}

std::uint8_t byte_at(std::string_view text, std::size_t index) {
  return static_cast<std::uint8_t>(text[index]);
}

/// How many bytes the sequence beginning at `at` has, or 0 if it is malformed.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  const std::uint8_t second = byte_at(text, at + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;  // Overlong.
  if (lead == 0xED && second > 0x9F) return 0;  // A surrogate.
  if (lead == 0xF0 && second < 0x90) return 0;  // Overlong.
  if (lead == 0xF4 && second > 0x8F) return 0;  // Past U+10FFFF.
  return size;
}

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
  }
  return decoded;
}

std::string percent_encode(std::string_view text, std::string_view safe) {
  std::string encoded;
  encoded.reserve(text.size());
  for (const char each : text) {
    if (is_alphanumeric(each) || safe.find(each) != std::string_view::npos) {
      encoded += each;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(each);
    encoded += '%';
    encoded += kHexDigits[byte >> 4];
    encoded += kHexDigits[byte & 15];
  }
  return encoded;
}

std::string base64url_encode(std::string_view bytes) {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  const auto put = [&out](std::uint32_t bits) { *out++ = kBase64Url[bits & 63]; };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t held = static_cast<std::uint32_t>(byte_at(bytes, i)) << 16 |
                               static_cast<std::uint32_t>(byte_at(bytes, i + 1)) << 8 |
                               byte_at(bytes, i + 2);
    put(held >> 18);
    put(held >> 12);
    put(held >> 6);
    put(held);
  }
  if (i == bytes.size()) return text;
  // One byte that is left makes two digits, two make three.
  const bool is_last = i + 1 == bytes.size();
  const std::uint32_t held =
      static_cast<std::uint32_t>(byte_at(bytes, i)) << 16 |
      (is_last ? 0U : static_cast<std::uint32_t>(byte_at(bytes, i + 1)) << 8);
  put(held >> 18);
  put(held >> 12);
  if (!is_last) put(held >> 6);
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  int bits = 0;
  for (const char each : text) {
    const std::size_t value = kBase64Url.find(each);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> bits) & 255);
    }
  }
  if ((held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

std::string hex_encode(std::string_view bytes) {
  constexpr std::string_view kLower = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += kLower[byte_at(bytes, i) >> 4];
    text += kLower[byte_at(bytes, i) & 15];
  }
  return text;
}

std::size_t ascii_prefix(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

bool is_valid_utf8(std::string_view text) noexcept {
  for (std::size_t i = ascii_prefix(text); i < text.size(); i += ascii_prefix(text.substr(i))) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::size_t utf8_length(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char each : text) count += (static_cast<std::uint8_t>(each) & 0xC0) != 0x80;
  return count;
}

char32_t take_code_point(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (lead < 0xC0) return lead;
  const unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3FU >> more);
  for (unsigned taken = 0; taken < more && !text.empty(); ++taken) {
    point = (point << 6U) | (static_cast<unsigned char>(text.front()) & 0x3FU);
    text.remove_prefix(1);
  }
  return point;
}

void append_utf8(std::string& out, char32_t point) {
  const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
    return;
  }
  if (point < 0x800) {
    add(0xC0U | (point >> 6U));
  } else {
    if (point < 0x10000) {
      add(0xE0U | (point >> 12U));
    } else {
      add(0xF0U | (point >> 18U));
      add(0x80U | ((point >> 12U) & 0x3FU));
    }
    add(0x80U | ((point >> 6U) & 0x3FU));
  }
  add(0x80U | (point & 0x3FU));
}

namespace {

constexpr std::string_view entity(char character) noexcept {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&#34;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

constexpr auto kNeedsEntity = [] {
  std::array<unsigned char, 256> table{};
  for (const char each : {'&', '<', '>', '"', '\''}) table[static_cast<unsigned char>(each)] = 1;
  return table;
}();

}  // namespace

void append_html_escaped(std::string& out, std::string_view text) {
  const char* from = text.data();
  const char* const end = from + text.size();
  const auto needs = [](const char* at) {
    return unsigned{kNeedsEntity[static_cast<unsigned char>(*at)]};
  };
  for (const char* at = from; at != end; ++at) {
    while (end - at >= 4 && (needs(at) | needs(at + 1) | needs(at + 2) | needs(at + 3)) == 0)
      at += 4;
    if (at == end) break;
    if (needs(at) == 0) continue;
    out.append(from, static_cast<std::size_t>(at - from));
    out += entity(*at);
    from = at + 1;
  }
  out.append(from, static_cast<std::size_t>(end - from));
}

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  append_html_escaped(out, text);
  return out;
}

}  // namespace hornbeam::base
