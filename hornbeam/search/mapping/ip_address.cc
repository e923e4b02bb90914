#include <array>
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
