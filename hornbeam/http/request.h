#pragma once

// Request: one parsed message, as views into the bytes it arrived in.
//
// The server parses in its read buffer and hands the request to the handler without copying: a
// handler that answers at once never pays for more. One that waits takes `detach()`, a copy that
// owns its bytes. So the rule is short: the reference given to `Handler::handle` is good until that
// call returns; a detached request is good while it lives.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/http/method.h"

namespace hornbeam::http {

class BodySource;

/// One header field of a request. The name is in lower case, the value without surrounding white
/// space.
struct FieldView {
  std::string_view name;   ///< In lower case.
  std::string_view value;  ///< Without white space around it.
};

/// The address at the far end of a connection.
struct Endpoint {
  std::array<std::uint8_t, 16> address{};  ///< Network order; an IPv4 address fills the first four.
  std::uint16_t port = 0;                  ///< The port, in the host's byte order.
  bool is_ipv6 = false;                    ///< Whether `address` is an IPv6 address.

  /// The address without the port, such as "127.0.0.1".
  std::string to_string() const;
  /// 127.0.0.1, port 0: the peer of requests that never saw a network.
  static Endpoint loopback() { return Endpoint{.address = {127, 0, 0, 1}}; }
};

/// A request as it was received. Targets and values are raw: nothing is decoded here.
class Request {
 public:
  Request() = default;
  Request(Request&&) = default;
  Request& operator=(Request&&) = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  /// A request that owns its bytes, for clients and tests. Names of `fields` may be in any case.
  static Request make(Method method, std::string_view target,
                      std::span<const std::pair<std::string, std::string>> fields = {},
                      std::string_view body = {});

  /// The method, or `kOther` for one that has no name here.
  Method method() const noexcept { return method_; }
  /// The method as sent, which matters when `method()` is `kOther`.
  std::string_view method_name() const noexcept { return method_name_; }
  /// The target in origin form ("/path?query"), or "*".
  std::string_view target() const noexcept { return target_; }
  /// The target up to the first '?', not decoded.
  std::string_view path() const noexcept { return path_; }
  /// What follows the first '?', not decoded; empty if nothing does.
  std::string_view query() const noexcept { return query_; }
  /// 1 for HTTP/1.1, 0 for HTTP/1.0.
  int minor_version() const noexcept { return minor_version_; }
  /// The authority the client named: an absolute target's, else the Host field's.
  std::string_view host() const noexcept { return host_; }
  /// Whether the connection itself is encrypted, whatever a proxy says.
  bool is_tls() const noexcept { return is_tls_; }
  /// Who is at the other end of the connection, which may be a proxy.
  const Endpoint& peer() const noexcept { return peer_; }

  /// All fields in the order in which they came. Lifetime: the request's.
  std::span<const FieldView> fields() const noexcept { return fields_; }
  /// The value of the first field called `name`. Requires: `name` in lower case.
  std::optional<std::string_view> find_field(std::string_view name) const noexcept;

  /// The whole body, when it was buffered; empty when it streams.
  std::string_view body() const noexcept { return body_; }
  /// Where a streamed body is read from; null only when one was buffered. A request without a body
  /// gives a source that has ended, so a handler that streams need not ask.
  BodySource* body_source() const noexcept;

  /// This request with bytes of its own; `*this` is left as it was but for a streamed body, which
  /// moves.
  Request detach();

 private:
  friend class RequestParser;
  friend class RequestBuilder;

  void rebase(const char* from, const char* to);

  Method method_ = Method::kGet;
  bool is_tls_ = false;
  int minor_version_ = 1;
  std::string_view head_;  // The bytes that every view below but `body_` lies in.
  std::string_view method_name_;
  std::string_view target_;
  std::string_view path_;
  std::string_view query_;
  std::string_view host_;
  std::string_view body_;
  std::vector<FieldView> fields_;
  Endpoint peer_;
  std::unique_ptr<char[]> storage_;
  std::shared_ptr<BodySource> body_source_;
};

}  // namespace hornbeam::http
