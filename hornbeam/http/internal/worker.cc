#include "hornbeam/http/internal/worker.h"

#include <algorithm>
#include <cstring>
#include <ctime>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hornbeam/base/log.h"
#include "hornbeam/http/internal/http_connection.h"

namespace hornbeam::http {

namespace {

constexpr std::size_t kInputBytes = 128 * 1024;
constexpr std::size_t kSealedInputBytes = 32 * 1024;
constexpr int kAcceptsPerEvent = 64;

// IMF-fixdate (RFC 9110, section 5.6.7); strftime would ask the locale for the names.
std::string http_date(std::time_t now) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[utc.tm_wday], utc.tm_mday,
                     kMonths[utc.tm_mon], 1900 + utc.tm_year, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

Endpoint endpoint_of(const sockaddr_storage& address) {
  Endpoint endpoint;
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    std::memcpy(endpoint.address.data(), &v6.sin6_addr, 16);
    endpoint.port = ntohs(v6.sin6_port);
    endpoint.is_ipv6 = true;
  } else if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    std::memcpy(endpoint.address.data(), &v4.sin_addr, 4);
    endpoint.port = ntohs(v4.sin_port);
  }
  return endpoint;
}

}  // namespace

// Takes connections from the listening socket. When descriptors or memory run out it pauses, so
// that a full process does not spin on a readable listener it cannot accept from.
class Worker::Acceptor final : public Pollable {
 public:
  Acceptor(Worker& worker, int listener) : worker_(worker), listener_(listener) {
    worker_.poller().add(listener_, kReadable, *this);
  }
  ~Acceptor() override { stop(); }

  void stop() {
    if (listener_ < 0) return;
    worker_.poller().remove(listener_);
    ::close(listener_);
    listener_ = -1;
  }

  void on_ready(std::uint32_t /*readiness*/) override {
    for (int i = 0; i < kAcceptsPerEvent && listener_ >= 0; ++i) {
      sockaddr_storage address{};
      socklen_t size = sizeof(address);
      const int descriptor = ::accept4(listener_, reinterpret_cast<sockaddr*>(&address), &size,
                                       SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
          base::log_warning(
              "no descriptors left to accept connections with: raise the limit (ulimit -n)");
          pause();
        }
        return;
      }
      worker_.accepted.fetch_add(1, std::memory_order_relaxed);
      if (worker_.open_connections() >= worker_.limits().connections) {
        ::close(descriptor);
        continue;
      }
      const int on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      try {
        HttpConnection::open(worker_, descriptor, endpoint_of(address));
      } catch (const std::exception& failure) {
        base::log_error("a connection could not be taken: {}", failure.what());
        return pause();
      }
    }
  }

 private:
  void pause() {
    worker_.poller().change(listener_, 0, *this);
    worker_.loop().post_after(std::chrono::milliseconds(100), [this] {
      if (listener_ >= 0) worker_.poller().change(listener_, kReadable, *this);
    });
  }

  Worker& worker_;
  int listener_;
};

Worker::Worker(const ServerOptions& options, Handler& handler, const TlsContext* tls, int listener)
    : input(kInputBytes),
      sealed_input(tls == nullptr ? 0 : kSealedInputBytes),
      options_(options),
      handler_(handler),
      tls_(tls),
      head_limits_{options.limits.request_line_bytes, options.limits.head_bytes,
                   options.limits.field_count},
      date_(http_date(std::time(nullptr))),
      poller_(loop_,
              [this] {
                end_turn();
                released_.clear();
              }),
      acceptor_(std::make_unique<Acceptor>(*this, listener)) {}

Worker::~Worker() {
  postbox_->close();
}

void Worker::run() {
  loop_.post_after(std::chrono::seconds(1), [this] { tick(); });
  loop_.run();
}

void Worker::tick() {
  date_ = http_date(std::time(nullptr));
  wheel_.tick([](Pollable& item) { item.on_deadline(); });
  released_.clear();
  loop_.post_after(std::chrono::seconds(1), [this] { tick(); });
}

MessageDeflater& Worker::deflater(std::uint8_t window_bits) {
  std::unique_ptr<MessageDeflater>& deflater = deflaters_.at(window_bits);
  if (deflater == nullptr) deflater = std::make_unique<MessageDeflater>(window_bits);
  return *deflater;
}

void Worker::adopt(std::shared_ptr<Pollable> item) {
  Pollable& kept = *item;
  kept.self = std::move(item);
  wheel_.insert(kept);
}

void Worker::release(Pollable& item) {
  wheel_.erase(item);
  // Whoever releases may be the item itself, at the poller's call or at a timer's.
  if (released_.empty()) loop_.post([this] { released_.clear(); });
  released_.push_back(std::move(item.self));
}

// The flush is a job behind those that wait already: what the completions of one commit have to say
// leaves in one write for each socket, and nothing waits for longer than the loop is busy anyway.
void Worker::flush_later(Pollable& item) {
  if (unflushed_.empty()) loop_.post([this] { end_turn(); });
  unflushed_.push_back(&item);
}

void Worker::forget_flush(Pollable& item) noexcept {
  std::ranges::replace(unflushed_, &item, nullptr);
}

void Worker::end_turn() {
  // Whoever is added meanwhile has the next turn.
  const std::size_t count = unflushed_.size();
  for (std::size_t i = 0; i < count; ++i) {
    Pollable* const item = unflushed_[i];
    if (item == nullptr) continue;
    try {
      item->on_turn_end();
    } catch (const std::exception& failure) {
      base::log_error("a connection failed and is closed: {}", failure.what());
      item->on_shutdown();
    }
  }
  unflushed_.erase(unflushed_.begin(), unflushed_.begin() + static_cast<std::ptrdiff_t>(count));
  if (!unflushed_.empty()) loop_.post([this] { end_turn(); });
}

void Worker::begin_drain() {
  draining_ = true;
  acceptor_->stop();
  wheel_.for_each([](Pollable& item) { item.on_drain(); });
  released_.clear();
}

void Worker::end_connections() {
  wheel_.for_each([](Pollable& item) { item.on_shutdown(); });
  released_.clear();
}

}  // namespace hornbeam::http
