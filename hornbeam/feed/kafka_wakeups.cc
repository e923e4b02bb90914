// Without a group the partitions are assigned by hand, each at its end as it is now: no offsets are
// kept anywhere, and nobody waits for a group to find itself. With one, Kafka deals them out.

#include "hornbeam/feed/kafka_wakeups.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include "hornbeam/base/log.h"
#include "hornbeam/feed/followers.h"
#include "hornbeam/feed/internal/kafka_client.h"

namespace hornbeam::feed {

namespace {

using internal::BrokerUrl;
using internal::KafkaClient;

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5'000};
/// How long one question to the brokers may take, and with it the end of a listener.
constexpr int kPatience = 2'000;
constexpr int kPoll = 100;
constexpr int kFlush = 500;

using Message = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                   decltype(&rd_kafka_topic_partition_list_destroy)>;

void require(rd_kafka_resp_err_t outcome, const char* what) {
  if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  throw std::runtime_error(fmt::format("Kafka: {}: {}", what, rd_kafka_err2str(outcome)));
}

/// Every partition of the topic, each at its end.
Partitions ends_of(rd_kafka_t* client, const std::string& topic) {
  const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> handle(
      rd_kafka_topic_new(client, topic.c_str(), nullptr), &rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* answer = nullptr;
  require(rd_kafka_metadata(client, 0, handle.get(), &answer, kPatience), "no answer");
  const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> metadata(
      answer, &rd_kafka_metadata_destroy);
  Partitions ends(rd_kafka_topic_partition_list_new(1), &rd_kafka_topic_partition_list_destroy);
  for (int topics = 0; topics < metadata->topic_cnt; ++topics) {
    const rd_kafka_metadata_topic_t& each = metadata->topics[topics];
    require(each.err, "the topic");
    for (int at = 0; at < each.partition_cnt; ++at) {
      const std::int32_t partition = each.partitions[at].id;
      std::int64_t low = 0;
      std::int64_t high = 0;
      require(rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high,
                                               kPatience),
              "the end of a partition");
      rd_kafka_topic_partition_list_add(ends.get(), topic.c_str(), partition)->offset = high;
    }
  }
  if (ends->cnt == 0) throw std::runtime_error("Kafka: the topic " + topic + " has no partition");
  return ends;
}

}  // namespace

class KafkaWakeups::Connected {
 public:
  explicit Connected(const std::string& url)
      : url_(internal::parse_kafka_url(url)),
        topic_(internal::topic_of(url_)),
        producer_(internal::open_kafka_producer(
            url_, {{"message.timeout.ms", "5000"}, {"allow.auto.create.topics", "true"}})),
        // Made here, so that what is wrong with the URL is said to whoever gives it.
        consumer_(open_consumer()),
        listener_([this](const std::stop_token& stop) { listen(stop); }) {}

  ~Connected() {
    listener_.request_stop();
    listener_.join();
    rd_kafka_flush(producer_.get(), kFlush);
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  Listeners& listeners() { return listeners_; }

  void announce() {
    // Taken into a queue that librdkafka sends from; one that is full loses the hint.
    internal::send_to_kafka(*producer_, topic_, "", "");
    rd_kafka_poll(producer_.get(), 0);
  }

 private:
  KafkaClient open_consumer() const {
    const std::string group = url_.option("group");
    KafkaClient client = internal::open_kafka_consumer(
        url_, {{"group.id", group.empty() ? "hornbeam-" + new_holder() : group},
               {"enable.auto.commit", "false"},
               {"auto.offset.reset", "latest"},
               {"allow.auto.create.topics", "true"}});
    rd_kafka_poll_set_consumer(client.get());
    return client;
  }

  void listen(const std::stop_token& stop) {
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
      try {
        begin();
        pause = kFirstPause;
        listeners_.call();  // For what was said while nobody listened.
        follow(stop);
      } catch (const std::exception& error) {
        base::log_warning("nobody listens to the hints of Kafka",
                          {{"error", std::string(error.what())}});
      }
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any stopped;
      stopped.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(pause * 2, kLongestPause);
    }
    rd_kafka_consumer_close(consumer_.get());
  }

  void begin() {
    if (url_.option("group").empty()) {
      require(rd_kafka_assign(consumer_.get(), ends_of(consumer_.get(), topic_).get()),
              "cannot listen");
      return;
    }
    const Partitions wanted(rd_kafka_topic_partition_list_new(1),
                            &rd_kafka_topic_partition_list_destroy);
    rd_kafka_topic_partition_list_add(wanted.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
    require(rd_kafka_subscribe(consumer_.get(), wanted.get()), "cannot listen");
  }

  /// Returns when something is wrong, or at the end. A broker that is away is none of that: it is
  /// waited for.
  void follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      Message message(rd_kafka_consumer_poll(consumer_.get(), kPoll), &rd_kafka_message_destroy);
      if (!message) continue;
      if (message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
          message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        require(message->err, "the topic changed");
      }
      // What has gathered is one hint.
      while (message) message.reset(rd_kafka_consumer_poll(consumer_.get(), 0));
      listeners_.call();
    }
  }

  const BrokerUrl url_;
  const std::string topic_;
  Listeners listeners_;
  const KafkaClient producer_;
  const KafkaClient consumer_;
  std::jthread listener_;  ///< Last: it ends before what it uses.
};

KafkaWakeups::KafkaWakeups(const std::string& url) : connected_(std::make_unique<Connected>(url)) {}

KafkaWakeups::~KafkaWakeups() = default;

void KafkaWakeups::announce() noexcept {
  connected_->announce();
}

Wakeups::Subscription KafkaWakeups::listen(Listener listener) {
  return connected_->listeners().add(std::move(listener));
}

}  // namespace hornbeam::feed
