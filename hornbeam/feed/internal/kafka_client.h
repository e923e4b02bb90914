#pragma once

#include <map>
#include <memory>
#include <string>

#include "hornbeam/feed/internal/broker_url.h"

struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_message_s;

namespace hornbeam::feed::internal {

/// The topic of URLs that name none.
inline constexpr std::string_view kKafkaTopic = "hornbeam_changes";

struct EndKafka {
  void operator()(rd_kafka_s* client) const;
};
using KafkaClient = std::unique_ptr<rd_kafka_s, EndKafka>;

/// A broker's URL: `kafka://host:port[,host:port...][/topic]`, with options of librdkafka by their
/// own names, which have a dot (`security.protocol`), and `group`.
BrokerUrl parse_kafka_url(const std::string& url);
std::string topic_of(const BrokerUrl& url);

using OnDelivery = void (*)(rd_kafka_s* client, const rd_kafka_message_s* message, void* opaque);

/// One that sends, with `settings` of librdkafka; `on_delivery` may be null. Throws:
/// std::invalid_argument for settings there are not.
KafkaClient open_kafka_producer(const BrokerUrl& url,
                                const std::map<std::string, std::string>& settings,
                                OnDelivery on_delivery = nullptr, void* opaque = nullptr);
/// Puts a message into the queue of what is sent; gives librdkafka's code, which is 0 if it is in.
int send_to_kafka(rd_kafka_s& client, const std::string& topic, const std::string& key,
                  const std::string& value);
/// One that reads.
KafkaClient open_kafka_consumer(const BrokerUrl& url,
                                const std::map<std::string, std::string>& settings);

}  // namespace hornbeam::feed::internal
