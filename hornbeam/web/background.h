#pragma once

#include <chrono>
#include <memory>

#include "hornbeam/base/task.h"

namespace hornbeam::web {

/// What a background task holds on to its server by: when it may run on, and when to end.
///
///   app.background("sweep", [this](Background background) -> Task<void> {
///     while (co_await background.sleep_for(std::chrono::minutes(1))) co_await sweep();
///   });
///
/// Copies are the same. Thread: any.
class Background {
 public:
  Background();

  /// Awaits until `delay` has passed: true; or until the server stops: false, at once.
  base::Task<bool> sleep_for(std::chrono::nanoseconds delay) const;
  /// Whether the server ends: a task that works on without waiting asks now and then.
  bool is_stopping() const;

  /// Ends every sleep, now and later.
  void stop() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web
