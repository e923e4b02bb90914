#pragma once

#include <coroutine>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/http/body.h"

namespace hornbeam::http {

class HttpConnection;

/// A request body on its way from a connection to the handler that reads it. Thread: the
/// connection's loop.
class StreamedBody final : public BodySource {
 public:
  /// Pieces kept before the connection stops reading. Bytes.
  static constexpr std::size_t kWindowBytes = 256 * 1024;

  explicit StreamedBody(std::weak_ptr<HttpConnection> connection)
      : connection_(std::move(connection)) {}

  base::Task<std::optional<std::string>> next() override;

  /// The connection's side: a piece arrived, the body ended, the body cannot be completed.
  void push(std::string_view piece);
  void end();
  void fail(BodyError failure);
  bool is_full() const noexcept { return queued_ >= kWindowBytes; }
  bool has_ended() const noexcept { return ended_; }

 private:
  void wake();

  std::weak_ptr<HttpConnection> connection_;
  std::deque<std::string> pieces_;
  std::size_t queued_ = 0;
  bool ended_ = false;
  std::optional<BodyError> failure_;
  std::coroutine_handle<> waiter_;
};

}  // namespace hornbeam::http
