#pragma once

// What filters and the methods of texts share.

#include <cstdint>
#include <string>
#include <string_view>

#include "hornbeam/templates/value.h"

namespace hornbeam::templates {
class Environment;
}

namespace hornbeam::templates::internal {

std::string capitalized(std::string_view text);
/// Every word with a capital, as Jinja's filter cuts words: at white space, '-', and brackets.
std::string titled(std::string_view text);
std::string centered(std::string_view text, std::size_t width, std::string_view fill);
std::string_view stripped_of(std::string_view text, std::string_view set) noexcept;
/// Replaces `count` times, or always if that is negative.
std::string replaced(std::string_view text, std::string_view from, std::string_view to,
                     std::int64_t count);
std::string wrapped(std::string_view text, std::size_t width, bool breaks_words,
                    std::string_view wrapper, bool breaks_hyphens);
/// "a.b.0" looked up step by step; a number is an item.
Value deep_attribute(const Environment& environment, const Value& value, const Value& path);

}  // namespace hornbeam::templates::internal
