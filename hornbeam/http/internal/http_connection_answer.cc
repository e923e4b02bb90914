// The second half of an exchange: what a handler gives is turned into bytes, now, later, piece by
// piece, or into a socket.

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fcntl.h>

#include "hornbeam/base/log.h"
#include "hornbeam/http/client_gone.h"
#include "hornbeam/http/internal/http_connection.h"
#include "hornbeam/http/internal/request_builder.h"
#include "hornbeam/http/internal/websocket_connection.h"
#include "hornbeam/http/websocket_upgrade.h"

namespace hornbeam::http {

namespace {

// Unsent output past which a stream's writer waits.
constexpr std::size_t kStreamQueueBytes = 128 * 1024;
// What a stream's writer may send at a stretch.
constexpr std::size_t kStreamTurnBytes = 256 * 1024;
// How long what a refused client still sends is dropped, so that it gets to read the answer.
constexpr std::chrono::seconds kLingerTime{2};

Response internal_error() {
  return {500, "text/plain; charset=utf-8", std::string("500 Internal Server Error\n")};
}

}  // namespace

void log_handler_failure(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const std::exception& known) {
    base::log_error("a request handler failed: {}", known.what());
  } catch (...) {
    base::log_error("a request handler failed with something that is no std::exception");
  }
}

void HttpConnection::dispatch(Request& request) {
  worker_.requests.fetch_add(1, std::memory_order_relaxed);
  has_served_ = true;
  if (!framing_.keep_alive || worker_.is_draining()) closing_ = true;
  if (arriving_ == nullptr) {
    state_ = State::kHandling;
    deadline = 0;
  }
  try {
    accept_reply(worker_.handler().handle(request), request);
  } catch (...) {
    log_handler_failure(std::current_exception());
    respond(internal_error());
  }
}

void HttpConnection::accept_reply(Reply reply, Request& request) {
  if (auto* response = std::get_if<Response>(&reply)) {
    respond(std::move(*response));
  } else if (auto* task = std::get_if<base::Task<Response>>(&reply)) {
    await_response(shared_from_this(), std::move(*task));
  } else if (auto* answer = std::get_if<base::Task<Answer>>(&reply)) {
    await_answer(shared_from_this(), std::move(*answer), request.detach());
  } else {
    upgrade(std::move(std::get<WebSocketUpgrade>(reply)), request);
  }
}

void HttpConnection::upgrade(WebSocketUpgrade upgrade, const Request& request) {
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
  if (processing_) return;  // Which hands over what it has not used up.
  std::string rest = std::exchange(leftover_, {});
  hand_over(rest);
}

// The socket begins, with what came behind the handshake.
void HttpConnection::hand_over(std::span<char> bytes) {
  std::exchange(successor_, nullptr)->begin(bytes);
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
    log_handler_failure(std::current_exception());
    response = internal_error();
  }
  if (self->is_open()) self->respond(std::move(*response));
}

base::Detached HttpConnection::await_answer(std::shared_ptr<HttpConnection> self,
                                            base::Task<Answer> task, Request request) {
  const Worker::TaskCount counted(self->worker_);
  std::optional<Answer> answer;
  try {
    answer = co_await std::move(task);
  } catch (...) {
    log_handler_failure(std::current_exception());
    answer = internal_error();
  }
  if (!self->is_open()) co_return;
  try {
    if (auto* response = std::get_if<Response>(&*answer)) {
      self->respond(std::move(*response));
    } else {
      self->upgrade(std::move(std::get<WebSocketUpgrade>(*answer)), request);
    }
  } catch (...) {
    log_handler_failure(std::current_exception());
    self->respond(internal_error());
  }
}

// Writes on behalf of a handler that does not know how long its body will be. Waits for the client
// when that is slow, and for the loop's other connections when it is quick.
class HttpConnection::StreamSink final : public BodySink {
 public:
  StreamSink(HttpConnection& connection, bool is_chunked, std::optional<std::uint64_t> size)
      : connection_(connection), left_(size), is_chunked_(is_chunked) {}

  /// Whether all that was announced has been written.
  bool is_complete() const { return !left_ || *left_ == 0; }

  ClientGone client_gone() override { return ClientGone(connection_.watch_client()); }

