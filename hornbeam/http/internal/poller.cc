#include "hornbeam/http/internal/poller.h"

#include <array>
#include <system_error>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

#include "hornbeam/base/log.h"

namespace hornbeam::http {

namespace {

// A batch that fills less than this says that the set has gone quiet: blocking in Asio is cheaper
// than asking again.
constexpr int kBusyBatch = 4;
constexpr int kBusyRounds = 16;
constexpr int kBatch = 256;

std::uint32_t to_epoll(std::uint32_t interest) {
  return ((interest & kReadable) != 0 ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
         ((interest & kWritable) != 0 ? static_cast<std::uint32_t>(EPOLLOUT) : 0U) |
         ((interest & kInputEnded) != 0 ? static_cast<std::uint32_t>(EPOLLRDHUP) : 0U);
}

std::uint32_t from_epoll(std::uint32_t events) {
  std::uint32_t readiness = 0;
  if ((events & EPOLLIN) != 0) readiness |= kReadable;
  if ((events & EPOLLOUT) != 0) readiness |= kWritable;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) readiness |= kHungUp;
  if ((events & EPOLLRDHUP) != 0) readiness |= kInputEnded;
  return readiness;
}

int create_set() {
  const int descriptor = epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return descriptor;
}

}  // namespace

// Outlives the poller while Asio still holds a wait on it.
struct Poller::State : std::enable_shared_from_this<Poller::State> {
  State(base::Loop& loop, std::function<void()> done)
      : set(loop.context(), create_set()), after_batch(std::move(done)) {}

  void wait() {
    set.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](const boost::system::error_code& failed) {
                     if (failed || self->closed) return;
                     self->handle_ready();
                     if (!self->closed) self->wait();
                   });
  }

  void handle_ready() {
    for (int round = 0; round < kBusyRounds; ++round) {
      const int count = epoll_wait(set.native_handle(), events.data(), kBatch, 0);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        serve(*static_cast<Pollable*>(event.data.ptr), from_epoll(event.events));
      }
      after_batch();
      if (count < kBusyBatch || closed) break;
    }
  }

  // Memory or descriptors that run out are one connection's misfortune, not the loop's.
  static void serve(Pollable& target, std::uint32_t readiness) {
    try {
      target.on_ready(readiness);
    } catch (const std::exception& failure) {
      base::log_error("a connection failed and is closed: {}", failure.what());
      target.on_shutdown();
    }
  }

  void control(int operation, int descriptor, std::uint32_t interest, Pollable* target) {
    epoll_event event{};
    event.events = to_epoll(interest);
    event.data.ptr = target;
    if (epoll_ctl(set.native_handle(), operation, descriptor, &event) != 0) {
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
  }

  boost::asio::posix::stream_descriptor set;
  std::function<void()> after_batch;
  bool closed = false;
  std::array<epoll_event, kBatch> events{};
};

Poller::Poller(base::Loop& loop, std::function<void()> after_batch)
    : state_(std::make_shared<State>(loop, std::move(after_batch))) {
  state_->wait();
}

Poller::~Poller() {
  state_->closed = true;
  boost::system::error_code ignored;
  static_cast<void>(state_->set.close(ignored));
}

void Poller::add(int descriptor, std::uint32_t interest, Pollable& target) {
  state_->control(EPOLL_CTL_ADD, descriptor, interest, &target);
}
void Poller::change(int descriptor, std::uint32_t interest, Pollable& target) {
  state_->control(EPOLL_CTL_MOD, descriptor, interest, &target);
}
void Poller::remove(int descriptor) {
  state_->control(EPOLL_CTL_DEL, descriptor, 0, nullptr);
}

}  // namespace hornbeam::http
