#pragma once

#include <string>
#include <string_view>

namespace hornbeam::site {

/// Markdown, as GitHub writes it, as HTML that `read_html_page` takes. HTML inside of it is left
/// out.
std::string html_of_markdown(std::string_view markdown);

}  // namespace hornbeam::site
