#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hornbeam::search::aggregation {

/// Milliseconds since 1970: in UTC, or as a clock on a wall shows them.
using Millis = std::int64_t;

/// Where a day begins. A value.
/// Thread: one at a time.
class TimeZone {
 public:
  /// UTC.
  TimeZone() = default;
  /// "UTC", "Z", "+01:00", "Europe/Berlin"; none if there is no such zone.
  static std::optional<TimeZone> find(std::string_view id);

  bool is_utc() const noexcept { return !rules_ && fixed_ == 0; }
  /// Whether the offset never changes.
  bool is_fixed() const noexcept { return !rules_; }
  /// What a wall clock is ahead of UTC at a moment.
  Millis offset_at(Millis utc) const;
  Millis to_local(Millis utc) const { return utc + offset_at(utc); }
  /// The first moment at which a wall clock shows `local`; for times a change skips, the moment of
  /// the change.
  Millis to_utc(Millis local) const;
  /// The last change of the offset at or before a moment; none in a fixed zone or before the first.
  std::optional<Millis> change_before(Millis utc) const;

 private:
  struct Rules;
  Millis fixed_ = 0;
  std::shared_ptr<const Rules> rules_{};
};

}  // namespace hornbeam::search::aggregation
