#include "hornbeam/http/internal/websocket_connection.h"

#include <algorithm>
#include <limits>

#include "hornbeam/base/log.h"

namespace hornbeam::http {

namespace {

constexpr std::chrono::seconds kCloseTime{5};
// Messages that wait for a conversation which is busy; past it the socket is read no further.
constexpr std::size_t kInboxMessages = 64;
constexpr std::size_t kInboxBytes = std::size_t{1} << 20;
constexpr std::size_t kReadBytes = 64 * 1024;
// What is held for the end of the turn at most: more is a write of its own, and soon enough queued.
constexpr std::size_t kHeldBytes = 16 * 1024;

template <class Narrow>
Narrow clamp_to(std::size_t value) {
  return static_cast<Narrow>(std::min<std::size_t>(value, std::numeric_limits<Narrow>::max()));
}

}  // namespace

std::shared_ptr<WebSocketConnection> WebSocketConnection::take_over(
    Worker& worker, Transport transport, WebSocketUpgrade upgrade,
    const std::optional<DeflateParameters>& deflate) {
  auto connection = std::make_shared<WebSocketConnection>(worker, std::move(transport),
                                                          std::move(upgrade), deflate);
  WebSocketConnection& taken = *connection;
  const int descriptor = taken.transport_.descriptor();
  if (taken.queued_bytes() != 0) taken.interest_ |= kWritable;
  worker.poller().change(descriptor, taken.interest_, taken);
  worker.adopt(std::shared_ptr<Pollable>(connection, &taken));
  return connection;
}

WebSocketConnection::WebSocketConnection(Worker& worker, Transport transport,
                                         WebSocketUpgrade upgrade,
                                         const std::optional<DeflateParameters>& deflate)
    : worker_(worker),
      postbox_(worker.postbox()),
      transport_(std::move(transport)),
      decoder_(WebSocketLimits{.message_bytes = upgrade.options.max_message_bytes}),
      max_queued_bytes_(clamp_to<std::uint32_t>(upgrade.options.max_queued_bytes)),
      ping_seconds_(
          clamp_to<std::uint16_t>(static_cast<std::size_t>(upgrade.options.ping_interval.count()))),
      run_(std::move(upgrade.run)),
      on_failure_(upgrade.on_failure) {
  if (deflate) {
    decoder_.enable_deflate(*deflate);
    deflate_bits_ = deflate->server_max_window_bits;
  }
  if (ping_seconds_ != 0) worker_.set_deadline(*this, std::chrono::seconds(ping_seconds_));
  worker_.connections.fetch_add(1, std::memory_order_relaxed);
  worker_.websockets.fetch_add(1, std::memory_order_relaxed);
}

WebSocketConnection::~WebSocketConnection() = default;

void WebSocketConnection::begin(std::span<char> bytes) {
  auto connection =
      std::static_pointer_cast<WebSocketConnection>(WebSocketChannel::shared_from_this());
  if (worker_.is_draining()) on_drain();
  converse(connection);
  if (!bytes.empty()) process(bytes);
  // A handshake that was waited for may have left decrypted bytes inside the session, which do not
  // make the socket readable.
  if (transport_.may_hold_input()) {
    worker_.loop().post([connection] { connection->on_ready(kReadable); });
  }
}

// What is alive here is alive for every quiet socket.
base::Detached WebSocketConnection::converse(std::shared_ptr<WebSocketConnection> self) {
  const Worker::TaskCount counted(self->worker_);
  try {
    base::Task<void> talk = self->run_(WebSocket(self));
    co_await std::move(talk);
  } catch (...) {
    self->fail_conversation();
  }
  if (self->state_ == State::kOpen) {
    self->write_close(static_cast<std::uint16_t>(CloseCode::kNormal), {});
  }
}

// Requires: what has been thrown is being handled.
void WebSocketConnection::fail_conversation() noexcept {
  try {
    if (on_failure_ == nullptr) throw;
    on_failure_(WebSocket(WebSocketChannel::shared_from_this()));
  } catch (const std::exception& failure) {
    base::log_error("a socket's conversation failed: {}", failure.what());
  } catch (...) {
    base::log_error("a socket's conversation failed with something that is no std::exception");
  }
  if (state_ == State::kOpen) {
    write_close(static_cast<std::uint16_t>(CloseCode::kInternalError), {});
  }
}

void WebSocketConnection::on_ready(std::uint32_t readiness) {
  if (state_ == State::kClosed) return;
  if ((readiness & kWritable) != 0) after_write(transport_.flush());
  if (state_ == State::kClosed) return;
  if ((readiness & kReadable) != 0) {
    read();
  } else if ((readiness & kHungUp) != 0) {
    end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
  }
}

void WebSocketConnection::read() {
  do {
    std::vector<char>& input = worker_.input;
    const Transport::Read read =
        transport_.read(std::span(input).first(kReadBytes), worker_.sealed_input);
    if (read.status == Transport::ReadStatus::kNothing) return;
    if (read.status != Transport::ReadStatus::kData) {
      return end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
    }
    process(std::span(input).first(read.bytes));
  } while (transport_.may_hold_input() && (interest_ & kReadable) != 0 && state_ != State::kClosed);
}

void WebSocketConnection::process(std::span<char> bytes) {
  if (state_ == State::kLingering) return;
  has_pinged_ = false;
  if (ping_seconds_ != 0 && state_ == State::kOpen) {
    worker_.set_deadline(*this, std::chrono::seconds(ping_seconds_));
  }
  const std::shared_ptr<Pollable> alive = self;
  const bool owner = worker_.cork_owner == nullptr;
  if (owner) worker_.cork_owner = this;
  while (std::optional<WebSocketEvent> event = decoder_.next(bytes)) {
    if (!accept(*event)) break;
  }
  if (inbox_full_ && !bytes.empty()) {
    leftover_ = std::make_unique<std::string>(bytes.data(), bytes.size());
  }
  if (owner) flush_cork();
}

// Returns false when no further event may be taken.
bool WebSocketConnection::accept(const WebSocketEvent& event) {
  switch (event.kind) {
    case WebSocketEvent::Kind::kText:
    case WebSocketEvent::Kind::kBinary:
      if (state_ != State::kOpen) return true;
      deliver(event.payload, event.kind == WebSocketEvent::Kind::kBinary);
      if (inbox_size() < kInboxMessages && inbox_bytes() < kInboxBytes) return true;
      inbox_full_ = true;
      set_interest(interest_ & ~kReadable);
      return false;
    case WebSocketEvent::Kind::kPing: {
      // Behind our close frame nobody waits for a pong, and somebody might pile them up.
      if (state_ != State::kOpen) return true;
      std::string frame;
      append_frame(frame, Opcode::kPong, event.payload);
      write(frame);
      return state_ != State::kClosed;
    }
    case WebSocketEvent::Kind::kPong:
      return true;
    case WebSocketEvent::Kind::kClose:
      // "If an endpoint receives a Close frame and did not previously send a Close frame, the
      // endpoint MUST send a Close frame in response" (RFC 6455, section 5.5.1), typically echoing
      // the status code.
      if (state_ == State::kOpen) write_close(event.code, {});
      finish_closing(event.code);
      return false;
    case WebSocketEvent::Kind::kFailure:
      fail(event.code, event.payload);
      return false;
  }
  return false;
}

void WebSocketConnection::on_inbox_empty() {
  if (inbox_full_) read_on_later();
}

// Not at once: the conversation is just taking a message, or closing.
void WebSocketConnection::read_on_later() {
  worker_.loop().post(
      [self = std::static_pointer_cast<WebSocketConnection>(WebSocketChannel::shared_from_this())] {
        if (!self->inbox_full_ || self->state_ == State::kClosed) return;
        self->inbox_full_ = false;
        if (const std::unique_ptr<std::string> bytes = std::move(self->leftover_))
          self->process(*bytes);
        if (self->inbox_full_ || self->state_ == State::kClosed) return;
        self->set_interest(self->interest_ | kReadable);
        if (self->transport_.may_hold_input()) self->on_ready(kReadable);
      });
}

bool WebSocketConnection::is_on_loop() const noexcept {
  return base::Executor::current() == &worker_.loop();
}

// Where to append so many bytes, to go with what else is sent in this turn; null if they are to be
// written at once.
inline std::string* WebSocketConnection::find_place(std::size_t size) {
  if (worker_.cork_owner == this) {
    return worker_.cork.size() <= kReadBytes ? &worker_.cork : nullptr;
  }
  return hold(size);
}

std::string* WebSocketConnection::hold(std::size_t size) {
  // Behind what is queued there is nothing to be gained.
  if (transport_.queued_bytes() != 0 || transport_.held_bytes() + size > kHeldBytes) return nullptr;
  if (!is_flush_due_) {
    worker_.flush_later(*this);
    is_flush_due_ = true;
  }
  return &transport_.hold();
}

SendResult WebSocketConnection::send(std::string_view data, bool is_binary) {
  if (!is_on_loop()) return send_from_elsewhere(data, is_binary);
  if (state_ != State::kOpen) return SendResult::kClosed;
  const Opcode opcode = is_binary ? Opcode::kBinary : Opcode::kText;
  if (deflate_bits_ != 0) return send_frame_of(opcode, data);
  std::string* const place = find_place(data.size());
  if (place == nullptr) return send_frame_of(opcode, data);
  append_frame(*place, opcode, data);
  return SendResult::kSent;
}

SendResult WebSocketConnection::send_from_elsewhere(std::string_view data, bool is_binary) {
  return post([data = std::string(data), is_binary](auto& self) { self.send(data, is_binary); });
}

SendResult WebSocketConnection::send_frame_of(Opcode opcode, std::string_view data) {
  std::string frame;
  if (deflate_bits_ != 0) {
    std::string packed;
    worker_.deflater(deflate_bits_).append(packed, data);
    append_frame(frame, opcode, packed, FrameBits::kFinalCompressed);
  } else {
    append_frame(frame, opcode, data);
  }
  return write(frame);
}

void WebSocketConnection::on_turn_end() {
  is_flush_due_ = false;
  if (transport_.is_holding()) after_write(transport_.send_held());
}

SendResult WebSocketConnection::send_frame(std::shared_ptr<const std::string> frame) {
  if (is_on_loop()) return state_ == State::kOpen ? write(*frame) : SendResult::kClosed;
  return post([frame = std::move(frame)](auto& self) { self.send_frame(frame); });
}

// From another thread: has `job` done on the loop.
template <class Job>
SendResult WebSocketConnection::post(Job job) {
  const bool posted = postbox_->post(
      [self = WebSocketChannel::shared_from_this(), job = std::move(job)] { job(*self); });
  return posted ? SendResult::kSent : SendResult::kClosed;
}

// A whole frame, on the loop.
SendResult WebSocketConnection::write(std::string_view frame) {
  if (state_ == State::kClosed) return SendResult::kClosed;
  if (std::string* const place = find_place(frame.size())) {
    *place += frame;
    return SendResult::kSent;
  }
  if (worker_.cork_owner == this) {
    worker_.cork += frame;
    flush_cork();
    worker_.cork_owner = this;
  } else {
    after_write(transport_.write(frame));
  }
  return state_ == State::kClosed ? SendResult::kOverflowed : SendResult::kSent;
}

void WebSocketConnection::flush_cork() {
  worker_.cork_owner = nullptr;
  std::string& cork = worker_.cork;
  if (cork.empty()) return;
  const bool alive = state_ == State::kClosed || transport_.write(cork);
  cork.clear();
  if (state_ != State::kClosed) after_write(alive);
}

void WebSocketConnection::after_write(bool alive) {
  if (!alive) return end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
  if (queued_bytes() == 0) {
    if ((interest_ & kWritable) == 0) {
      if (state_ == State::kLingering) transport_.shut_down_sending();
      return;
    }
    set_interest(interest_ & ~kWritable);
    if (state_ == State::kLingering) transport_.shut_down_sending();
    deliver_drained();
    return;
  }
  set_interest(interest_ | kWritable);
  if (queued_bytes() > max_queued_bytes_ && state_ == State::kOpen) {
    // It cannot be told why in band: the close frame would stand behind everything it does not
    // read.
    base::log_warning("a socket's reader is too slow ({} bytes unsent): dropped with 1008",
                      queued_bytes());
    end(static_cast<std::uint16_t>(CloseCode::kPolicy));
  }
}

void WebSocketConnection::close(std::uint16_t code, std::string_view reason) {
  if (is_on_loop()) {
    if (state_ == State::kOpen) write_close(code, reason);
    return;
  }
  post([code, reason = std::string(reason)](auto& self) { self.close(code, reason); });
}

void WebSocketConnection::write_close(std::uint16_t code, std::string_view reason) {
  std::string frame;
  append_close(frame, code, reason);
  state_ = State::kClosing;
  worker_.set_deadline(*this, kCloseTime);
  if (inbox_full_) read_on_later();
  write(frame);
}

void WebSocketConnection::fail(std::uint16_t code, std::string_view reason) {
  if (state_ == State::kOpen) write_close(code, reason);
  finish_closing(code);
}

// Both sides have said that it is over: no more is read as frames, and the stream ends once ours
// has left.
void WebSocketConnection::finish_closing(std::uint16_t code) {
  if (state_ == State::kClosed) return;
  state_ = State::kLingering;
  worker_.set_deadline(*this, kCloseTime);
  if (worker_.cork_owner == this) flush_cork();
  if (state_ == State::kClosed) return;
  if (!transport_.send_held()) return end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
  if (queued_bytes() == 0) transport_.shut_down_sending();
  deliver_end(code);
}

void WebSocketConnection::on_deadline() {
  if (state_ != State::kOpen || has_pinged_) {
    return end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
  }
  worker_.set_deadline(*this, std::chrono::seconds(ping_seconds_));
  // Its answer would not be read: the conversation is behind, not the peer.
  if (inbox_full_) return;
  has_pinged_ = true;
  std::string frame;
  append_frame(frame, Opcode::kPing, {});
  write(frame);
}

void WebSocketConnection::on_drain() {
  if (state_ == State::kOpen) {
    write_close(static_cast<std::uint16_t>(CloseCode::kServiceRestart), "the server restarts");
  }
}

void WebSocketConnection::on_shutdown() {
  if (state_ != State::kClosed && worker_.cork_owner == this) {
    worker_.cork_owner = nullptr;
    worker_.cork.clear();
  }
  end(static_cast<std::uint16_t>(CloseCode::kAbnormal));
}

void WebSocketConnection::set_interest(std::uint32_t interest) {
  if (interest == interest_ || !transport_.is_open()) return;
  interest_ = static_cast<std::uint8_t>(interest);
  worker_.poller().change(transport_.descriptor(), interest, *this);
}

void WebSocketConnection::end(std::uint16_t code) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  if (is_flush_due_) worker_.forget_flush(*this);
  // Whoever does not send any more may still read.
  transport_.send_held();
  worker_.poller().remove(transport_.descriptor());
  transport_.close();
  const auto alive = WebSocketChannel::shared_from_this();
  worker_.connections.fetch_sub(1, std::memory_order_relaxed);
  worker_.websockets.fetch_sub(1, std::memory_order_relaxed);
  worker_.release(*this);
  deliver_end(code);
}

}  // namespace hornbeam::http
