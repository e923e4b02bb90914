#include "hornbeam/live/caretaker.h"

#include <algorithm>
#include <utility>

#include "hornbeam/base/log.h"
#include "hornbeam/base/loop.h"

namespace hornbeam::live {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kAttendEvery{3};
/// As late as a flag may be while clocks run.
constexpr std::chrono::milliseconds kFlagWithin{250};

}  // namespace

Caretaker::Caretaker(Lobby& lobby, GameLog& log, Wakeups& wakeups, CaretakerOptions options)
    : lobby_(lobby), log_(log), wakeups_(wakeups), options_(options) {
  wakeups_.listen(&lobby_, [this](GameId game) { wake(game); });
  thread_ = std::jthread([this] { base::run(work()); });
}

Caretaker::~Caretaker() {
  wakeups_.unlisten(&lobby_);
  base::Completion<void> attention;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    attention = attention_;
  }
  attention.set();
}

void Caretaker::wake(GameId game) {
  base::Completion<void> attention;
  {
    const std::lock_guard lock(mutex_);
    woken_.push_back(game);
    attention = attention_;
  }
  attention.set();
}

base::Task<void> Caretaker::work() {
  auto next_poll = SteadyClock::now() + options_.poll_interval;
  auto next_sweep = SteadyClock::now() + options_.sweep_interval;
  auto next_attendance = SteadyClock::now();
  while (true) {
    base::Completion<void> attention;
    {
      const std::lock_guard lock(mutex_);
      attention = attention_;
    }
    const auto timer = base::Executor::current()->post_after(
        std::min({next_poll, next_attendance, flag_check()}) - SteadyClock::now(),
        [attention]() mutable { attention.set(); });
    co_await attention.wait();
    base::Executor::current()->cancel(timer);
    std::vector<GameId> woken;
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) co_return;
      attention_ = {};
      woken = std::exchange(woken_, {});
    }
    const auto now = SteadyClock::now();
    const bool polls = now >= next_poll || std::ranges::count(woken, kEveryGame) > 0;
    const bool sweeps = options_.sweep_interval.count() > 0 && now >= next_sweep;
    if (sweeps) next_sweep = now + options_.sweep_interval;
    const bool attends = now >= next_attendance;
    if (attends) next_attendance = now + kAttendEvery;
    co_await keep_time(attends);
    co_await do_round(sweeps, polls, std::move(woken));
    if (polls) next_poll = SteadyClock::now() + options_.poll_interval;
  }
}

/// When clocks have to be looked at again.
std::chrono::steady_clock::time_point Caretaker::flag_check() const {
  const auto flag = lobby_.next_flag();
  if (!flag) return SteadyClock::time_point::max();
  const auto left = std::chrono::milliseconds(*flag - lobby_.now());
  return SteadyClock::now() + std::clamp(left, std::chrono::milliseconds(1), kFlagWithin);
}

base::Task<void> Caretaker::keep_time(bool attends) {
  try {
    if (attends) co_await lobby_.attend();
    co_await lobby_.flag_due();
  } catch (const std::exception& failure) {
    base::log_error("clocks could not be looked at, and are in a moment: {}", failure.what());
  }
}

base::Task<void> Caretaker::do_round(bool sweeps, bool polls, std::vector<GameId> woken) {
  try {
    if (sweeps) {
      const SweepReport report = co_await sweep(log_, options_.sweep, lobby_.now());
      if (report.waiting + report.idle > 0) {
        base::log_info("ended {} games that nobody joined and {} that were left", report.waiting,
                       report.idle);
      }
      if (report.archived > 0) base::log_info("archived {} games", report.archived);
      co_await lobby_.flag_left();
      // Games whose end was stored and whose process ended before it could count them.
      if (Players* const players = lobby_.options().players) co_await players->follow();
    }
    if (polls) {
      co_await lobby_.follow_all();
    } else {
      for (const GameId game : woken) co_await lobby_.follow(game);
    }
  } catch (const std::exception& failure) {
    base::log_error("looking after the live games failed, and is tried again: {}", failure.what());
  }
}

}  // namespace hornbeam::live
