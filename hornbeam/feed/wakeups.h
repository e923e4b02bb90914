#pragma once

// Wakeups: "something was committed". A hint and no more: a follower looks at the change log when
// it is woken, and every now and then when it is not. So the result is the same if every hint is
// lost, late, or comes ten times; only its age differs.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace hornbeam::feed {

/// Where hints are sent and heard. Thread: any.
class Wakeups {
 public:
  /// Called from any thread; returns soon, and takes no hint as a promise.
  using Listener = std::function<void()>;

  /// Ends listening where it ends: once it is gone the listener is not called again.
  /// Lifetime: ends before its `Wakeups`.
  class Subscription {
   public:
    Subscription() = default;
    /// `end` is called once.
    explicit Subscription(std::function<void()> end) : end_(std::move(end)) {}
    Subscription(Subscription&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept {
      std::swap(end_, other.end_);
      return *this;
    }
    ~Subscription() {
      if (end_) end_();
    }

   private:
    std::function<void()> end_;
  };

  Wakeups() = default;
  Wakeups(const Wakeups&) = delete;
  Wakeups& operator=(const Wakeups&) = delete;
  virtual ~Wakeups() = default;

  /// Tells whoever listens, here or in other processes. Call it after the commit. Throws nothing: a
  /// hint that cannot be sent is lost.
  virtual void announce() noexcept = 0;
  /// Calls `listener` for each hint from now on.
  [[nodiscard]] virtual Subscription listen(Listener listener) = 0;
};

/// Listeners of one process, for every kind of `Wakeups`.
class Listeners {
 public:
  /// Adds one.
  [[nodiscard]] Wakeups::Subscription add(Wakeups::Listener listener);
  /// Calls each.
  void call();

 private:
  std::mutex mutex_;
  std::uint64_t next_ = 0;                                // Guarded by mutex_.
  std::map<std::uint64_t, Wakeups::Listener> listeners_;  // Guarded by mutex_.
};

/// Hints within one process.
class InProcessWakeups final : public Wakeups {
 public:
  void announce() noexcept override { listeners_.call(); }
  [[nodiscard]] Subscription listen(Listener listener) override {
    return listeners_.add(std::move(listener));
  }

 private:
  Listeners listeners_;
};

}  // namespace hornbeam::feed
