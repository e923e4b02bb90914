#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "hornbeam/http/chunked.h"
#include "hornbeam/http/internal/pollable.h"
#include "hornbeam/http/internal/streamed_body.h"
#include "hornbeam/http/internal/transport.h"
#include "hornbeam/http/internal/worker.h"
#include "hornbeam/http/response_writer.h"

namespace hornbeam::http {

class WebSocketConnection;

/// Logs what a handler threw. Where exceptions of handlers end.
void log_handler_failure(std::exception_ptr failure);

// HttpConnection: one client, one request at a time.
//
//   kHead --complete head--> kBody --complete body--> kHandling --response--> kHead ...
//     \--refused--> kLingering (say why, stop sending, drop what still comes, close)
//
// A head and body that lie whole in the read buffer, and a handler that answers at once, never
// leave the buffer: the answers to everything found in one read are collected and written together.
// Whatever takes longer moves into memory of the connection's own, and only then.
class HttpConnection final : public Pollable, public std::enable_shared_from_this<HttpConnection> {
 public:
  /// Takes over an accepted socket.
  static void open(Worker& worker, int descriptor, const Endpoint& peer);

  HttpConnection(Worker& worker, Transport transport, const Endpoint& peer);
  ~HttpConnection() override;

  void on_ready(std::uint32_t readiness) override;
  void on_deadline() override;
  void on_drain() override;
  void on_shutdown() override;

  /// For a streamed body's reader: it has room again.
  void resume_body();

 private:
  enum class State : std::uint8_t { kHead, kBody, kHandling, kLingering, kClosed };

  /// What of a request is kept while its body arrives.
  struct Arriving {
    Request request;
    BodyPlan plan;
    bool is_chunked = false;
    std::uint64_t left = 0;             // Of a body with a length.
    std::uint64_t received = 0;         // Payload so far.
    std::uint64_t received_before = 0;  // ... when the present window of its rate began,
    std::uint32_t window_start = 0;     // at this tick.
    ChunkedDecoder decoder;
    std::string body;
    std::shared_ptr<StreamedBody> stream;
  };

  bool write(std::string_view bytes);
  std::size_t queued_bytes() const noexcept { return transport_.queued_bytes(); }
  bool is_open() const noexcept { return state_ != State::kClosed; }
  void read();
  void process(std::span<char> bytes);
  void process_leftover();
  std::size_t take_head(std::span<char> bytes);
  std::size_t take_body(std::span<char> bytes);
  void begin_body(const BodyPlan& plan);
  bool accept_payload(std::string_view payload);
  void begin_rate_window();
  void end_body();
  void dispatch(Request& request);
  void accept_reply(Reply reply, Request& request);
  void upgrade(WebSocketUpgrade upgrade, const Request& request);
  void hand_over(std::span<char> bytes);
  void respond(Response response);
  void finish_response();
  void read_on();
  void refuse(const Refusal& refusal);
  void linger();
  void finish_sending();
  void end_of_input();
  void send_corked();
  void after_write(bool alive);
  void set_interest(std::uint32_t interest);
  void pause_reading();
  void resume_reading();
  void close();
  void wake_drain_waiter();

  static base::Detached await_response(std::shared_ptr<HttpConnection> self,
                                       base::Task<Response> task);
  static base::Detached await_answer(std::shared_ptr<HttpConnection> self, base::Task<Answer> task,
                                     Request request);
  static base::Detached stream_response(std::shared_ptr<HttpConnection> connection, StreamBody body,
                                        std::optional<std::uint64_t> size);
  static base::Detached send_file(std::shared_ptr<HttpConnection> connection, FileBody body);
  void send_body(Response::Body& body);
  std::stop_token watch_client();
  void tell_stream();
  class StreamSink;
  struct Room;

  Worker& worker_;
  Transport transport_;
  RequestParser parser_;
  Framing framing_;
  Endpoint peer_;
  State state_ = State::kHead;
  bool is_head_ = false;      // The request being answered is HEAD.
  bool was_minor_0_ = false;  // ... or came by HTTP/1.0.
  bool closing_ = false;      // Close once the current response has been sent.
  bool processing_ = false;   // `process` is on the stack.
  bool body_paused_ = false;  // A streamed body's reader is behind.
  bool input_ended_ = false;  // The client has finished sending.
  bool head_timed_ = false;   // The deadline is that of a head which has begun.
  bool has_served_ = false;   // A request has come by this connection.
  std::uint8_t interest_ = kReadable;
  std::string leftover_;  // Received, not yet processed.
  std::unique_ptr<Arriving> arriving_;
  std::uint32_t dropped_ = 0;                       // Bytes, while lingering.
  std::unique_ptr<std::stop_source> client_gone_;   // Of a stream that asked for it.
  std::coroutine_handle<> drain_waiter_;            // A stream's writer that waits for room.
  std::shared_ptr<WebSocketConnection> successor_;  // Takes the rest of the input over.
};

}  // namespace hornbeam::http
