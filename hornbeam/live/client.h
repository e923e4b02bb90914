#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hornbeam::live {

/// One message for many clients. `wire` is theirs: the first transport that sends it keeps its
/// encoding there, and the others of its kind share that. Thread: one.
struct SharedMessage {
  /// A message that no transport has encoded yet.
  explicit SharedMessage(std::string message) : text(std::move(message)) {}

  std::string text;  ///< The message as JSON.
  /// The encoding that transports of one kind share; null until the first sends it.
  mutable std::shared_ptr<const std::string> wire;
};

/// Someone at the far end of a connection, as a room sees them: a place to send messages to.
///
/// Thread: any; a room sends from whatever thread its command runs on. Sending to one who has gone
/// does nothing.
class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;

  /// Sends one message; a client that is gone is no error.
  virtual void send(std::string_view message) = 0;
  /// Sends a message that many get, encoding it once for all.
  virtual void send_shared(const SharedMessage& message) { send(message.text); }
  /// Closes the connection with a code and a reason that people can read.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

/// Why a room or session closed a client (private use range of RFC 6455, section 7.4.2).
inline constexpr std::uint16_t kSeatTakenOver = 4001;
/// Closed because it sent more than its credits allow.
inline constexpr std::uint16_t kTooManyMessages = 4008;

}  // namespace hornbeam::live
