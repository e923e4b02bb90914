#pragma once

// WebSocket: what a conversation holds. The same handle speaks over a server's connection and over
// a test's pipe.
//
//   Task<void> echo(WebSocket socket) {
//     while (auto message = co_await socket.receive()) socket.send(message->data);
//   }
//
// A handle, never a reference to a connection: it may outlive the client, and sending to one who
// has gone is a result, not a crash. `send` may be called from any thread and takes whole messages,
// so frames never interleave.

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/http/websocket_frame.h"

namespace hornbeam::http {

/// Limits and habits of one socket.
struct WebSocketOptions {
  /// Largest message taken, after inflation; a larger one closes with 1009. Bytes.
  std::size_t max_message_bytes = std::size_t{1} << 20;
  /// Unsent output at which a slow reader is dropped with 1008. Bytes.
  std::size_t max_queued_bytes = std::size_t{1} << 20;
  /// Silence after which a ping goes out; a second silence of this length closes. Zero never pings.
  std::chrono::seconds ping_interval{30};
  /// Agree to permessage-deflate. Off: it costs time, some 40 KiB while a message arrives, and
  /// short messages gain nothing.
  bool compress = false;
};

/// One message that was received. Its memory is used again for the next one of the thread, so that
/// a conversation of short messages allocates nothing.
struct WebSocketMessage {
  std::string data;        ///< The text, or the bytes.
  bool is_binary = false;  ///< Whether it came as bytes, not as text.

  WebSocketMessage() = default;
  /// Copies `bytes`.
  WebSocketMessage(std::string_view bytes, bool binary);
  WebSocketMessage(WebSocketMessage&&) = default;
  WebSocketMessage& operator=(WebSocketMessage&&) = default;
  ~WebSocketMessage() {
    if (data.capacity() > kSmallBytes) recycle();
  }

 private:
  static constexpr std::size_t kSmallBytes = 32;  // Not worth the trouble.
  void recycle() noexcept;
};

/// What became of a `send`.
enum class SendResult : std::uint8_t {
  kSent,        ///< Written or queued below the limit.
  kClosed,      ///< The socket has closed; nothing was sent.
  kOverflowed,  ///< The reader was too slow: the socket is being closed with 1008.
};

/// One end of a conversation, as the transport below implements it. Messages come in through
/// `deliver`.
///
/// Thread: `send`, `send_frame` and `close` from any thread; everything else on the channel's own
/// loop.
class WebSocketChannel : public std::enable_shared_from_this<WebSocketChannel> {
 public:
  WebSocketChannel() = default;
  WebSocketChannel(const WebSocketChannel&) = delete;
  WebSocketChannel& operator=(const WebSocketChannel&) = delete;
  virtual ~WebSocketChannel() = default;

  /// Sends one message; never blocks. Thread: any.
  virtual SendResult send(std::string_view data, bool is_binary) = 0;
  /// Sends an encoded server frame that many channels share.
  virtual SendResult send_frame(std::shared_ptr<const std::string> frame) = 0;
  /// Begins the closing handshake; later calls do nothing. Thread: any.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  /// Output not yet handed to the network. Bytes.
  virtual std::size_t queued_bytes() const = 0;

  /// The close code the other side sent, 1006 if it vanished, 0 while open.
  std::uint16_t close_code() const noexcept { return close_code_; }

 protected:
  friend class WebSocket;

  /// Gives a message to the waiting `receive`, which runs at once, or keeps it in the inbox.
  void deliver(std::string_view data, bool is_binary);
  /// Ends the conversation: `receive` gives nothing once the inbox is empty, `drained` gives false.
  void deliver_end(std::uint16_t code);
  /// Wakes a waiting `drained`.
  void deliver_drained();
  /// Whether nothing more will come.
  bool has_ended() const noexcept { return close_code_ != 0; }
  /// Whether somebody waits for a message.
  bool is_receiving() const noexcept { return receiver_ != nullptr; }
  /// Messages that came and were not asked for yet.
  std::size_t inbox_size() const noexcept {
    return inbox_ == nullptr ? 0 : inbox_->messages.size() - inbox_->read;
  }
  /// Their size. Bytes.
  std::size_t inbox_bytes() const noexcept;
  /// Called when a full inbox has been emptied, so that a transport may read on.
  virtual void on_inbox_empty() {}

 private:
  /// What came while nobody asked. Made when it is needed, as most conversations keep up.
  struct Inbox {
    std::vector<WebSocketMessage> messages;
    std::size_t read = 0;
  };

  /// What a `receive` gives that need not wait, or has been woken.
  std::optional<WebSocketMessage> take();

  std::coroutine_handle<> receiver_;
  std::coroutine_handle<> drain_waiter_;
  std::unique_ptr<Inbox> inbox_;
  std::uint16_t close_code_ = 0;
};

/// A conversation over a WebSocket. Copies are the same conversation.
class WebSocket {
 public:
  /// A conversation over `channel`, which lives as long as the last copy.
  explicit WebSocket(std::shared_ptr<WebSocketChannel> channel) : channel_(std::move(channel)) {}

  /// Awaits the next message; nothing once the socket has closed. Requires: one `receive` at a
  /// time.
  auto receive() const {
    struct Awaiter {
      // No place for the message: it would be part of every quiet conversation's frame.
      WebSocketChannel* channel;

      bool await_ready() const { return channel->inbox_size() != 0 || channel->has_ended(); }
      void await_suspend(std::coroutine_handle<> waiting) const {
        base::check(channel->receiver_ == nullptr, "one receive at a time");
        channel->receiver_ = waiting;
      }
      std::optional<WebSocketMessage> await_resume() const { return channel->take(); }
    };
    return Awaiter{channel_.get()};
  }

  /// Sends one text message.
  SendResult send(std::string_view text) const { return channel_->send(text, false); }
  /// Sends one message of bytes.
  SendResult send_binary(std::string_view bytes) const { return channel_->send(bytes, true); }
  /// Sends a frame encoded once for many sockets (`shared_frame`).
  SendResult send_frame(std::shared_ptr<const std::string> frame) const {
    return channel_->send_frame(std::move(frame));
  }

  /// Awaits until what was sent has left; false if the socket closed instead. Requires: one waiter,
  /// on its loop.
  auto drained() const {
    struct Awaiter {
      WebSocketChannel* channel;

      bool await_ready() const { return channel->has_ended() || channel->queued_bytes() == 0; }
      void await_suspend(std::coroutine_handle<> waiting) const {
        channel->drain_waiter_ = waiting;
      }
      bool await_resume() const { return !channel->has_ended(); }
    };
    return Awaiter{channel_.get()};
  }

  /// Begins the closing handshake; later sends give `kClosed`.
  void close(CloseCode code = CloseCode::kNormal, std::string_view reason = {}) const {
    channel_->close(static_cast<std::uint16_t>(code), reason);
  }
  void close(std::uint16_t code, std::string_view reason) const { channel_->close(code, reason); }

  /// The close code the other side sent, 1006 if it vanished, 0 while open.
  std::uint16_t close_code() const noexcept { return channel_->close_code(); }
  /// Output not yet handed to the network. Bytes.
  std::size_t queued_bytes() const { return channel_->queued_bytes(); }

 private:
  std::shared_ptr<WebSocketChannel> channel_;
};

}  // namespace hornbeam::http
