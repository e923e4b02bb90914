#include "hornbeam/base/loop.h"

#include <map>
#include <mutex>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hornbeam::base {

using SteadyClock = std::chrono::steady_clock;

// Delayed jobs wait in one ordered map behind a single Asio timer, set to the earliest of them.
struct Loop::State {
  explicit State(Loop* owner) : loop(owner) {}

  Loop* loop;
  boost::asio::io_context context{1};
  boost::asio::steady_timer alarm{context};

  std::mutex mutex;
  std::map<std::pair<SteadyClock::time_point, TimerId>, Job> delayed;
  std::map<TimerId, SteadyClock::time_point> due;
  TimerId last_timer = 0;

  // Loop thread only.
  void arm() {
    SteadyClock::time_point first;
    {
      const std::lock_guard lock(mutex);
      if (delayed.empty()) return;
      first = delayed.begin()->first.first;
    }
    alarm.expires_at(first);
    alarm.async_wait([this](const boost::system::error_code& failed) {
      if (!failed) run_due();
    });
  }

  void run_due() {
    const SteadyClock::time_point now = SteadyClock::now();
    while (true) {
      Job job;
      {
        const std::lock_guard lock(mutex);
        if (delayed.empty() || delayed.begin()->first.first > now) break;
        auto first = delayed.begin();
        job = std::move(first->second);
        due.erase(first->first.second);
        delayed.erase(first);
      }
      job();
    }
    arm();
  }
};

Loop::Loop() : state_(std::make_unique<State>(this)) {}

Loop::~Loop() = default;

void Loop::run() {
  const Executor::Scope scope(this);
  state_->context.restart();
  const auto work = boost::asio::make_work_guard(state_->context);
  state_->arm();
  state_->context.run();
}

void Loop::stop() {
  state_->context.stop();
}

void Loop::post(Job job) {
  boost::asio::post(state_->context, std::move(job));
}

Executor::TimerId Loop::post_after(std::chrono::nanoseconds delay, Job job) {
  const SteadyClock::time_point at =
      SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(delay);
  TimerId id = 0;
  bool is_first = false;
  {
    const std::lock_guard lock(state_->mutex);
    id = ++state_->last_timer;
    state_->due.emplace(id, at);
    auto place = state_->delayed.emplace(std::pair(at, id), std::move(job)).first;
    is_first = place == state_->delayed.begin();
  }
  if (is_first) post([state = state_.get()] { state->arm(); });
  return id;
}

void Loop::cancel(TimerId timer) {
  Job dropped;  // Destroyed outside the lock: it may own anything.
  const std::lock_guard lock(state_->mutex);
  auto found = state_->due.find(timer);
  if (found == state_->due.end()) return;
  auto place = state_->delayed.find(std::pair(found->second, timer));
  dropped = std::move(place->second);
  state_->delayed.erase(place);
  state_->due.erase(found);
}

boost::asio::io_context& Loop::context() noexcept {
  return state_->context;
}

}  // namespace hornbeam::base
