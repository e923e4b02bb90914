#pragma once

#include <cstdint>
#include <string_view>

#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// How a date that leaves something open is completed.
enum class DateRounding : std::uint8_t {
  kDown,  ///< "2024-03" is the first moment of March, "now/d" the beginning of today.
  kUp,    ///< They are the last ones.
};

/// What dates are read with.
struct DateContext {
  std::int64_t now = 0;          ///< Milliseconds since 1970.
  std::string_view time_zone{};  ///< Of dates that name none: "+01:00", "Europe/Paris"; empty: UTC.
  std::string_view format{};     ///< Empty: strict_date_optional_time||epoch_millis.
};

/// Milliseconds since 1970 of a date or of date math: "now-1d/d", "2024-01-01||+1M/d". An error is
/// worded as Elasticsearch's.
base::Result<std::int64_t> parse_date_math(std::string_view text, DateRounding rounding,
                                           const DateContext& context);

/// The same of a date as documents have it, which may not say "now".
base::Result<std::int64_t> parse_plain_date(std::string_view text, const DateContext& context);

}  // namespace hornbeam::search
