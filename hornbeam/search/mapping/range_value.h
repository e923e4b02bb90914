#pragma once

// Ranges as terms. Both ends are written in a form whose order as text is that of the values, the
// lower end first:
//
//   {"gte": 1, "lt": 5} of an integer_range   number_term(1) number_term(4)
//
// Both ends lie in the range, so that comparing ranges is comparing texts of one length.

#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/mapping/field_value.h"

namespace hornbeam::search {

enum class RangeEnd : std::uint8_t { kLow, kHigh };

struct RangeEnds {
  std::string low;
  std::string high;
};

/// The type of the values of a range type. Requires: `is_range(type)`; so do all below.
FieldType value_type(FieldType type) noexcept;
/// The end of a range that has none: the first or the last value of the type.
std::string open_end(FieldType type, RangeEnd end);
/// A value as an end; none if it is no value of the type.
std::optional<std::string> end_term(FieldType type, std::string_view text);
/// The value beside an end that does not lie in the range itself; none if there is no further one.
std::optional<std::string> next_inside(FieldType type, std::string_view term, RangeEnd end);
/// An end as a number, milliseconds of dates. Requires: the values are numbers.
double end_number(FieldType type, std::string_view term) noexcept;

/// `{"gte": 1, "lt": 5}`, or of addresses "10.0.0.0/8". `date_format` is that of the field. An
/// error says what is wrong with it.
base::Result<RangeEnds> read_range(FieldType type, base::JsonView json,
                                   std::string_view date_format);
std::string range_term(const RangeEnds& ends);
/// Requires: `term` is one of `range_term`.
RangeEnds ends_of_range(std::string_view term);

/// The first and the last address of "10.0.0.0/8"; none if it is no such text.
std::optional<RangeEnds> parse_address_block(std::string_view text);
/// The address behind, or before; none if there is none. Requires: `term` is one of `ip_term`.
std::optional<std::string> next_address(std::string_view term, RangeEnd end);

}  // namespace hornbeam::search
