#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hornbeam::bench {

/// The server answered, but not what it should have.
class WrongAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What one connection asks, and how it recognises the answers. No I/O.
class Exchange {
 public:
  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  /// Sent once, before anything else; empty if there is nothing to open.
  virtual std::string_view opening() const { return {}; }

  /// Takes the answer to `opening` off `received`; false while it is incomplete. Throws:
  /// WrongAnswer.
  virtual bool take_opening_answer(std::string_view& /*received*/) { return true; }

  /// The bytes of `count` requests. Requires: `count` is at most the window.
  virtual std::string_view requests(std::size_t count) const = 0;

  /// Takes every whole answer off `received`, checks it, and says how many there were. Throws:
  /// WrongAnswer.
  virtual std::size_t take_answers(std::string_view& received) = 0;

  /// True if the server said that it closes after the answer last taken: the next request needs a
  /// new connection.
  virtual bool is_over() const { return false; }
};

/// GET `path` over HTTP/1.1 with keep-alive; each answer must be a 200 with a Content-Length and
/// the body `expected`.
std::unique_ptr<Exchange> http_exchange(std::string_view path, std::string_view expected,
                                        std::size_t window);

/// A WebSocket at `path` to which text messages of `size` bytes are sent, to come back unchanged.
/// Every connection has a text of its own, told apart by `number`.
std::unique_ptr<Exchange> echo_exchange(std::string_view path, std::size_t size, std::size_t number,
                                        std::size_t window);

/// The socket of a game at `path`, whose greeting is passed over, and which is asked whether it is
/// there, in the words of Hornbeam's extended protocol.
std::unique_ptr<Exchange> ping_exchange(std::string_view path, std::size_t window);

}  // namespace hornbeam::bench
