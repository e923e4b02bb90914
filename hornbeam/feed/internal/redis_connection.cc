#include "hornbeam/feed/internal/redis_connection.h"

#include <charconv>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include "hornbeam/base/pipe_signal.h"

namespace hornbeam::feed::internal {

namespace {

constexpr int kPort = 6379;

timeval to_timeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

std::vector<const char*> texts_of(std::span<const std::string> words) {
  std::vector<const char*> texts;
  for (const std::string& each : words) texts.push_back(each.data());
  return texts;
}

std::vector<std::size_t> sizes_of(std::span<const std::string> words) {
  std::vector<std::size_t> sizes;
  for (const std::string& each : words) sizes.push_back(each.size());
  return sizes;
}

}  // namespace

void RedisConnection::FreeReply::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

void RedisConnection::Free::operator()(redisContext* context) const {
  redisFree(context);
}

RedisConnection::RedisConnection(const BrokerUrl& url, std::chrono::milliseconds patience)
    : where_(url.hosts) {
  std::string host = url.hosts;
  int port = kPort;
  if (const std::size_t colon = host.rfind(':'); colon != std::string::npos) {
    const char* const last = host.data() + host.size();
    if (std::from_chars(host.data() + colon + 1, last, port).ptr != last) {
      throw std::runtime_error(fmt::format("\"{}\" has no port that is a number", url.hosts));
    }
    host.resize(colon);
  }
  context_.reset(redisConnectWithTimeout(host.c_str(), port, to_timeval(patience)));
  if (!context_ || context_->err != 0) fail("cannot connect");
  redisSetTimeout(context_.get(), to_timeval(patience));
  if (!url.password.empty()) {
    if (url.user.empty()) {
      run({"AUTH", url.password});
    } else {
      run({"AUTH", url.user, url.password});
    }
  }
  if (!url.path.empty()) run({"SELECT", url.path});
}

RedisConnection::~RedisConnection() = default;

void RedisConnection::fail(const std::string& what) const {
  throw std::runtime_error(fmt::format("Redis at {}: {}: {}", where_, what,
                                       context_ ? context_->errstr : "out of memory"));
}

RedisConnection::Reply RedisConnection::run(std::span<const std::string> words) {
  add(words);
  return take();
}

void RedisConnection::add(std::span<const std::string> words) {
  const int count = static_cast<int>(words.size());
  const base::WithoutPipeSignal quiet;
  if (redisAppendCommandArgv(context_.get(), count, texts_of(words).data(),
                             sizes_of(words).data()) != REDIS_OK) {
    fail("cannot send");
  }
}

RedisConnection::Reply RedisConnection::take() {
  void* answer = nullptr;
  const base::WithoutPipeSignal quiet;
  if (redisGetReply(context_.get(), &answer) != REDIS_OK) fail("no answer");
  Reply reply(static_cast<redisReply*>(answer));
  if (reply->type == REDIS_REPLY_ERROR) {
    throw std::runtime_error(
        fmt::format("Redis at {}: {}", where_, std::string_view(reply->str, reply->len)));
  }
  return reply;
}

void RedisConnection::interrupt() noexcept {
  shutdown(context_->fd, SHUT_RDWR);
}

}  // namespace hornbeam::feed::internal
