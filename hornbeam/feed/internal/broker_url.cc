#include "hornbeam/feed/internal/broker_url.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/url_password.h"

namespace hornbeam::feed::internal {

BrokerUrl BrokerUrl::parse(std::string_view url, std::string_view scheme,
                           std::initializer_list<std::string_view> known) {
  const auto refuse = [url](std::string_view what, std::string_view mend) {
    throw std::invalid_argument(
        fmt::format("{}: {}. Mend: {}", base::without_password(url), what, mend));
  };
  const std::string begin = fmt::format("{}://", scheme);
  if (!url.starts_with(begin)) {
    refuse("is no URL of this kind", fmt::format("write {}host:port", begin));
  }
  std::string_view rest = url.substr(begin.size());
  const auto cut = [](std::string_view& text, std::string_view at) {
    const std::size_t place = text.find(at);
    const std::string_view behind =
        place == std::string_view::npos ? std::string_view() : text.substr(place + at.size());
    text = text.substr(0, place);
    return behind;
  };
  std::string_view query = cut(rest, "?");
  BrokerUrl parsed;
  parsed.path = base::percent_decode(cut(rest, "/"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    std::string_view user = rest.substr(0, at);
    rest = rest.substr(at + 1);
    parsed.password = base::percent_decode(cut(user, ":"));
    parsed.user = base::percent_decode(user);
  }
  parsed.hosts = rest;
  if (parsed.hosts.empty()) refuse("names no host", fmt::format("write {}host:port", begin));
  const bool takes_dotted = std::find(known.begin(), known.end(), "*") != known.end();
  while (!query.empty()) {
    const std::string_view behind = cut(query, "&");
    const std::string_view value = cut(query, "=");
    const bool is_known = std::find(known.begin(), known.end(), query) != known.end() ||
                          (takes_dotted && query.find('.') != std::string_view::npos);
    if (!is_known) {
      refuse(fmt::format("there is no option {}", query),
             fmt::format("one of {}", fmt::join(known, ", ")));
    }
    parsed.options[std::string(query)] = base::percent_decode(value);
    query = behind;
  }
  return parsed;
}

std::string BrokerUrl::option(const std::string& name, std::string otherwise) const {
  const auto found = options.find(name);
  return found == options.end() ? std::move(otherwise) : found->second;
}

}  // namespace hornbeam::feed::internal
