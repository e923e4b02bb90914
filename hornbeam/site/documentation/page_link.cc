#include "hornbeam/site/documentation/page_link.h"

#include <algorithm>
#include <vector>

#include "hornbeam/site/documentation/clean_markup.h"

namespace hornbeam::site {

namespace {

/// Whether a link begins with a scheme, as browsers read it: what they strip before is refused.
bool has_scheme(std::string_view href) {
  const std::size_t colon = href.find(':');
  return colon != std::string_view::npos && colon < href.find_first_of("/?#");
}

bool has_control_bytes(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

}  // namespace

std::string page_path(std::string_view file) {
  for (const std::string_view ending : {".html", ".md"}) {
    if (file.ends_with(ending)) return std::string(file.substr(0, file.size() - ending.size()));
  }
  return std::string(file);
}

std::string resolve_link(std::string_view href, std::string_view manual, std::string_view path,
                         std::string_view prefix) {
  if (href.empty() || has_control_bytes(href)) return {};
  if (href.starts_with("https://") || href.starts_with("http://")) return std::string(href);
  if (has_scheme(href) || href.starts_with('/') || href.find('\\') != std::string_view::npos)
    return {};
  const std::size_t hash = href.find('#');
  const std::string_view place = hash == std::string_view::npos ? "" : href.substr(hash + 1);
  const std::string fragment = is_plain_id(place) ? '#' + std::string(place) : std::string();
  const std::string_view file = href.substr(0, std::min(href.find('?'), hash));
  if (file.empty()) return fragment;
  if (!file.ends_with(".html") && !file.ends_with(".md")) return {};
  const std::string page = page_path(file);
  std::string joined(
      path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/')));
  joined += '/' + page;
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= joined.size();) {
    const std::size_t end = std::min(joined.find('/', from), joined.size());
    const std::string_view part = std::string_view(joined).substr(from, end - from);
    from = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return {};
      parts.pop_back();
    } else if (is_plain_id(part)) {
      parts.push_back(part);
    } else {
      return {};
    }
  }
  std::string address(prefix);
  address += manual;
  for (const std::string_view part : parts) (address += '/') += part;
  return address + fragment;
}

}  // namespace hornbeam::site
