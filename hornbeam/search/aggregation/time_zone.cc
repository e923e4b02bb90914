#include "hornbeam/search/aggregation/time_zone.h"

#include <algorithm>

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

namespace hornbeam::search::aggregation {
namespace {

constexpr Millis kMinute = 60'000;

std::optional<int> two_digits(std::string_view& text) {
  if (text.size() < 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
    return std::nullopt;
  }
  const int number = (text[0] - '0') * 10 + (text[1] - '0');
  text.remove_prefix(2);
  return number;
}

/// "+01:00", "-0730", "+1".
std::optional<Millis> fixed_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const Millis sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') {
    return sign * (text[0] - '0') * 60 * kMinute;
  }
  const std::optional<int> hours = two_digits(text);
  if (text.starts_with(':')) text.remove_prefix(1);
  const std::optional<int> minutes = text.empty() ? 0 : two_digits(text);
  constexpr int kMostHours = 18;
  if (!hours || !minutes || !text.empty() || *hours > kMostHours || *minutes > 59) {
    return std::nullopt;
  }
  return sign * (*hours * 60 + *minutes) * kMinute;
}

}  // namespace

struct TimeZone::Rules {
  std::unique_ptr<icu::BasicTimeZone> zone;
};

std::optional<TimeZone> TimeZone::find(std::string_view id) {
  TimeZone found;
  if (id == "Z" || id == "UTC" || id == "GMT" || id == "UT") return found;
  if (const auto offset = fixed_offset(id)) {
    found.fixed_ = *offset;
    return found;
  }
  const icu::UnicodeString name =
      icu::UnicodeString::fromUTF8({id.data(), static_cast<std::int32_t>(id.size())});
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(name));
  if (!zone || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
  auto* const basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (!basic) return std::nullopt;
  zone.release();
  found.rules_ =
      std::make_shared<const Rules>(Rules{.zone = std::unique_ptr<icu::BasicTimeZone>(basic)});
  return found;
}

Millis TimeZone::offset_at(Millis utc) const {
  if (!rules_) return fixed_;
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode failed = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(utc), false, raw, saving, failed);
  return U_FAILURE(failed) ? 0 : Millis{raw} + saving;
}

Millis TimeZone::to_utc(Millis local) const {
  if (!rules_) return local - fixed_;
  // Offsets are below a day, so that those a day around hold before and behind any change.
  constexpr Millis kDay = 24 * 60 * kMinute;
  const Millis before = offset_at(local - kDay);
  const Millis behind = offset_at(local + kDay);
  for (const Millis offset : {std::max(before, behind), std::min(before, behind)}) {
    if (offset_at(local - offset) == offset) return local - offset;
  }
  const std::optional<Millis> change = change_before(local - std::min(before, behind));
  return change.value_or(local - before);
}

std::optional<Millis> TimeZone::change_before(Millis utc) const {
  if (!rules_) return std::nullopt;
  icu::TimeZoneTransition change;
  if (!rules_->zone->getPreviousTransition(static_cast<UDate>(utc), true, change)) {
    return std::nullopt;
  }
  return static_cast<Millis>(change.getTime());
}

}  // namespace hornbeam::search::aggregation
