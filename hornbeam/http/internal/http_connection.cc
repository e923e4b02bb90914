#include "hornbeam/http/internal/http_connection.h"

#include <algorithm>
#include <utility>

#include "hornbeam/base/log.h"
#include "hornbeam/http/internal/request_builder.h"
#include "hornbeam/http/internal/websocket_connection.h"
#include "hornbeam/http/websocket_upgrade.h"

namespace hornbeam::http {

namespace {

// Output that is collected before it is written although more requests wait in the buffer.
constexpr std::size_t kCorkBytes = 256 * 1024;
// Unsent output past which no further request is read.
constexpr std::size_t kOutputBytes = std::size_t{1} << 20;
// Unsent output past which a stream's writer waits.
constexpr std::size_t kStreamQueueBytes = 128 * 1024;
// What a stream's writer may send at a stretch.
constexpr std::size_t kStreamTurnBytes = 256 * 1024;
// How long what a refused client still sends is dropped, so that it gets to read the answer.
constexpr std::chrono::seconds kLingerTime{2};
// Most bytes taken in one read; the buffer's other half is for what was left over.
constexpr std::size_t kReadBytes = 64 * 1024;

Response internal_error() {
  Response response(500, "text/plain; charset=utf-8", std::string("500 Internal Server Error\n"));
  return response;
}

void log_failure(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const std::exception& known) {
    base::log_error("a request handler failed: {}", known.what());
  } catch (...) {
    base::log_error("a request handler failed with something that is no std::exception");
  }
}

}  // namespace

