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
  explicit SharedMessage(std::string message) : text(std::move(message)) {}

  std::string text;
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

  virtual void send(std::string_view message) = 0;
  virtual void send_shared(const SharedMessage& message) { send(message.text); }
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

/// Why a room or session closed a client (private use range of RFC 6455, section 7.4.2).
inline constexpr std::uint16_t kSeatTakenOver = 4001;
inline constexpr std::uint16_t kTooManyMessages = 4008;

}  // namespace hornbeam::live
