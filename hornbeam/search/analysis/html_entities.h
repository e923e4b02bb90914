#pragma once

#include <string_view>

namespace hornbeam::search {

/// The code point of one of HTML 4's entities ("eacute") or of XML's; 0 if there is none.
char32_t find_html_entity(std::string_view name) noexcept;

}  // namespace hornbeam::search
