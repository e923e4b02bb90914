#pragma once

// Request: what a handler sees of the message it answers.
//
// A light view over http::Request: nothing is decoded, parsed or allocated before it is asked for.
// It is good until the response is made: for a handler that returns a Task, until the task ends.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "hornbeam/http/request.h"
#include "hornbeam/web/arguments.h"
#include "hornbeam/web/path.h"
#include "hornbeam/web/proxy.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::web {

class Dispatcher;
class Session;
struct CompiledRoute;
struct RequestExtras;
struct TraceContext;

/// Names a type at run time: the address of its tag.
using TypeKey = const void*;
/// The object whose address names a type; see `type_key`.
template <class Subject>
inline constexpr char kTypeTag = 0;
/// What stands for `Subject` at run time.
template <class Subject>
constexpr TypeKey type_key() {
  return &kTypeTag<Subject>;
}

/// The path's parameters, as places in the matched path.
struct PathArguments {
  /// One parameter.
  struct Span {
    std::uint32_t begin;  ///< Where it begins in the path.
    std::uint32_t size;   ///< Its length. Bytes.
  };
  /// Only the first `count` are set.
  std::array<Span, kMaxPathParameters> spans;  // Only the first `count` are set.
  std::uint32_t count = 0;                     ///< How many there are.
};

/// A request as handlers see it, decoded and with what the application knows of it. Thread: its
/// loop's. Lifetime: the handler's call, or its task.
class Request {
 public:
  /// For dispatchers and tests of extractors. Lifetime: `raw` outlives the request.
  Request(http::Request& raw, const Dispatcher* dispatcher) noexcept
      : raw_(&raw), dispatcher_(dispatcher) {}
  Request(Request&&) noexcept = default;
  Request& operator=(Request&&) noexcept = default;

  /// The method, or `kOther` for one that has no name here.
  http::Method method() const noexcept { return raw_->method(); }
  /// The method as sent.
  std::string_view method_name() const noexcept { return raw_->method_name(); }
  /// The path, decoded.
  std::string_view path() const noexcept { return decoded_.empty() ? raw_->path() : decoded_; }
  /// The whole URL as the client named it, such as "http://localhost/a?b=1".
  std::string url() const;
  /// The authority the client named; it is the client's word (see Settings::trusted_hosts).
  std::string_view host() const noexcept {
    return forwarded_ == nullptr || forwarded_->host.empty() ? raw_->host() : forwarded_->host;
  }
  /// Whether the client speaks TLS, with this server or with a trusted proxy.
  bool is_secure() const noexcept {
    return forwarded_ == nullptr || forwarded_->scheme.empty() ? raw_->is_tls()
                                                               : forwarded_->scheme == "https";
  }
  /// The client's address, such as "127.0.0.1": behind trusted proxies what they say it is.
  std::string remote_address() const {
    return forwarded_ == nullptr || forwarded_->address.empty() ? raw_->peer().to_string()
                                                                : forwarded_->address;
  }
  /// What a trusted proxy took off the front of the path, such as "/app"; usually empty.
  std::string_view url_prefix() const noexcept {
    return forwarded_ == nullptr ? std::string_view() : forwarded_->prefix;
  }

  /// A header field's value. Requires: `name` in lower case.
  std::optional<std::string_view> find_header(std::string_view name) const noexcept {
    return raw_->find_field(name);
  }
  /// The first value of a name in the query string, decoded.
  std::optional<std::string_view> find_query(std::string_view name) const {
    return query().find(name);
  }
  /// A cookie's value as it was sent, without quotes around it.
  std::optional<std::string_view> find_cookie(std::string_view name) const;

  /// The parameters of the query, decoded, in order.
  const Arguments& query() const;
  /// The fields of a form, urlencoded or multipart; none if the body is of another type. What of a
  /// multipart form is a file is in `Uploads`.
  const Arguments& form() const;
  /// The whole body, decompressed if it came with a Content-Encoding; empty for a route that
  /// streams it. Throws HttpError: 413 if it is too large once decompressed, 415 for a coding that
  /// is not known, 400 for one that is malformed.
  std::string_view body() const {
    const std::string_view bytes = raw_->body();
    return bytes.empty() || !find_header("content-encoding") ? bytes : decoded_body();
  }
  /// The media type of the body in lower case, without parameters.
  std::string content_type() const;

  /// The signed cookie's session. It is read on the first call.
  Session& session() const;

  /// The value of type `Value` that lives as long as this request, made on the first call: for
  /// hooks that hand something on to handlers.
  template <class Value>
  Value& local() const {
    return *static_cast<Value*>(
        slot(type_key<Local<Value>>(), [] { return std::shared_ptr<void>(new Value()); }));
  }
  /// What the application provides as `Value` (`App::provide`).
  template <class Value>
  Value& provided() const {
    return *static_cast<Value*>(find_provided(type_key<Value>()));
  }

  /// Calls `change` with this request's response, before the `after_request` hooks.
  void after_this_request(std::move_only_function<void(Response&)> change) const;

  /// Starts `task` on this loop once there is a response: what need not keep the client waiting. An
  /// exception is logged under `name`. It must not refer to the request.
  void after_response(std::string name, base::Task<void> task) const;

  /// The pattern of the matched route, such as "/users/{id}"; empty if none matched.
  std::string_view route_path() const noexcept;
  /// The `index`th parameter of the path, decoded. Requires: below the route's number of them.
  std::string_view path_segment(std::size_t index) const noexcept {
    const PathArguments::Span span = arguments_.spans[index];
    // Past the path's end are values from hosts and defaults (see `Dispatcher::arrange`).
    return {path().data() + span.begin, span.size};
  }
  /// The path's parameter `name`, decoded; nothing if the route has none of that name.
  std::optional<std::string_view> find_path_value(std::string_view name) const noexcept;
  /// As `find_path_value`. Throws std::logic_error if the route has none of that name.
  std::string_view require_path_value(std::string_view name) const;
  /// The matched route's name, such as "admin.users.show"; empty if it has none.
  std::string_view endpoint() const noexcept;
  /// The blueprint of the matched route, such as "admin.users"; empty if it is the application's.
  std::string_view blueprint() const noexcept;

  /// What tells this request from others in logs: 32 hex digits, made on the first call; or what a
  /// trusted proxy says in X-Request-Id (see `TrustedProxies::request_id`). The response of a
  /// request whose id was asked for carries it as X-Request-Id.
  std::string_view id() const;
  /// Its place in a distributed trace, found on the first call (see trace_context.h).
  const TraceContext& trace() const;

  /// The request as the server read it.
  const http::Request& raw() const noexcept { return *raw_; }

 private:
  friend class Dispatcher;
  friend struct RequestAccess;

  template <class Value>
  struct Local {};
  struct DeleteExtras {
    void operator()(RequestExtras* extras) const noexcept;
  };

  RequestExtras& extras() const;
  std::string_view decoded_body() const;
  void* slot(TypeKey key, std::shared_ptr<void> (*make)()) const;
  void* find_provided(TypeKey key) const;

  http::Request* raw_;
  const Dispatcher* dispatcher_;
  const CompiledRoute* route_ = nullptr;
  const Forwarded* forwarded_ = nullptr;  // In `extras_`; null unless proxies are trusted.
  std::string_view decoded_;              // In `extras_`; empty if the raw path needs no decoding.
  mutable std::unique_ptr<RequestExtras, DeleteExtras> extras_;
  PathArguments arguments_;
};

}  // namespace hornbeam::web
