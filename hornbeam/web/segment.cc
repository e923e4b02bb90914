#include "hornbeam/web/segment.h"

#include <array>

namespace hornbeam::web::segment_detail {

std::string decimal_text(double value) {
  std::array<char, 400> digits{};  // The smallest double has 324 places.
  const auto written =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  return with_point(std::string_view(digits.data(), written.ptr));
}

std::string with_point(std::string_view text) {
  std::string whole(text);
  if (is_digits(without_sign(text))) whole += ".0";
  return whole;
}

}  // namespace hornbeam::web::segment_detail
