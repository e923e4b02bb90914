#pragma once

#include <memory>
#include <string>

#include "hornbeam/feed/wakeups.h"

namespace hornbeam::feed {

/// Hints by a stream of Redis. Sends and listens on connections of its own, opened anew when they
/// break; what was said meanwhile is lost, so listeners are called once after that.
class RedisWakeups final : public Wakeups {
 public:
  /// `redis://[[user]:password@]host[:port][/database][?stream=NAME&group=NAME]`. Without a group,
  /// everybody hears every hint. With one, a consumer group of that name, each hint is heard by one
  /// of those who share it: for workers of which any may take the work. Does not wait for the
  /// connection. Throws: std::invalid_argument.
  explicit RedisWakeups(const std::string& url);
  ~RedisWakeups() override;

  /// Several while one is being sent are one.
  void announce() noexcept override;
  [[nodiscard]] Subscription listen(Listener listener) override;

 private:
  class Connected;
  std::unique_ptr<Connected> connected_;
};

}  // namespace hornbeam::feed
