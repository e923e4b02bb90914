#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/search/aggregation/time_zone.h"

namespace hornbeam::search::aggregation {

/// How dates are written and read: names and patterns of Java, such as "yyyy-MM-dd||epoch_millis".
/// Writes as the first of them, reads as any.
/// Thread: one at a time.
class DateFormat {
 public:
  /// "strict_date_optional_time||epoch_millis".
  DateFormat();
  /// None if a pattern is none.
  static std::optional<DateFormat> find(std::string_view patterns);

  std::string write(Millis utc, const TimeZone& zone) const;
  /// A date, in `zone` if the text names none.
  std::optional<Millis> read(std::string_view text, const TimeZone& zone) const;
  /// The same, or an expression such as "now-1d/d" and "2024-01-01||+1M".
  std::optional<Millis> read_math(std::string_view text, const TimeZone& zone, Millis now) const;

  const std::string& patterns() const noexcept { return patterns_; }

 private:
  struct Parts;
  DateFormat(std::string patterns, std::shared_ptr<const Parts> parts);

  std::string patterns_;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace hornbeam::search::aggregation
