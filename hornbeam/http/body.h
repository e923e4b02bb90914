#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "hornbeam/base/task.h"

namespace hornbeam::http {

/// A request body that cannot be read to its end: the client broke off, or what it sent is
/// malformed, too large or too slow. One that leaves a handler becomes a response with its status.
class BodyError : public std::runtime_error {
 public:
  /// `reason` is a sentence for the client; `status` answers the request.
  explicit BodyError(const std::string& reason, int status = 400)
      : std::runtime_error(reason), status_(status) {}

  /// What the client is to be answered: 400, 408 or 413.
  int status() const noexcept { return status_; }

 private:
  int status_;
};

/// A request body read piece by piece, as it arrives.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next piece, never empty; nothing at the end. Throws `BodyError` if the client broke off or
  /// the body is bad.
  virtual base::Task<std::optional<std::string>> next() = 0;
};

class ClientGone;

/// A response body written piece by piece.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Queues `piece` and waits until the connection can take more. False once the client has gone:
  /// stop then.
  virtual base::Task<bool> write(std::string piece) = 0;
  /// Stops once the client has gone, or has finished sending, which a client that still wants to
  /// read seldom does, or the server drains. For a stream that is silent for long: `write` notices
  /// nothing while nothing is written. (http/client_gone.h)
  virtual ClientGone client_gone();
};

}  // namespace hornbeam::http
