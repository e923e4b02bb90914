#include "hornbeam/data/internal/url.h"

#include <algorithm>
#include <vector>

namespace hornbeam::data::internal {

namespace {

struct Part {
  std::size_t at;
  std::size_t size;
};

/// Where passwords stand in a URL: `user:HERE@host`, `?password=HERE`, `&sslpassword=HERE`.
std::vector<Part> passwords(std::string_view url) {
  std::vector<Part> found;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return found;
  const std::size_t authority = scheme + 3;
  const std::size_t authority_end = std::min(url.find_first_of("/?", authority), url.size());
  const std::size_t host = url.substr(0, authority_end).rfind('@');
  const std::size_t colon = url.find(':', authority);
  if (host != std::string_view::npos && host > authority && colon < host) {
    found.push_back({colon + 1, host - colon - 1});
  }
  constexpr std::string_view kName = "password=";
  for (std::size_t at = url.find(kName, authority_end); at != std::string_view::npos;
       at = url.find(kName, at + 1)) {
    const std::size_t begin = at + kName.size();
    found.push_back({begin, std::min(url.find('&', begin), url.size()) - begin});
  }
  std::erase_if(found, [](const Part& part) { return part.size == 0; });
  return found;
}

}  // namespace

std::string without_password(std::string_view url) {
  std::string shown(url);
  const std::vector<Part> parts = passwords(url);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    shown.replace(part->at, part->size, "***");
  }
  return shown;
}

std::string hide_password(std::string message, std::string_view url) {
  for (const Part& part : passwords(url)) {
    const std::string_view secret = url.substr(part.at, part.size);
    for (std::size_t at = message.find(secret); at != std::string::npos;
         at = message.find(secret, at + 3)) {
      message.replace(at, secret.size(), "***");
    }
  }
  return message;
}

}  // namespace hornbeam::data::internal
