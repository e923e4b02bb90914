#include "hornbeam/feed/internal/redis_connection.h"

#include <charconv>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

namespace hornbeam::feed::internal {

namespace {

constexpr int kPort = 6379;

timeval to_timeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

/// hiredis writes to a connection that the server has closed as to a pipe: for as long as this
/// lives that is an error, and not the end of the program.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutPipeSignal() {
    if (sigismember(&before_, SIGPIPE) == 0) {
      const timespec at_once{};
      sigtimedwait(&pipe_, nullptr, &at_once);  // One that came meanwhile.
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

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
  const WithoutPipeSignal quiet;
  if (redisAppendCommandArgv(context_.get(), count, texts_of(words).data(),
                             sizes_of(words).data()) != REDIS_OK) {
    fail("cannot send");
  }
}

RedisConnection::Reply RedisConnection::take() {
  void* answer = nullptr;
  const WithoutPipeSignal quiet;
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
