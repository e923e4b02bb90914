#include "hornbeam/base/url_password.h"

#include <algorithm>
#include <vector>

namespace hornbeam::base {

namespace {

struct Part {
  std::size_t at;
  std::size_t size;
};

/// Where passwords stand in URLs: `user:HERE@host`, `?password=HERE`, `&sslpassword=HERE`.
std::vector<Part> passwords(std::string_view text) {
  std::vector<Part> found;
  const auto add = [&](std::size_t at, std::size_t end) {
    if (end > at) found.push_back({at, end - at});
  };
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at)) {
    at += 3;
    // A password may hold whatever a careless hand has put there, but for the slash.
    const std::size_t end = std::min(text.find_first_of("/\" ", at), text.size());
    const std::size_t host = text.substr(0, end).rfind('@');
    const std::size_t colon = text.find(':', at);
    if (host != std::string_view::npos && host > at && colon < host) add(colon + 1, host);
    constexpr std::string_view kName = "password=";
    const std::size_t next = std::min(text.find("://", at), text.size());
    for (std::size_t name = text.find(kName, at); name < next; name = text.find(kName, name + 1)) {
      const std::size_t begin = name + kName.size();
      if (begin > end || host == std::string_view::npos || name > host) {
        add(begin, std::min(text.find_first_of("&#\" ", begin), text.size()));
      }
    }
  }
  return found;
}

}  // namespace

std::string without_password(std::string_view text) {
  std::string shown(text);
  const std::vector<Part> parts = passwords(text);
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

}  // namespace hornbeam::base
