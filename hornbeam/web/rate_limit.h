#pragma once

// Rate limits: how often somebody may ask.
//
//   RateLimit limit({.requests = 100, .period = std::chrono::minutes(1)});
//   app.use(std::move(limit));                        // every request, by address
//   logins.require(request, name);                    // or by hand, by any key
//
// The generic cell rate algorithm, a leaky bucket that needs one number: a key may spend `burst`
// requests at once and regains one every `period / requests`. Keys are kept as keyed 64-bit hashes
// in a table of fixed size, so that no flood of keys makes it grow: in a full row the key that
// could spend the most, and so loses the least, makes room.
//
// A request too many is answered 429 with Retry-After; every response says by the fields RateLimit
// and RateLimit-Policy how much is left (draft-ietf-httpapi-ratelimit-headers).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::web {

class App;
class Request;

/// The client's address as a key; an IPv6 address by its first 64 bits, which one household has.
std::string address_key(const Request& request);

/// How many requests one client may make, and what is answered past that.
struct RateLimitOptions {
  /// How many requests in how long, on the long run.
  std::uint32_t requests = 60;
  std::chrono::nanoseconds period = std::chrono::minutes(1);  ///< How long `requests` last.
  /// How many at once; 0: `requests`.
  std::uint32_t burst = 0;
  /// The name in the RateLimit fields.
  std::string name = "default";
  /// Whom to count, such as a user's id; an empty key is not limited. By default the address.
  std::function<std::string(const Request&)> key{};
  /// Patterns of the routes that count, such as "/search"; empty: all.
  std::vector<std::string> routes{};
  /// How many keys are remembered, 16 bytes each.
  std::size_t max_keys = std::size_t{1} << 16;
  /// What time it is; for tests.
  std::function<std::chrono::nanoseconds()> clock{};
};

/// What became of one request.
struct RateDecision {
  bool is_allowed = true;                  ///< Whether the request may go on.
  std::uint32_t remaining = 0;             ///< How many more would be allowed now.
  std::chrono::nanoseconds retry_after{};  ///< Until one is allowed; zero if one is.
  std::chrono::nanoseconds reset_after{};  ///< Until the whole burst is allowed.
};

/// A limit and who has spent how much of it. Thread: any. An extension:
/// `app.use(std::move(limit))`.
class RateLimit {
 public:
  /// A limit whose clients are told apart by `options.key`.
  explicit RateLimit(RateLimitOptions options = {});
  RateLimit(RateLimit&&) noexcept;
  RateLimit& operator=(RateLimit&&) noexcept;
  ~RateLimit();

  /// Spends one request of `key`, if it has one.
  RateDecision spend(std::string_view key);
  /// What `spend` would say, without spending.
  RateDecision peek(std::string_view key) const;
  /// Gives `key` everything back.
  void forgive(std::string_view key);

  /// Spends one request of `key`. Throws HttpError 429 if it has none.
  void require(const Request& request, std::string_view key);

  /// Called by `App::use`.
  void init_app(App& app);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hornbeam::web
