#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "hornbeam/base/json.h"
#include "hornbeam/base/url_password.h"
#include "hornbeam/feed/internal/kafka_client.h"
#include "hornbeam/feed/internal/redis_connection.h"
#include "hornbeam/feed/publisher.h"

namespace hornbeam::feed {

namespace {

using internal::BrokerUrl;
using internal::RedisConnection;

constexpr std::chrono::milliseconds kPatience{5'000};

class RedisSink final : public ChangeSink {
 public:
  explicit RedisSink(const std::string& url)
      : url_(BrokerUrl::parse(url, "redis", {"stream", "kept"})),
        stream_(url_.option("stream", std::string(internal::kRedisStream))),
        kept_(url_.option("kept", "100000")) {}

  void publish(std::span<const Change> changes) override {
    try {
      if (!connection_) connection_ = std::make_unique<RedisConnection>(url_, kPatience);
      for (const Change& each : changes) {
        const std::string words[] = {"XADD", stream_,  "MAXLEN", "~",
                                     kept_,  "*",      "place",  each.place,
                                     "key",  each.key, "at",     std::to_string(each.at)};
        connection_->add(words);
      }
      for (std::size_t at = 0; at < changes.size(); ++at) connection_->take();
    } catch (...) {
      connection_.reset();  // What is left of its answers is nobody's.
      throw;
    }
  }

 private:
  const BrokerUrl url_;
  const std::string stream_;
  const std::string kept_;
  std::unique_ptr<RedisConnection> connection_;
};

class KafkaSink final : public ChangeSink {
 public:
  explicit KafkaSink(const std::string& url)
      : url_(internal::parse_kafka_url(url)),
        topic_(internal::topic_of(url_)),
        producer_(internal::open_kafka_producer(
            url_,
            {{"enable.idempotence", "true"},
             {"message.timeout.ms", std::to_string(kPatience.count())},
             {"linger.ms", "5"}},
            [](rd_kafka_s*, const rd_kafka_message_s* message, void* sink) {
              static_cast<KafkaSink*>(sink)->note(*message);
            },
            this)) {}

  ~KafkaSink() override {
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer_.get(), 100);
  }

  void publish(std::span<const Change> changes) override {
    failure_ = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (const Change& each : changes) send(each);
    const auto outcome = rd_kafka_flush(producer_.get(), 2 * static_cast<int>(kPatience.count()));
    require(outcome);
    require(failure_);
  }

 private:
  static void require(rd_kafka_resp_err_t outcome) {
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    throw std::runtime_error(
        fmt::format("Kafka: changes cannot be published: {}", rd_kafka_err2str(outcome)));
  }

  void note(const rd_kafka_message_s& message) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) failure_ = message.err;
  }

  void send(const Change& change) {
    const std::string key = change.place + '=' + change.key;
    const std::string value =
        fmt::format(R"({{"place":{},"key":{},"at":{}}})", base::to_json(change.place),
                    base::to_json(change.key), change.at);
    // Ends: the queue is drained by what is sent, or by its time running out.
    while (true) {
      const auto outcome =
          static_cast<rd_kafka_resp_err_t>(internal::send_to_kafka(*producer_, topic_, key, value));
      if (outcome != RD_KAFKA_RESP_ERR__QUEUE_FULL) return require(outcome);
      rd_kafka_poll(producer_.get(), 100);
    }
  }

  const BrokerUrl url_;
  const std::string topic_;
  rd_kafka_resp_err_t failure_ = RD_KAFKA_RESP_ERR_NO_ERROR;  ///< Of what is being published.
  const internal::KafkaClient producer_;
};

}  // namespace

std::unique_ptr<ChangeSink> open_sink(const std::string& url) {
  if (url.starts_with("redis://")) return std::make_unique<RedisSink>(url);
  if (url.starts_with("kafka://")) return std::make_unique<KafkaSink>(url);
  throw std::invalid_argument(fmt::format(
      "{} names no broker that changes are published to. Mend: redis://... or kafka://...",
      base::without_password(url)));
}

}  // namespace hornbeam::feed
