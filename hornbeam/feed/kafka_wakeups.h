#pragma once

#include <memory>
#include <string>

#include "hornbeam/feed/wakeups.h"

namespace hornbeam::feed {

/// Hints by a topic of Kafka. What is sent while no broker is there, or listened to, is lost;
/// listeners are called once when they begin to be heard.
class KafkaWakeups final : public Wakeups {
 public:
  /// `kafka://host:port[,host:port...][/topic][?group=NAME]`, and options of librdkafka by their
  /// own names, such as `security.protocol=SASL_SSL`. Without a group, everybody hears every hint.
  /// With one, a consumer group of that name, each hint is heard by one of those who share it. Does
  /// not wait for a connection. Throws: std::invalid_argument.
  explicit KafkaWakeups(const std::string& url);
  ~KafkaWakeups() override;

  void announce() noexcept override;
  [[nodiscard]] Subscription listen(Listener listener) override;

 private:
  class Connected;
  std::unique_ptr<Connected> connected_;
};

}  // namespace hornbeam::feed
