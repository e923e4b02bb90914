#pragma once

// A Kafka cluster of a test's own: librdkafka's mock, which speaks the protocol on loopback ports.

#include <memory>
#include <string>

struct rd_kafka_s;
struct rd_kafka_mock_cluster_s;

namespace hornbeam::feed {

class KafkaCluster {
 public:
  /// With one broker; topics are there when they are asked for.
  KafkaCluster();
  ~KafkaCluster();
  KafkaCluster(const KafkaCluster&) = delete;
  KafkaCluster& operator=(const KafkaCluster&) = delete;

  /// "kafka://127.0.0.1:PORT/TOPIC", and what is added to it.
  std::string url(const std::string& topic, const std::string& more = "") const;
  /// No broker answers, or all do again.
  void set_down(bool is_down);

 private:
  rd_kafka_s* handle_ = nullptr;
  rd_kafka_mock_cluster_s* cluster_ = nullptr;
};

}  // namespace hornbeam::feed
