#include "hornbeam/feed/internal/kafka_client.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

namespace hornbeam::feed::internal {

namespace {

using Configuration = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;

void set(rd_kafka_conf_t* configuration, const std::string& name, const std::string& value) {
  std::array<char, 256> why{};
  if (rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), why.data(), why.size()) !=
      RD_KAFKA_CONF_OK) {
    throw std::invalid_argument(
        fmt::format("the option {} of a kafka:// URL: {}", name, why.data()));
  }
}

Configuration configure(const BrokerUrl& url, const std::map<std::string, std::string>& settings) {
  Configuration made(rd_kafka_conf_new(), &rd_kafka_conf_destroy);
  set(made.get(), "bootstrap.servers", url.hosts);
  set(made.get(), "client.id", "hornbeam");
  for (const auto& [name, value] : settings) set(made.get(), name, value);
  if (!url.user.empty()) set(made.get(), "sasl.username", url.user);
  if (!url.password.empty()) set(made.get(), "sasl.password", url.password);
  for (const auto& [name, value] : url.options) {
    if (name != "group") set(made.get(), name, value);
  }
  rd_kafka_conf_set_log_cb(made.get(), nullptr);  // It would write to stderr by itself.
  return made;
}

KafkaClient open(rd_kafka_type_t type, Configuration configuration) {
  std::array<char, 256> why{};
  KafkaClient client(rd_kafka_new(type, configuration.get(), why.data(), why.size()));
  if (!client) throw std::invalid_argument(fmt::format("a kafka:// URL: {}", why.data()));
  [[maybe_unused]] auto* const taken = configuration.release();  // The client's, since it is made.
  return client;
}

}  // namespace

void EndKafka::operator()(rd_kafka_s* client) const {
  rd_kafka_destroy(client);
}

BrokerUrl parse_kafka_url(const std::string& url) {
  return BrokerUrl::parse(url, "kafka", {"group", "*"});
}

std::string topic_of(const BrokerUrl& url) {
  return url.path.empty() ? std::string(kKafkaTopic) : url.path;
}

KafkaClient open_kafka_producer(const BrokerUrl& url,
                                const std::map<std::string, std::string>& settings,
                                OnDelivery on_delivery, void* opaque) {
  Configuration configuration = configure(url, settings);
  if (on_delivery != nullptr) {
    rd_kafka_conf_set_dr_msg_cb(configuration.get(), on_delivery);
    rd_kafka_conf_set_opaque(configuration.get(), opaque);
  }
  return open(RD_KAFKA_PRODUCER, std::move(configuration));
}

int send_to_kafka(rd_kafka_s& client, const std::string& topic, const std::string& key,
                  const std::string& value) {
  std::array<rd_kafka_vu_t, 4> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_KEY;
  parts[1].u.mem = {const_cast<char*>(key.data()), key.size()};
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {const_cast<char*>(value.data()), value.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[3].u.i = RD_KAFKA_MSG_F_COPY;
  rd_kafka_error_t* const failure = rd_kafka_produceva(&client, parts.data(), parts.size());
  if (failure == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const int code = rd_kafka_error_code(failure);
  rd_kafka_error_destroy(failure);
  return code;
}

KafkaClient open_kafka_consumer(const BrokerUrl& url,
                                const std::map<std::string, std::string>& settings) {
  return open(RD_KAFKA_CONSUMER, configure(url, settings));
}

}  // namespace hornbeam::feed::internal
