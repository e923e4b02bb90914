#include "hornbeam/http/internal/http_connection.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "hornbeam/http/internal/request_builder.h"
#include "hornbeam/http/internal/websocket_connection.h"

namespace hornbeam::http {

namespace {

// Output that is collected before it is written although more requests wait in the buffer.
constexpr std::size_t kCorkBytes = 256 * 1024;
// Unsent output past which no further request is read.
constexpr std::size_t kOutputBytes = std::size_t{1} << 20;
// What is read and dropped of a client that was refused.
constexpr std::size_t kDroppedBytes = 64 * 1024;
// Most bytes taken in one read; the buffer's other half is for what was left over.
constexpr std::size_t kReadBytes = 64 * 1024;
// How long a drain waits for the first request of a connection.
constexpr std::chrono::milliseconds kFirstRequestPatience{500};

}  // namespace

void HttpConnection::open(Worker& worker, int descriptor, const Endpoint& peer) {
  Transport transport(descriptor);  // Owns it from here on, whatever fails.
  if (worker.tls() != nullptr) transport.start_tls(std::make_unique<TlsSession>(*worker.tls()));
  auto connection = std::make_shared<HttpConnection>(worker, std::move(transport), peer);
  worker.set_deadline(*connection, worker.limits().head_timeout);
  worker.poller().add(descriptor, kReadable, *connection);
  worker.adopt(std::move(connection));
}

HttpConnection::HttpConnection(Worker& worker, Transport transport, const Endpoint& peer)
    : worker_(worker), transport_(std::move(transport)), peer_(peer) {
  worker_.connections.fetch_add(1, std::memory_order_relaxed);
}

HttpConnection::~HttpConnection() {
  worker_.connections.fetch_sub(1, std::memory_order_relaxed);
}

void HttpConnection::on_ready(std::uint32_t readiness) {
  if (state_ == State::kClosed) return;
  if ((readiness & kWritable) != 0) after_write(transport_.flush());
  if (state_ == State::kClosed) return;
  if ((readiness & kInputEnded) != 0) tell_stream();
  if ((readiness & kReadable) != 0) {
    read();
  } else if ((readiness & kHungUp) != 0) {
    close();
  }
}

void HttpConnection::read() {
  if (state_ == State::kHandling || body_paused_) {
    // The handler is still at work on an earlier request: leave what comes where it is.
    pause_reading();
    return;
  }
  do {
    const std::size_t kept = leftover_.size();
    std::vector<char>& input = worker_.input;
    // Only a head is ever kept that long, if the limits allow it.
    if (kept + kReadBytes > input.size()) input.resize(kept + kReadBytes);
    std::ranges::copy(leftover_, input.begin());
    const Transport::Read read =
        transport_.read(std::span(input).subspan(kept, kReadBytes), worker_.sealed_input);
    if (read.status == Transport::ReadStatus::kNothing) return;
    if (read.status == Transport::ReadStatus::kFailed) return close();
    if (read.status == Transport::ReadStatus::kEnded) return end_of_input();
    if (state_ == State::kLingering) {
      // Enough of it: until the deadline the client may read the answer, but is not listened to.
      dropped_ += static_cast<std::uint32_t>(read.bytes);
      if (dropped_ > kDroppedBytes) return pause_reading();
      continue;
    }
    if (kept != 0) leftover_.clear();
    process(std::span(input).first(kept + read.bytes));
  } while (transport_.may_hold_input() && (interest_ & kReadable) != 0 &&
           state_ != State::kClosed && state_ != State::kHandling);
}

// The client will send no more, yet may still want to read the answer to what it has sent.
void HttpConnection::end_of_input() {
  const bool answered = state_ == State::kHead || state_ == State::kLingering;
  if (!answered || queued_bytes() == 0) return close();
  input_ended_ = true;
  linger();
}

void HttpConnection::process(std::span<char> bytes) {
  const std::shared_ptr<Pollable> alive = self;  // `close` lets go of it.
  processing_ = true;
  const bool owner = worker_.cork_owner == nullptr;
  if (owner) worker_.cork_owner = this;
  while (!bytes.empty()) {
    std::size_t taken = 0;
    if (state_ == State::kHead) {
      taken = take_head(bytes);
    } else if (state_ == State::kBody && !body_paused_) {
      taken = take_body(bytes);
    }
    if (taken == 0) break;
    bytes = bytes.subspan(taken);
    if (owner && worker_.cork.size() > kCorkBytes) {
      send_corked();
      worker_.cork_owner = this;
      if (queued_bytes() > kOutputBytes) break;
    }
  }
  processing_ = false;
  if (successor_ != nullptr) {
    worker_.cork_owner = nullptr;
    hand_over(bytes);
    return;
  }
  // A socket or a lingering connection has taken or dropped the rest.
  if (!bytes.empty() && state_ != State::kClosed && state_ != State::kLingering) {
    leftover_.assign(bytes.data(), bytes.size());
  } else if (!leftover_.empty()) {
    std::string().swap(leftover_);
  }
  if (owner) send_corked();
}

void HttpConnection::process_leftover() {
  if (state_ != State::kHead && state_ != State::kBody) return;
  std::string bytes = std::exchange(leftover_, {});
  process(bytes);
}

// Returns how many bytes of `bytes` were used up; 0 to stop.
std::size_t HttpConnection::take_head(std::span<char> bytes) {
  Request& request = worker_.request;
  const HeadOutcome outcome = parser_.parse(bytes, worker_.head_limits(), request, framing_);
  if (outcome.state == ParseState::kIncomplete) {
    // Counted from the first byte of a head: what trickles in later does not move the deadline.
    if (!head_timed_) worker_.set_deadline(*this, worker_.limits().head_timeout);
    head_timed_ = true;
    return 0;
  }
  head_timed_ = false;
  if (outcome.state == ParseState::kRefused) {
    refuse(outcome.refusal);
    return 0;
  }
  RequestBuilder::set_connection(request, peer_, transport_.is_tls());
  is_head_ = request.method() == Method::kHead;
  was_minor_0_ = request.minor_version() == 0;
  std::size_t taken = outcome.consumed;
  if (!framing_.has_body()) {
    dispatch(request);
    return taken;
  }
  BodyPlan plan;
  try {
    plan = worker_.handler().plan(request);
  } catch (...) {
    log_handler_failure(std::current_exception());
  }
  if (framing_.content_length > plan.max_bytes) {
    refuse({413, "the body is larger than this resource takes"});
    return 0;
  }
  const std::size_t behind = bytes.size() - taken;
  if (!framing_.is_chunked && !plan.is_streamed && framing_.content_length <= behind) {
    const auto length = static_cast<std::size_t>(framing_.content_length);
    RequestBuilder::set_body(request, {bytes.data() + taken, length});
    dispatch(request);
    return taken + length;
  }
  if (framing_.expects_continue && behind == 0) write("HTTP/1.1 100 Continue\r\n\r\n");
  begin_body(plan);
  return taken;
}

void HttpConnection::begin_body(const BodyPlan& plan) {
  arriving_ = std::make_unique<Arriving>();
  arriving_->request = worker_.request.detach();
  arriving_->plan = plan;
  arriving_->is_chunked = framing_.is_chunked;
  arriving_->left = framing_.content_length;
  state_ = State::kBody;
  begin_rate_window();
  if (plan.is_streamed) {
    arriving_->stream = std::make_shared<StreamedBody>(weak_from_this());
    RequestBuilder::set_body_source(arriving_->request, arriving_->stream);
    // The handler runs while the body arrives.
    Request request = std::move(arriving_->request);
    dispatch(request);
  }
}

std::size_t HttpConnection::take_body(std::span<char> bytes) {
  Arriving& arriving = *arriving_;
  if (!arriving.is_chunked) {
    const std::size_t size = std::min<std::uint64_t>(bytes.size(), arriving.left);
    arriving.left -= size;
    const bool ends = arriving.left == 0;
    if (!accept_payload({bytes.data(), size})) return 0;
    if (ends) end_body();
    return size;
  }
  const ChunkedDecoder::Step step = arriving.decoder.next({bytes.data(), bytes.size()});
  if (step.state == ParseState::kRefused) {
    refuse(step.refusal);
    return 0;
  }
  if (!step.payload.empty() && !accept_payload(step.payload)) return 0;
  if (step.state == ParseState::kComplete) end_body();
  return step.consumed;
}

bool HttpConnection::accept_payload(std::string_view payload) {
  Arriving& arriving = *arriving_;
  arriving.received += payload.size();
  if (arriving.received > arriving.plan.max_bytes) {
    refuse({413, "the body is larger than this resource takes"});
    return false;
  }
  if (arriving.stream == nullptr) {
    arriving.body += payload;
    return true;
  }
  const std::shared_ptr<StreamedBody> stream = arriving.stream;
  stream->push(payload);
  if (state_ == State::kBody && stream->is_full()) {
    body_paused_ = true;
    pause_reading();
  }
  return state_ == State::kBody;
}

// Each window is judged on its own, so that bytes which came quickly buy no right to stall.
void HttpConnection::begin_rate_window() {
  if (state_ != State::kBody || arriving_ == nullptr) return;
  arriving_->window_start = worker_.now();
  arriving_->received_before = arriving_->received;
  worker_.set_deadline(*this, worker_.limits().body_grace);
}

void HttpConnection::end_body() {
  // The handler may answer before this returns, so the connection lets go of the body first.
  const std::unique_ptr<Arriving> arriving = std::move(arriving_);
  if (arriving->stream != nullptr) {
    state_ = State::kHandling;
    arriving->stream->end();
    return;
  }
  state_ = State::kHead;
  RequestBuilder::set_body(arriving->request, arriving->body);
  dispatch(arriving->request);
}

void HttpConnection::resume_body() {
  if (!body_paused_) return;
  body_paused_ = false;
  begin_rate_window();
  read_on();
}

void HttpConnection::send_corked() {
  // Given up before anything is told of it: what follows may serve the next request already.
  worker_.cork_owner = nullptr;
  std::string& cork = worker_.cork;
  if (cork.empty()) return;
  const bool alive = state_ == State::kClosed || transport_.write(cork);
  cork.clear();
  if (cork.capacity() > 4 * kCorkBytes) cork.shrink_to_fit();
  if (state_ != State::kClosed) after_write(alive);
}

bool HttpConnection::write(std::string_view bytes) {
  if (state_ == State::kClosed) return false;
  if (worker_.cork_owner == this) {
    worker_.cork += bytes;
    if (worker_.cork.size() <= kCorkBytes) return true;
    send_corked();
    worker_.cork_owner = this;
    return is_open();
  }
  after_write(transport_.write(bytes));
  return is_open();
}

void HttpConnection::after_write(bool alive) {
  if (!alive) return close();
  if (queued_bytes() == 0) {
    if ((interest_ & kWritable) != 0) {
      set_interest(interest_ & ~kWritable);
      if (state_ == State::kLingering) return finish_sending();
      if (state_ == State::kHead) {
        if (closing_ && leftover_.empty()) return linger();
        worker_.set_deadline(*this, worker_.limits().idle_timeout);
        if (!leftover_.empty()) process_leftover();
        if (state_ == State::kHead) resume_reading();
      }
      wake_drain_waiter();
    }
    return;
  }
  worker_.set_deadline(*this, worker_.limits().write_timeout);
  std::uint32_t interest = interest_ | kWritable;
  if (queued_bytes() > kOutputBytes && state_ == State::kHead) interest &= ~kReadable;
  set_interest(interest);
}

void HttpConnection::set_interest(std::uint32_t interest) {
  if (interest == interest_ || !transport_.is_open()) return;
  interest_ = static_cast<std::uint8_t>(interest);
  worker_.poller().change(transport_.descriptor(), interest, *this);
}

void HttpConnection::pause_reading() {
  set_interest(interest_ & ~kReadable);
}

void HttpConnection::resume_reading() {
  if ((interest_ & kReadable) != 0) return;
  set_interest(interest_ | kReadable);
  // Decrypted bytes inside the session do not make the socket readable.
  if (transport_.may_hold_input()) {
    worker_.loop().post([connection = shared_from_this()] { connection->on_ready(kReadable); });
  }
}

void HttpConnection::wake_drain_waiter() {
  if (auto waiting = std::exchange(drain_waiter_, nullptr)) waiting.resume();
}

void HttpConnection::on_deadline() {
  const Limits& limits = worker_.limits();
  if (state_ == State::kBody && arriving_ != nullptr && queued_bytes() == 0) {
    const std::uint64_t elapsed = worker_.now() - arriving_->window_start;
    const std::uint64_t arrived = arriving_->received - arriving_->received_before;
    if (body_paused_ || arrived >= elapsed * limits.min_body_rate) return begin_rate_window();
    return refuse({408, "the body arrives too slowly"});
  }
  if (state_ == State::kHead && parser_.has_begun()) {
    return refuse({408, "the request's head did not arrive in time"});
  }
  if (state_ == State::kHandling && queued_bytes() == 0 && (interest_ & kWritable) == 0) return;
  close();
}

void HttpConnection::on_drain() {
  tell_stream();
  if (state_ != State::kHead || !leftover_.empty() || queued_bytes() != 0) {
    closing_ = true;
  } else if (has_served_) {
    close();
  } else {
    // Its first request is on its way or unread in the socket: closing now would break it off.
    closing_ = true;
    worker_.loop().post_after(kFirstRequestPatience, [waiting = weak_from_this()] {
      const auto connection = waiting.lock();
      const bool is_silent =
          connection && connection->state_ == State::kHead && !connection->head_timed_;
      if (is_silent) connection->close();
    });
  }
}

void HttpConnection::on_shutdown() {
  if (worker_.cork_owner == this) {
    worker_.cork_owner = nullptr;
    worker_.cork.clear();
  }
  close();
}

void HttpConnection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  if (transport_.is_open()) {
    worker_.poller().remove(transport_.descriptor());
    transport_.close();
  }
  const std::shared_ptr<HttpConnection> alive = shared_from_this();
  worker_.release(*this);
  tell_stream();
  if (arriving_ != nullptr && arriving_->stream != nullptr) {
    const std::shared_ptr<StreamedBody> stream = std::move(arriving_->stream);
    arriving_ = nullptr;
    stream->fail(BodyError("the client closed the connection before the end of the body"));
  }
  wake_drain_waiter();
}

}  // namespace hornbeam::http