void HttpConnection::open(Worker& worker, int descriptor, const Endpoint& peer) {
  std::unique_ptr<TlsSession> tls;
  if (worker.tls() != nullptr) tls = std::make_unique<TlsSession>(*worker.tls());
  auto connection =
      std::make_shared<HttpConnection>(worker, Transport(descriptor, std::move(tls)), peer);
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
    if (state_ == State::kLingering) continue;
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
    std::exchange(successor_, nullptr)->begin(bytes);
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
    log_failure(std::current_exception());
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

void HttpConnection::dispatch(Request& request) {
  worker_.requests.fetch_add(1, std::memory_order_relaxed);
  if (!framing_.keep_alive || worker_.is_draining()) closing_ = true;
  if (arriving_ == nullptr) {
    state_ = State::kHandling;
    deadline = 0;
  }
  try {
    accept_reply(worker_.handler().handle(request), request);
  } catch (...) {
    log_failure(std::current_exception());
    respond(internal_error());
  }
}

void HttpConnection::accept_reply(Reply reply, Request& request) {
  if (auto* response = std::get_if<Response>(&reply)) {
    respond(std::move(*response));
  } else if (auto* task = std::get_if<base::Task<Response>>(&reply)) {
    await_response(shared_from_this(), std::move(*task));
  } else {
    upgrade(std::move(std::get<WebSocketUpgrade>(reply)), request);
  }
}

void HttpConnection::upgrade(WebSocketUpgrade upgrade, Request& request) {
  WebSocketHandshake handshake = answer_handshake(request, upgrade);
  if (handshake.refusal) return respond(std::move(*handshake.refusal));
  // What is still to come of a body would be taken for frames.
  if (arriving_ != nullptr) return respond(refusal_response(400, "a handshake streams no body"));
  std::string& out = worker_.cork_owner == this ? worker_.cork : handshake.response;
  if (&out == &worker_.cork) out += handshake.response;
  const bool alive = transport_.write(out);
  out.clear();
  if (!alive) return close();
  state_ = State::kClosed;
  successor_ = WebSocketConnection::take_over(worker_, std::move(transport_), std::move(upgrade),
                                              handshake.deflate);
  worker_.release(*this);
}

base::Detached HttpConnection::await_response(std::shared_ptr<HttpConnection> self,
                                              base::Task<Response> task) {
  const Worker::TaskCount counted(self->worker_);
  std::optional<Response> response;
  try {
    response = co_await std::move(task);
  } catch (const BodyError& refused) {
    response = refusal_response(refused.status(), refused.what());
  } catch (...) {
    log_failure(std::current_exception());
    response = internal_error();
  }
  if (self->is_open()) self->respond(std::move(*response));
}

// Writes on behalf of a handler that does not know how long its body will be. Waits for the client
// when that is slow, and for the loop's other connections when it is quick.
class HttpConnection::StreamSink final : public BodySink {
 public:
  StreamSink(HttpConnection& connection, bool is_chunked)
      : connection_(connection), is_chunked_(is_chunked) {}

  base::Task<bool> write(std::string piece) override {
    if (is_chunked_) {
      std::string chunk;
      append_chunk(chunk, piece);
      piece = std::move(chunk);
    }
    if (!connection_.write(piece)) co_return false;
    turn_bytes_ += piece.size();
    co_await Turn{*this};
    co_return connection_.is_open();
  }

 private:
  struct Turn {
    StreamSink& sink;
    bool is_behind() const { return sink.connection_.queued_bytes() > kStreamQueueBytes; }
    bool await_ready() const { return !is_behind() && sink.turn_bytes_ < kStreamTurnBytes; }
    void await_suspend(std::coroutine_handle<> waiting) const {
      sink.turn_bytes_ = 0;
      if (is_behind()) {
        sink.connection_.drain_waiter_ = waiting;
      } else {
        sink.connection_.worker_.loop().post([waiting] { waiting.resume(); });
      }
    }
    void await_resume() const {}
  };

  HttpConnection& connection_;
  std::size_t turn_bytes_ = 0;  // Written since others had their turn.
  bool is_chunked_;
};

base::Detached HttpConnection::stream_response(std::shared_ptr<HttpConnection> connection,
                                               StreamBody body, bool is_chunked) {
  const Worker::TaskCount counted(connection->worker_);
  StreamSink sink(*connection, is_chunked);
  bool complete = true;
  try {
    co_await body(sink);
  } catch (...) {
    // The client must not take half a body for a whole one: without its last chunk it is visibly
    // cut off.
    log_failure(std::current_exception());
    complete = false;
  }
  if (!connection->is_open()) co_return;
  if (!complete) {
    connection->closing_ = true;
  } else if (is_chunked) {
    connection->write(kLastChunk);
  }
  if (connection->is_open()) connection->finish_response();
}

void HttpConnection::respond(Response response) {
  if (state_ == State::kClosed || state_ == State::kLingering) return;
  // A body that nobody has read to its end stands between this response and the next request.
  if (response.closes() || arriving_ != nullptr) closing_ = true;
  const bool is_chunked = response.is_streamed() && !was_minor_0_;
  if (response.is_streamed() && was_minor_0_) closing_ = true;
  const ResponseFraming framing{worker_.date(), was_minor_0_ ? 0 : 1, is_head_, !closing_};
  if (worker_.cork_owner == this) {
    append_response(worker_.cork, response, framing);
  } else {
    std::string out;
    append_response(out, response, framing);
    after_write(transport_.write(out));
    if (state_ == State::kClosed) return;
  }
  if (response.is_streamed() && !is_head_ && response.status() != 204 && response.status() != 304) {
    // While the request's body still arrives, it is read on: a handler may answer piece by piece
    // what it reads.
    if (arriving_ == nullptr) state_ = State::kHandling;
    stream_response(shared_from_this(), std::move(std::get<StreamBody>(response.body())),
                    is_chunked);
    return;
  }
  finish_response();
}

void HttpConnection::finish_response() {
  if (closing_) {
    linger();
    return;
  }
  state_ = State::kHead;
  worker_.set_deadline(*this, worker_.limits().idle_timeout);
  if (!processing_) read_on();
}

void HttpConnection::read_on() {
  if (leftover_.empty()) return resume_reading();
  // Not from here: whoever completed a response, or took a piece of a body, may itself be in the
  // middle of something.
  worker_.loop().post([connection = shared_from_this()] {
    connection->process_leftover();
    const bool waits = connection->state_ == State::kHead || connection->state_ == State::kBody;
    if (waits && !connection->body_paused_) connection->resume_reading();
  });
}

void HttpConnection::refuse(const Refusal& refusal) {
  if (arriving_ != nullptr && arriving_->stream != nullptr) {
    // The handler is at work: it learns from its body that the request cannot be completed, and the
    // answer is its own.
    const std::shared_ptr<StreamedBody> stream = std::move(arriving_->stream);
    arriving_->stream = nullptr;
    state_ = State::kHandling;
    closing_ = true;
    stream->fail(BodyError(std::string(refusal.reason), refusal.status));
    return;
  }
  arriving_ = nullptr;
  is_head_ = false;
  closing_ = true;
  state_ = State::kHandling;
  respond(refusal_response(refusal.status, refusal.reason));
}

// Closing at once would reset the connection if the client is still sending, and a reset may
// destroy the response before it is read: "the server first does a half-close ... and reads" (RFC
// 9112, section 9.6).
void HttpConnection::linger() {
  state_ = State::kLingering;
  arriving_ = nullptr;
  if (worker_.cork_owner == this) send_corked();
  if (state_ == State::kClosed) return;
  if (queued_bytes() == 0) return finish_sending();
  worker_.set_deadline(*this, worker_.limits().write_timeout);
  if (input_ended_) {
    pause_reading();
  } else {
    resume_reading();
  }
}

void HttpConnection::finish_sending() {
  if (input_ended_) return close();
  transport_.shut_down_sending();
  worker_.set_deadline(*this, kLingerTime);
  resume_reading();
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
  if (state_ == State::kHandling && queued_bytes() == 0) return;
  close();
}

void HttpConnection::on_drain() {
  if (state_ == State::kHead && leftover_.empty() && queued_bytes() == 0) {
    close();
  } else {
    closing_ = true;
  }
}

void HttpConnection::on_shutdown() {
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
  if (arriving_ != nullptr && arriving_->stream != nullptr) {
    const std::shared_ptr<StreamedBody> stream = std::move(arriving_->stream);
    arriving_ = nullptr;
    stream->fail(BodyError("the client closed the connection before the end of the body"));
  }
  wake_drain_waiter();
}

}  // namespace hornbeam::http
