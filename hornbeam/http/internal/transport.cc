#include "hornbeam/http/internal/transport.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hornbeam::http {

namespace {

// What of a file is read and encrypted at a time.
constexpr std::size_t kSealedPieceBytes = std::size_t{64} << 10;

// Buffers that are kept for the next connection of the thread, and how long they may be.
constexpr std::size_t kSpares = 256;
constexpr std::size_t kSpareBytes = 1024;

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// Memory used again would hide a use after free from the sanitizer.
constexpr bool kRecycles = false;
#else
constexpr bool kRecycles = true;
#endif

// Players who answer each other hold something in every turn of the loop, which costs no allocation
// by this.
class SpareBuffers {
 public:
  SpareBuffers() = default;
  SpareBuffers(const SpareBuffers&) = delete;
  SpareBuffers& operator=(const SpareBuffers&) = delete;
  ~SpareBuffers() {
    while (count_ > 0) delete all_[--count_];
    count_ = kSpares;  // A connection that outlives its thread is not kept.
  }

  SendBuffer* take() { return count_ == 0 ? new SendBuffer() : all_[--count_]; }
  void put(SendBuffer* buffer) noexcept {
    if (!kRecycles || count_ == kSpares || buffer->bytes.capacity() > kSpareBytes) {
      delete buffer;
      return;
    }
    buffer->bytes.clear();
    buffer->sent = 0;
    all_[count_++] = buffer;
  }

 private:
  std::array<SendBuffer*, kSpares> all_{};
  std::size_t count_ = 0;
};

thread_local SpareBuffers spare_buffers;

}  // namespace

void SendBuffer::Recycle::operator()(SendBuffer* buffer) const noexcept {
  spare_buffers.put(buffer);
}

Transport::Transport(Transport&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      is_holding_(std::exchange(other.is_holding_, false)),
      pending_(std::move(other.pending_)),
      tls_(std::move(other.tls_)) {}

Transport::~Transport() {
  close();
}

void Transport::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Transport::Read Transport::read(std::span<char> into, std::span<char> scratch) {
  if (tls_ == nullptr) {
    const ssize_t count = ::recv(descriptor_, into.data(), into.size(), 0);
    if (count > 0) return {ReadStatus::kData, static_cast<std::size_t>(count)};
    if (count == 0) return {ReadStatus::kEnded, 0};
    const bool again = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {again ? ReadStatus::kNothing : ReadStatus::kFailed, 0};
  }
  // What was decrypted before goes first; only then is the socket asked for more.
  TlsSession::Opened opened = tls_->open(into);
  bool ended = false;
  if (opened.status == TlsSession::Status::kOk && opened.bytes == 0) {
    const ssize_t count = ::recv(descriptor_, scratch.data(), scratch.size(), 0);
    if (count > 0) {
      tls_->feed({scratch.data(), static_cast<std::size_t>(count)});
      opened = tls_->open(into);
    } else {
      ended = count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
    }
  }
  std::string output;
  tls_->take_output(output);
  if (!write_plain(output)) return {ReadStatus::kFailed, 0};
  if (opened.bytes != 0) return {ReadStatus::kData, opened.bytes};
  if (opened.status == TlsSession::Status::kFailed) return {ReadStatus::kFailed, 0};
  const bool over = ended || opened.status == TlsSession::Status::kEnded;
  return {over ? ReadStatus::kEnded : ReadStatus::kNothing, 0};
}

std::string& Transport::hold() {
  if (pending_ == nullptr) pending_.reset(spare_buffers.take());
  is_holding_ = true;
  return pending_->bytes;
}

bool Transport::send_held() {
  if (!is_holding_) return true;
  is_holding_ = false;
  if (tls_ == nullptr) return flush();
  const SendBuffer::Pointer plain = std::move(pending_);
  return write(plain->bytes);
}

bool Transport::write(std::string_view bytes) {
  if (is_holding_) {
    hold() += bytes;
    return send_held();
  }
  if (tls_ == nullptr) return write_plain(bytes);
  if (!tls_->seal(bytes)) return false;
  std::string output;
  tls_->take_output(output);
  return write_plain(output);
}

bool Transport::write_plain(std::string_view bytes) {
  if (descriptor_ < 0) return false;
  if (queued_bytes() == 0) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) {
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  if (bytes.empty()) return true;
  if (is_holding_) {
    // What the TLS session has to say for itself goes first, and what is held is sealed behind it.
    const SendBuffer::Pointer plain = std::move(pending_);
    is_holding_ = false;
    pending_.reset(spare_buffers.take());
    pending_->bytes = bytes;
    return write(plain->bytes);
  }
  if (pending_ == nullptr) pending_.reset(spare_buffers.take());
  pending_->bytes += bytes;
  return true;
}

std::optional<std::size_t> Transport::send_file(int file, std::uint64_t offset,
                                                std::uint64_t size) {
  if (descriptor_ < 0) return std::nullopt;
  if (!send_held()) return std::nullopt;
  if (queued_bytes() != 0) return 0;
  auto at = static_cast<off_t>(offset);
  while (tls_ == nullptr) {
    const ssize_t count = ::sendfile(descriptor_, file, &at, static_cast<std::size_t>(size));
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
    return std::nullopt;
  }
  std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(size, kSealedPieceBytes)),
                    '\0');
  const ssize_t count = ::pread(file, piece.data(), piece.size(), at);
  if (count <= 0) return std::nullopt;
  piece.resize(static_cast<std::size_t>(count));
  return write(piece) ? std::optional(piece.size()) : std::nullopt;
}

bool Transport::flush() {
  if (is_holding_) return send_held();
  while (queued_bytes() != 0) {
    const std::string_view left = std::string_view(pending_->bytes).substr(pending_->sent);
    const ssize_t count = ::send(descriptor_, left.data(), left.size(), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK;
    }
    pending_->sent += static_cast<std::size_t>(count);
  }
  pending_ = nullptr;
  return true;
}

void Transport::shut_down_sending() {
  if (descriptor_ < 0) return;
  send_held();
  if (tls_ != nullptr) {
    tls_->shut_down();
    std::string output;
    tls_->take_output(output);
    write_plain(output);
  }
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace hornbeam::http
