#pragma once

#include <atomic>
#include <chrono>
#include <memory>

namespace hornbeam::web {

/// A clock that stands still until it is told to go on, for tests of what ends with time:
///
///   TestClock clock;
///   app.settings().session.clock = clock;
///   TestClient client(app, {.clock = clock});
///   clock.advance(std::chrono::hours(24 * 32));
///
/// Copies show the same time. Whatever takes a `clock` in its options takes it: sessions, `Login`,
/// rate limits, the client's cookies. Thread: any.
class TestClock {
 public:
  /// Begins at `start`, since 1970.
  explicit TestClock(std::chrono::nanoseconds start = std::chrono::seconds(1'700'000'000))
      : now_(std::make_shared<std::atomic<std::int64_t>>(start.count())) {}

  std::chrono::nanoseconds operator()() const noexcept {
    return std::chrono::nanoseconds(now_->load());
  }
  /// Lets `time` pass for everyone who has a copy.
  void advance(std::chrono::nanoseconds time) noexcept { *now_ += time.count(); }

 private:
  std::shared_ptr<std::atomic<std::int64_t>> now_;
};

}  // namespace hornbeam::web
