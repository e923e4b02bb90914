#pragma once

// What java.lang.Character says of code points, in the Unicode version of JDK 17 (13.0), since
// Lucene's tokens follow from it.

#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {

bool is_java_letter(char32_t code_point) noexcept;
bool is_java_digit(char32_t code_point) noexcept;
/// White space without the no-break spaces U+00A0, U+2007 and U+202F.
bool is_java_whitespace(char32_t code_point) noexcept;

/// 0 to 9 for a decimal digit of any script, else -1.
int java_digit_value(char32_t code_point) noexcept;

/// The simple (one to one) mappings.
char32_t to_java_lower(char32_t code_point) noexcept;
char32_t to_java_upper(char32_t code_point) noexcept;

/// Appends `text` in lower case.
void append_java_lower(std::string& lower, std::string_view text);

}  // namespace hornbeam::search
