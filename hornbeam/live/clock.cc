#include "hornbeam/live/clock.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace hornbeam::live {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kPerMove = "/move";

std::optional<seconds> read_seconds(std::string_view text, seconds least, seconds most) {
  int count = 0;
  const char* const end = text.data() + text.size();
  const auto [after, failure] = std::from_chars(text.data(), end, count);
  if (failure != std::errc() || after != end) return std::nullopt;
  const seconds time(count);
  return time < least || time > most ? std::nullopt : std::optional(time);
}

}  // namespace

std::string ClockSpec::encode() const {
  return kind == Kind::kPerMove ? fmt::format("{}{}", base.count(), kPerMove)
                                : fmt::format("{}+{}", base.count(), increment.count());
}

std::optional<ClockSpec> ClockSpec::parse(std::string_view text) {
  ClockSpec spec;
  if (text.ends_with(kPerMove)) {
    text.remove_suffix(kPerMove.size());
    const auto each = read_seconds(text, seconds(5), std::chrono::days(7));
    if (!each) return std::nullopt;
    spec.kind = Kind::kPerMove;
    spec.base = *each;
    return spec;
  }
  const auto plus = text.find('+');
  if (plus == std::string_view::npos) return std::nullopt;
  const auto base = read_seconds(text.substr(0, plus), seconds(5), std::chrono::hours(3));
  const auto more = read_seconds(text.substr(plus + 1), seconds(0), std::chrono::minutes(3));
  if (!base || !more) return std::nullopt;
  spec.base = *base;
  spec.increment = *more;
  return spec;
}

Clock::Clock(ClockSpec spec) : spec_(spec), left_{spec.base, spec.base} {}

void Clock::begin(Seat seat, ClockTime at) noexcept {
  turn_ = seat;
  since_ = at;
}

void Clock::press(Seat seat, ClockTime at, milliseconds credit, std::optional<Seat> next) {
  const std::size_t who = index_of(seat);
  if (running() == seat) {
    left_[who] = left(seat, at - credit);
    credit_[who] = std::min(kMostCredit, credit_[who] - credit + kCreditPerMove);
    if (spec_.kind == ClockSpec::Kind::kFischer) left_[who] += spec_.increment;
  }
  // Each move begins with all of it.
  if (spec_.kind == ClockSpec::Kind::kPerMove) left_[who] = spec_.base;
  has_moved_[who] = true;
  turn_ = next;
  since_ = at;
}

void Clock::turn_to(std::optional<Seat> next, ClockTime at) noexcept {
  if (turn_) left_[index_of(*turn_)] = left(*turn_, at);
  if (next && spec_.kind == ClockSpec::Kind::kPerMove) left_[index_of(*next)] = spec_.base;
  turn_ = next;
  since_ = at;
}

void Clock::excuse(milliseconds away) noexcept {
  since_ += away;
}

void Clock::stop(ClockTime at) noexcept {
  turn_to(std::nullopt, at);
}

std::optional<Seat> Clock::running() const noexcept {
  return turn_ && has_moved_[index_of(*turn_)] ? turn_ : std::nullopt;
}

milliseconds Clock::left(Seat seat, ClockTime now) const noexcept {
  const milliseconds before = left_[index_of(seat)];
  if (running() != seat) return before;
  // Clocks of machines differ: a time before the turn began is its beginning.
  const milliseconds spent = std::max(now - since_, milliseconds(0));
  return std::max(before - spent, milliseconds(0));
}

std::optional<ClockTime> Clock::flag_at() const noexcept {
  const auto seat = running();
  if (!seat) return std::nullopt;
  return since_ + left_[index_of(*seat)] + credit_[index_of(*seat)];
}

}  // namespace hornbeam::live
