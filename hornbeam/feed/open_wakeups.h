#pragma once

#include <memory>
#include <string>

#include "hornbeam/feed/wakeups.h"

namespace hornbeam::feed {

/// The hints that a URL names, so that configuration chooses them and no code changes:
///
///   in-process:                                   within this process
///   postgresql://host/name                        NOTIFY, which the triggers send
///   redis://host:6379/0?stream=changes            a stream of Redis: see `RedisWakeups`
///   kafka://host:9092,host2:9092/changes          a topic of Kafka: see `KafkaWakeups`
///
/// An empty URL is `in-process:`. Throws: std::invalid_argument, which says what is wrong with it.
std::unique_ptr<Wakeups> open_wakeups(const std::string& url);

}  // namespace hornbeam::feed
