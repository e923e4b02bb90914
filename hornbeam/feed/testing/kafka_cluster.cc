#include "hornbeam/feed/testing/kafka_cluster.h"

#include <stdexcept>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

namespace hornbeam::feed {

KafkaCluster::KafkaCluster() {
  rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(configuration, nullptr);
  handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nullptr, 0);
  if (handle_ == nullptr) throw std::runtime_error("librdkafka does not start");
  cluster_ = rd_kafka_mock_cluster_new(handle_, 1);
  if (cluster_ == nullptr) throw std::runtime_error("librdkafka's mock cluster does not start");
}

KafkaCluster::~KafkaCluster() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(handle_);
}

std::string KafkaCluster::url(const std::string& topic, const std::string& more) const {
  return std::string("kafka://") + rd_kafka_mock_cluster_bootstraps(cluster_) + '/' + topic + more;
}

void KafkaCluster::set_down(bool is_down) {
  if (is_down) {
    rd_kafka_mock_broker_set_down(cluster_, 1);
  } else {
    rd_kafka_mock_broker_set_up(cluster_, 1);
  }
}

}  // namespace hornbeam::feed
