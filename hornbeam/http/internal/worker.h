#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/base/loop.h"
#include "hornbeam/http/internal/deadline_wheel.h"
#include "hornbeam/http/internal/poller.h"
#include "hornbeam/http/internal/postbox.h"
#include "hornbeam/http/permessage_deflate.h"
#include "hornbeam/http/request_parser.h"
#include "hornbeam/http/server.h"

namespace hornbeam::http {

class TlsContext;

/// One loop of a server: its connections, their deadlines, and the buffers they share while one of
/// them is served.
///
/// Thread: everything but the counters and `loop().post` belongs to the loop's thread.
class Worker {
 public:
  /// Lifetime: `options`, `handler` and `tls` outlive the worker. Owns `listener`, a listening
  /// non-blocking socket.
  Worker(const ServerOptions& options, Handler& handler, const TlsContext* tls, int listener);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Serves until `loop().stop()`.
  void run();

  base::Loop& loop() noexcept { return loop_; }
  /// For threads that are not the loop's, who may not know whether it still runs.
  const std::shared_ptr<Postbox>& postbox() const noexcept { return postbox_; }
  Poller& poller() noexcept { return poller_; }
  Handler& handler() noexcept { return handler_; }
  const Limits& limits() const noexcept { return options_.limits; }
  const TlsContext* tls() const noexcept { return tls_; }
  const HeadLimits& head_limits() const noexcept { return head_limits_; }
  std::string_view date() const noexcept { return date_; }
  bool is_draining() const noexcept { return draining_; }

  /// The compressor that this loop's sockets share: it keeps nothing from message to message.
  MessageDeflater& deflater(std::uint8_t window_bits);

  /// Takes `item` into the wheel and keeps it alive until `release`.
  void adopt(std::shared_ptr<Pollable> item);
  /// Lets go of `item` once no event handler is on the stack.
  void release(Pollable& item);
  /// Has `item` called (`on_deadline`) once `delay` has passed, unless it is set again before.
  void set_deadline(Pollable& item, std::chrono::seconds delay) noexcept {
    wheel_.set_deadline(item, wheel_.now() + static_cast<std::uint32_t>(delay.count()) + 1);
  }
  std::uint32_t now() const noexcept { return wheel_.now(); }
  /// Has `item` called (`on_turn_end`) once those have run who can run now, so that what they send
  /// it goes in one write. Requires: it is not in that list.
  void flush_later(Pollable& item);
  /// Takes `item`, which is in that list, off it.
  void forget_flush(Pollable& item) noexcept;

  /// Stops accepting and tells every connection to finish.
  void begin_drain();
  std::size_t open_connections() const noexcept {
    return connections.load(std::memory_order_relaxed);
  }
  /// Ends every connection that is left.
  void end_connections();

  /// Where the connection being served reads into. Whoever is served has it alone until its handler
  /// returns.
  std::vector<char> input;
  /// Sealed bytes on their way into a TLS session.
  std::vector<char> sealed_input;
  /// What the connection being served will send in one write; `cork_owner` says whose it is.
  std::string cork;
  const void* cork_owner = nullptr;
  /// The request being parsed and served, reused so that its field list keeps its memory.
  Request request;

  /// Counts a coroutine of a handler's for as long as it runs, so that a drain can wait for it.
  class TaskCount {
   public:
    explicit TaskCount(Worker& worker) : worker_(worker) {
      worker_.tasks.fetch_add(1, std::memory_order_relaxed);
    }
    ~TaskCount() { worker_.tasks.fetch_sub(1, std::memory_order_relaxed); }
    TaskCount(const TaskCount&) = delete;
    TaskCount& operator=(const TaskCount&) = delete;

   private:
    Worker& worker_;
  };

  std::atomic<std::uint64_t> tasks{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> websockets{0};

 private:
  class Acceptor;

  void tick();
  void end_turn();

  const ServerOptions& options_;
  Handler& handler_;
  const TlsContext* tls_;
  HeadLimits head_limits_;
  base::Loop loop_;
  std::shared_ptr<Postbox> postbox_ = std::make_shared<Postbox>(loop_);
  DeadlineWheel wheel_;
  std::vector<std::shared_ptr<Pollable>> released_;
  std::vector<Pollable*> unflushed_;  // Null where one has gone meanwhile.
  std::array<std::unique_ptr<MessageDeflater>, 16> deflaters_;  // By window bits, when used.
  std::string date_;
  bool draining_ = false;
  Poller poller_;
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace hornbeam::http
