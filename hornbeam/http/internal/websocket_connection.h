#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "hornbeam/http/handler.h"
#include "hornbeam/http/internal/pollable.h"
#include "hornbeam/http/internal/transport.h"
#include "hornbeam/http/internal/worker.h"
#include "hornbeam/http/websocket_codec.h"

namespace hornbeam::http {

// WebSocketConnection: the server's end of one socket. It is kept small, because most sockets of a
// busy server are idle: no buffer, no timer of its own, the decoder's side state only within a
// message that is in parts.
//
// What is sent to it in one turn of the loop goes in one write: while it is served itself by way of
// the worker's cork, which is written when its input has been dealt with; else it is held by the
// transport, and written at the end of the turn. What is long is written at once, and what a slow
// reader has not taken yet is queued, and counted against the limit.
//
// Closing: whichever side begins, a close frame is answered by a close frame, then the stream ends;
// a peer that does not answer is cut off after kCloseTime. The conversation
// (`WebSocketUpgrade::run`) ends on its own: it sees no more messages.
class WebSocketConnection final : public Pollable, public WebSocketChannel {
 public:
  /// Takes a transport whose handshake has been answered.
  static std::shared_ptr<WebSocketConnection> take_over(
      Worker& worker, Transport transport, WebSocketUpgrade upgrade,
      const std::optional<DeflateParameters>& deflate);

  WebSocketConnection(Worker& worker, Transport transport, WebSocketUpgrade upgrade,
                      const std::optional<DeflateParameters>& deflate);
  ~WebSocketConnection() override;

  /// Begins the conversation; `bytes` are what came behind the handshake.
  void begin(std::span<char> bytes);

  void on_ready(std::uint32_t readiness) override;
  void on_deadline() override;
  void on_turn_end() override;
  void on_drain() override;
  void on_shutdown() override;

  SendResult send(std::string_view data, bool is_binary) override;
  SendResult send_frame(std::shared_ptr<const std::string> frame) override;
  void close(std::uint16_t code, std::string_view reason) override;
  std::size_t queued_bytes() const override { return transport_.queued_bytes(); }

 private:
  enum class State : std::uint8_t {
    kOpen,
    kClosing,    // Our close frame has been sent; the peer's is awaited.
    kLingering,  // Both have been sent; the end of the stream is awaited.
    kClosed,
  };

  static base::Detached converse(std::shared_ptr<WebSocketConnection> self);
  void read();
  void process(std::span<char> bytes);
  bool accept(const WebSocketEvent& event);
  void fail_conversation() noexcept;
  SendResult send_from_elsewhere(std::string_view data, bool is_binary);
  SendResult send_frame_of(Opcode opcode, std::string_view data);
  std::string* find_place(std::size_t size);
  std::string* hold(std::size_t size);
  SendResult write(std::string_view frame);
  void write_close(std::uint16_t code, std::string_view reason);
  void fail(std::uint16_t code, std::string_view reason);
  void finish_closing(std::uint16_t code);
  void flush_cork();
  void after_write(bool alive);
  void set_interest(std::uint32_t interest);
  void end(std::uint16_t code);
  void on_inbox_empty() override;
  void read_on_later();
  bool is_on_loop() const noexcept;
  template <class Job>
  SendResult post(Job job);

  // The small ones first, where the channel leaves some bytes.
  State state_ = State::kOpen;
  std::uint8_t interest_ = kReadable;
  bool has_pinged_ = false;
  bool inbox_full_ = false;
  bool is_flush_due_ = false;      // In the worker's list.
  std::uint8_t deflate_bits_ = 0;  // Of the window to compress within; 0 does not compress.
  Worker& worker_;  // Not to be touched once kClosed: a handle may outlive the server.
  std::shared_ptr<Postbox> postbox_;
  Transport transport_;
  WebSocketDecoder decoder_;
  std::uint32_t max_queued_bytes_;
  std::uint16_t ping_seconds_;
  std::unique_ptr<std::string> leftover_;  // Received while the inbox was full.
  std::move_only_function<base::Task<void>(WebSocket)> run_;
  void (*on_failure_)(const WebSocket& socket);
};

}  // namespace hornbeam::http
