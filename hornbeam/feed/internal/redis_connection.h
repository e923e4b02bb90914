#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "hornbeam/feed/internal/broker_url.h"

struct redisContext;
struct redisReply;

namespace hornbeam::feed::internal {

/// The options that every URL of Redis may have.
inline constexpr std::string_view kRedisStream = "hornbeam_changes";

/// One connection, which blocks. Throws std::runtime_error for what goes wrong with it, and for
/// errors that the server answers with.
class RedisConnection {
 public:
  struct FreeReply {
    void operator()(redisReply* reply) const;
  };
  using Reply = std::unique_ptr<redisReply, FreeReply>;

  /// Connects, says the password and chooses the database; waits for `patience` at most, and for
  /// each answer likewise.
  RedisConnection(const BrokerUrl& url, std::chrono::milliseconds patience);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// A command and its answer.
  Reply run(std::span<const std::string> words);
  /// The same, written as a list.
  Reply run(std::initializer_list<std::string> words) {
    return run(std::span<const std::string>(words.begin(), words.size()));
  }
  /// Sends with the next `take`, without waiting for the answer.
  void add(std::span<const std::string> words);
  /// The answer to the first that was added and not taken.
  Reply take();
  /// Makes whoever waits for an answer give up. Thread: any, while it exists.
  void interrupt() noexcept;

 private:
  [[noreturn]] void fail(const std::string& what) const;

  struct Free {
    void operator()(redisContext* context) const;
  };
  std::unique_ptr<redisContext, Free> context_;
  std::string where_;
};

}  // namespace hornbeam::feed::internal
