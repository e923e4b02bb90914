#pragma once

#include <string>
#include <string_view>

namespace hornbeam::site {

/// A file of a manual as its address has it: without ".html" or ".md".
std::string page_path(std::string_view file);

/// Where `href`, a link of the page `path` of the manual `manual`, leads on this site: to a page
/// below `prefix`, to a place of the same page ("#..."), or elsewhere over HTTP. Empty for
/// everything else: what leaves the manual's folder, files that are no pages, other schemes.
///
///   resolve_link("../db/queries.html#f", "django", "topics/http/views", "/docs/")
///       == "/docs/django/topics/db/queries#f"
std::string resolve_link(std::string_view href, std::string_view manual, std::string_view path,
                         std::string_view prefix);

}  // namespace hornbeam::site
