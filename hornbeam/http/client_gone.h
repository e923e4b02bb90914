#pragma once

#include <stop_token>
#include <utility>

namespace hornbeam::http {

/// What tells a stream that its client has gone (see `BodySink::client_gone`). A std::stop_token
/// with a name of its own, so that headers which everybody compiles need not include its.
class ClientGone {
 public:
  /// Of a client of whom nobody will know: never stops.
  ClientGone() = default;
  /// Of the client whose connection requests `token`'s stop when it ends.
  explicit ClientGone(std::stop_token token) noexcept : token_(std::move(token)) {}

  /// Stops when the client goes. Thread: callbacks run on the connection's loop.
  const std::stop_token& token() const noexcept { return token_; }

 private:
  std::stop_token token_;
};

}  // namespace hornbeam::http
