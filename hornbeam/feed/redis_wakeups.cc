// A stream holds the last thousand hints or so. Who listens without a group reads on from the end
// as it was when it began; who listens in a group is handed each hint that no other of the group
// was. NOACK: a hint is not worth being kept for one that has died with it.

#include "hornbeam/feed/redis_wakeups.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include <hiredis/hiredis.h>

#include "hornbeam/base/log.h"
#include "hornbeam/feed/followers.h"
#include "hornbeam/feed/internal/redis_connection.h"

namespace hornbeam::feed {

namespace {

using internal::BrokerUrl;
using internal::RedisConnection;

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5'000};
/// An answer that takes longer never comes. Longer than a read that waits for hints.
constexpr std::chrono::milliseconds kPatience{5'000};
constexpr const char* kBlockFor = "2000";
constexpr const char* kKept = "1000";

/// The id of the last entry of what XREAD or XREADGROUP answered; none if nothing came.
std::optional<std::string> last_id(const redisReply& answer) {
  if (answer.type != REDIS_REPLY_ARRAY || answer.elements == 0) return std::nullopt;
  const redisReply& entries = *answer.element[0]->element[1];
  if (entries.elements == 0) return std::nullopt;
  const redisReply& id = *entries.element[entries.elements - 1]->element[0];
  return std::string(id.str, id.len);
}

}  // namespace

class RedisWakeups::Connected {
 public:
  explicit Connected(const std::string& url)
      : url_(BrokerUrl::parse(url, "redis", {"stream", "group"})),
        stream_(url_.option("stream", std::string(internal::kRedisStream))),
        group_(url_.option("group")),
        sender_([this](const std::stop_token& stop) { send(stop); }),
        listener_([this](const std::stop_token& stop) { listen(stop); }) {}

  ~Connected() {
    sender_.request_stop();
    listener_.request_stop();
    const std::lock_guard lock(mutex_);
    if (reading_ != nullptr) reading_->interrupt();
  }

  Listeners& listeners() { return listeners_; }

  void announce() {
    {
      const std::lock_guard lock(mutex_);
      is_announcing_ = true;
    }
    woken_.notify_all();
  }

 private:
  /// Waits; true if something is to be sent.
  bool wait(const std::stop_token& stop, std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, longest, [this] { return is_announcing_; });
    return std::exchange(is_announcing_, false);
  }

  void send(const std::stop_token& stop) {
    std::unique_ptr<RedisConnection> connection;
    bool has_warned = false;
    while (!stop.stop_requested()) {
      if (!wait(stop, kLongestPause)) continue;
      try {
        if (!connection) connection = std::make_unique<RedisConnection>(url_, kPatience);
        connection->run({"XADD", stream_, "MAXLEN", "~", kKept, "*", "changed", "1"});
        has_warned = false;
      } catch (const std::exception& error) {
        connection.reset();
        if (!std::exchange(has_warned, true)) warn("hints cannot be sent, and are lost", error);
      }
    }
  }

  static void warn(const char* what, const std::exception& error) {
    base::log_warning(what, {{"error", std::string(error.what())}});
  }

  void listen(const std::stop_token& stop) {
    auto pause = kFirstPause;
    while (!stop.stop_requested()) {
      try {
        RedisConnection connection(url_, kPatience);
        if (!note_reading(&connection, stop)) return;
        const Reading ends{this};
        const std::string from = begin(connection);
        pause = kFirstPause;
        listeners_.call();  // For what was said while nobody listened.
        follow(connection, from, stop);
      } catch (const std::exception& error) {
        if (stop.stop_requested()) return;
        warn("nobody listens to the hints of Redis", error);
      }
      std::unique_lock lock(mutex_);
      ended_.wait_for(lock, stop, pause, [] { return false; });
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  /// False if it is over: what is interrupted must be known before it waits.
  bool note_reading(RedisConnection* connection, const std::stop_token& stop) {
    const std::lock_guard lock(mutex_);
    if (connection != nullptr && stop.stop_requested()) return false;
    reading_ = connection;
    return true;
  }
  struct Reading {
    Connected* of;
    ~Reading() { of->note_reading(nullptr, {}); }
  };

  /// Gives the id from which on to read.
  std::string begin(RedisConnection& connection) {
    if (!group_.empty()) {
      try {
        connection.run({"XGROUP", "CREATE", stream_, group_, "$", "MKSTREAM"});
      } catch (const std::runtime_error& error) {
        if (std::string_view(error.what()).find("BUSYGROUP") == std::string_view::npos) throw;
      }
      connection.run({"XGROUP", "CREATECONSUMER", stream_, group_, consumer_});
      return ">";
    }
    const auto last = connection.run({"XREVRANGE", stream_, "+", "-", "COUNT", "1"});
    if (last->elements == 0) return "0-0";
    const redisReply& id = *last->element[0]->element[0];
    return {id.str, id.len};
  }

  void follow(RedisConnection& connection, std::string from, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto answer =
          group_.empty() ? connection.run({"XREAD", "COUNT", kKept, "BLOCK", kBlockFor, "STREAMS",
                                           stream_, from})
                         : connection.run({"XREADGROUP", "GROUP", group_, consumer_, "COUNT", kKept,
                                           "BLOCK", kBlockFor, "NOACK", "STREAMS", stream_, from});
      const auto last = last_id(*answer);
      if (!last) continue;
      if (group_.empty()) from = *last;
      listeners_.call();
    }
    if (!group_.empty()) connection.run({"XGROUP", "DELCONSUMER", stream_, group_, consumer_});
  }

  const BrokerUrl url_;
  const std::string stream_;
  const std::string group_;
  const std::string consumer_ = new_holder();
  Listeners listeners_;
  std::mutex mutex_;
  std::condition_variable_any woken_;   ///< The sender.
  std::condition_variable_any ended_;   ///< The listener.
  bool is_announcing_ = false;          // Guarded by mutex_.
  RedisConnection* reading_ = nullptr;  // Guarded by mutex_.
  std::jthread sender_;                 ///< Last, as the next: they end before what they use.
  std::jthread listener_;
};

RedisWakeups::RedisWakeups(const std::string& url) : connected_(std::make_unique<Connected>(url)) {}

RedisWakeups::~RedisWakeups() = default;

void RedisWakeups::announce() noexcept {
  connected_->announce();
}

Wakeups::Subscription RedisWakeups::listen(Listener listener) {
  return connected_->listeners().add(std::move(listener));
}

}  // namespace hornbeam::feed
