#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search {
namespace {

/// What an IPv4 address begins with as an IPv6 one (RFC 4291, section 2.5.5.2).
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

std::optional<std::string> ip_term(std::string_view text) {
  const std::string copy(text);
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) {
    return std::string(bytes.data(), bytes.size());
  }
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) {
    return std::string(kMapped) + std::string(bytes.data(), 4);
  }
  return std::nullopt;
}

std::optional<std::pair<std::string, std::string>> ip_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> address = ip_term(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  std::size_t bits = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool is_number = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if (!address || !is_number) return std::nullopt;
  const bool is_v4 = !text.substr(0, slash).contains(':');
  if (bits > (is_v4 ? 32 : 128)) return std::nullopt;
  if (is_v4) bits += kMapped.size() * 8;
  std::string first = *address;
  std::string last = *address;
  for (std::size_t i = 0; i < first.size(); ++i) {
    // Of this byte so many of the highest bits are the network's.
    const std::size_t own = bits > i * 8 ? std::min<std::size_t>(bits - i * 8, 8) : 0;
    const auto mask = static_cast<unsigned char>(0xFF00U >> own);
    first[i] = static_cast<char>(static_cast<unsigned char>(first[i]) & mask);
    last[i] = static_cast<char>(static_cast<unsigned char>(last[i]) | (~mask & 0xFFU));
  }
  return std::pair(ip_text(first), ip_text(last));
}

std::string ip_text(std::string_view term) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  std::array<char, 16> bytes{};
  std::memcpy(bytes.data(), term.data(), std::min<std::size_t>(term.size(), bytes.size()));
  if (term.starts_with(kMapped)) {
    inet_ntop(AF_INET, bytes.data() + kMapped.size(), text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  }
  return text.data();
}

}  // namespace hornbeam::search
