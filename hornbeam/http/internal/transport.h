#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hornbeam/http/internal/tls.h"

namespace hornbeam::http {

/// What a connection has to send. A thread uses the short ones again.
struct SendBuffer {
  struct Recycle {
    void operator()(SendBuffer* buffer) const noexcept;
  };
  using Pointer = std::unique_ptr<SendBuffer, Recycle>;

  std::string bytes;
  std::size_t sent = 0;  ///< Of `bytes`.
};

/// A connected, non-blocking socket with what it still has to send, encrypted if it has a TLS
/// session. What is to be sent may be held back for a while, to go in one write with what follows.
class Transport {
 public:
  explicit Transport(int descriptor) noexcept : descriptor_(descriptor) {}
  /// Encrypts what is sent from here on.
  void start_tls(std::unique_ptr<TlsSession> tls) noexcept { tls_ = std::move(tls); }
  Transport(Transport&& other) noexcept;
  Transport& operator=(Transport&&) = delete;
  ~Transport();

  enum class ReadStatus : std::uint8_t { kData, kNothing, kEnded, kFailed };
  struct Read {
    ReadStatus status = ReadStatus::kNothing;
    std::size_t bytes = 0;
  };
  /// Reads plain bytes into `into`; `scratch` holds sealed bytes meanwhile (TLS only).
  Read read(std::span<char> into, std::span<char> scratch);
  /// Whether decrypted bytes may wait inside the TLS session: read again before waiting for the
  /// socket.
  bool may_hold_input() const noexcept { return tls_ != nullptr; }

  /// Sends `bytes`, behind what is held, keeping what the socket does not take now. False if the
  /// connection is gone.
  bool write(std::string_view bytes);
  /// Where to append what `send_held` sends. Requires: nothing is queued. Lifetime: until the next
  /// call but this.
  std::string& hold();
  /// Whether something is held that was not offered to the socket yet.
  bool is_holding() const noexcept { return is_holding_; }
  /// Held bytes.
  std::size_t held_bytes() const noexcept { return is_holding_ ? pending_->bytes.size() : 0; }
  /// Sends what is held, if anything is. False if the connection is gone.
  bool send_held();
  /// Sends up to `size` bytes of `file` from `offset` on, when nothing is kept: how many were
  /// taken, 0 if the socket takes none now. Nothing if the connection is gone or the file ends
  /// before that.
  std::optional<std::size_t> send_file(int file, std::uint64_t offset, std::uint64_t size);
  /// Sends more of what was kept. False if the connection is gone.
  bool flush();
  /// What the socket did not take yet, without what is held.
  std::size_t queued_bytes() const noexcept {
    return pending_ == nullptr || is_holding_ ? 0 : pending_->bytes.size() - pending_->sent;
  }

  /// Sends the end of the stream; reading goes on.
  void shut_down_sending();
  void close() noexcept;
  int descriptor() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }
  bool is_tls() const noexcept { return tls_ != nullptr; }

 private:
  bool write_plain(std::string_view bytes);

  int descriptor_;
  bool is_holding_ = false;      // `pending_` is held: plain, and nothing of it was sent.
  SendBuffer::Pointer pending_;  // Null if there is nothing: an idle connection holds no buffer.
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace hornbeam::http
