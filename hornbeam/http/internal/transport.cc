#include "hornbeam/http/internal/transport.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hornbeam::http {

namespace {

// What of a file is read and encrypted at a time.
constexpr std::size_t kSealedPieceBytes = std::size_t{64} << 10;

}  // namespace

Transport::Transport(Transport&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      sent_(std::exchange(other.sent_, 0)),
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

bool Transport::write(std::string_view bytes) {
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
  pending_ += bytes;
  return true;
}

std::optional<std::size_t> Transport::send_file(int file, std::uint64_t offset,
                                                std::uint64_t size) {
  if (descriptor_ < 0) return std::nullopt;
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
  while (queued_bytes() != 0) {
    const ssize_t count =
        ::send(descriptor_, pending_.data() + sent_, queued_bytes(), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK;
    }
    sent_ += static_cast<std::size_t>(count);
  }
  // An idle connection holds no buffer.
  std::string().swap(pending_);
  sent_ = 0;
  return true;
}

void Transport::shut_down_sending() {
  if (descriptor_ < 0) return;
  if (tls_ != nullptr) {
    tls_->shut_down();
    std::string output;
    tls_->take_output(output);
    write_plain(output);
  }
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace hornbeam::http
