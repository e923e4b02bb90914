#pragma once

#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/site/documentation/clean_markup.h"
#include "hornbeam/site/documentation/page.h"

namespace hornbeam::site {

/// The largest file that is read. Units: bytes.
inline constexpr std::size_t kLargestPage = std::size_t{8} << 20;

/// Takes an HTML page apart: a section for each heading, and for each class, function or setting
/// that Sphinx describes. What surrounds the text (navigation, search, footers) is left out where
/// the page says what its text is (`main`, `article`, Sphinx's containers). Hostile pages give
/// clean ones. `link` says where the page's links lead. The error says why there is nothing to
/// read.
base::Result<Page> read_html_page(std::string_view html, const LinkTarget& link);

/// What GitHub makes of a heading to link to it: "What is it?" is "what-is-it".
std::string slug_of(std::string_view title);

}  // namespace hornbeam::site