  base::Task<bool> write(std::string piece) override {
    if (piece.empty()) co_return connection_.is_open();  // An empty chunk would be the last.
    if (left_ && piece.size() > *left_) {
      throw std::length_error("a stream wrote more than the length it was given");
    }
    if (left_) *left_ -= piece.size();
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
  std::size_t turn_bytes_ = 0;         // Written since others had their turn.
  std::optional<std::uint64_t> left_;  // Of what was announced.
  bool is_chunked_;
};

base::Detached HttpConnection::stream_response(std::shared_ptr<HttpConnection> connection,
                                               StreamBody body, std::optional<std::uint64_t> size) {
  const Worker::TaskCount counted(connection->worker_);
  const bool is_chunked = !size && !connection->was_minor_0_;
  StreamSink sink(*connection, is_chunked, size);
  bool complete = true;
  try {
    co_await body(sink);
    complete = sink.is_complete();
  } catch (...) {
    log_handler_failure(std::current_exception());
    complete = false;
  }
  if (!connection->is_open()) co_return;
  if (!complete) {
    // The client must not take half a body for a whole one: without its last chunk, or its last
    // bytes, it is visibly cut off.
    connection->closing_ = true;
  } else if (is_chunked) {
    connection->write(kLastChunk);
  }
  if (connection->is_open()) connection->finish_response();
}

/// Waits until the socket takes more.
struct HttpConnection::Room {
  HttpConnection& connection;
  bool await_ready() const { return !connection.is_open(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    connection.drain_waiter_ = waiting;
    connection.worker_.set_deadline(connection, connection.worker_.limits().write_timeout);
    connection.set_interest(connection.interest_ | kWritable);
  }
  void await_resume() const {}
};

// The loop reads the file itself. What it reads has been asked for ahead of time, so that it rarely
// waits for a disk.
base::Detached HttpConnection::send_file(std::shared_ptr<HttpConnection> connection,
                                         FileBody body) {
  const Worker::TaskCount counted(connection->worker_);
  const int file = body.file->descriptor();
  ::posix_fadvise(file, static_cast<off_t>(body.offset), static_cast<off_t>(body.size),
                  POSIX_FADV_SEQUENTIAL);
  while (body.size != 0 && connection->is_open()) {
    const auto sent = connection->transport_.send_file(
        file, body.offset, std::min<std::uint64_t>(body.size, kStreamTurnBytes));
    if (!sent) {
      // The client has gone, or the file became shorter: then it is visibly cut off.
      connection->close();
      co_return;
    }
    body.offset += *sent;
    body.size -= *sent;
    // Every turn ends with the others' turn, or when the client has caught up.
    if (body.size != 0 || connection->queued_bytes() != 0) co_await Room{*connection};
  }
  if (connection->is_open()) connection->finish_response();
}

std::stop_token HttpConnection::watch_client() {
  if (client_gone_ == nullptr) {
    client_gone_ = std::make_unique<std::stop_source>();
    if (!is_open() || input_ended_ || worker_.is_draining()) {
      client_gone_->request_stop();
    } else {
      set_interest(interest_ | kInputEnded);
    }
  }
  return client_gone_->get_token();
}

void HttpConnection::tell_stream() {
  set_interest(interest_ & ~kInputEnded);
  if (client_gone_ == nullptr) return;
  // Not from here: its callbacks may do anything, and this may be called from anywhere.
  worker_.loop().post([source = *client_gone_]() mutable { source.request_stop(); });
}

void HttpConnection::respond(Response response) {
  if (state_ == State::kClosed || state_ == State::kLingering) return;
  // A body that nobody has read to its end stands between this response and the next request.
  if (response.closes() || arriving_ != nullptr) closing_ = true;
  if (response.is_streamed() && was_minor_0_ && !response.body_size()) closing_ = true;
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
    return send_body(response.body());
  }
  finish_response();
}

void HttpConnection::send_body(Response::Body& body) {
  // While the request's body still arrives, it is read on: a handler may answer piece by piece what
  // it reads.
  if (arriving_ == nullptr) state_ = State::kHandling;
  if (auto* file = std::get_if<FileBody>(&body)) {
    const bool was_corked = worker_.cork_owner == this;
    if (was_corked) send_corked();  // The head goes first.
    if (state_ == State::kClosed) return;
    if (was_corked) worker_.cork_owner = this;
    send_file(shared_from_this(), std::move(*file));
  } else if (auto* sized = std::get_if<SizedStream>(&body)) {
    const std::uint64_t size = sized->size;
    stream_response(shared_from_this(), std::move(sized->write), size);
  } else {
    stream_response(shared_from_this(), std::move(std::get<StreamBody>(body)), std::nullopt);
  }
}

void HttpConnection::finish_response() {
  if (client_gone_ != nullptr) {
    client_gone_ = nullptr;
    set_interest(interest_ & ~kInputEnded);
  }
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

}  // namespace hornbeam::http
