#pragma once

// Extract: how a handler's parameter is filled from the request.
//
// A parameter whose type can be read from a path segment takes the next one. Every other parameter
// is an extractor's, if Extract is specialised for its type, or else something the application
// provides (`App::provide`). To add one:
//
//   template <>
//   struct hornbeam::web::Extract<ApiKey> {
//     static ApiKey from(const Request& request);      // or Task<ApiKey>; throw to answer instead
//     static void document(Operation& operation);      // if OpenAPI documents should know
//   };

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "hornbeam/base/json_read.h"
#include "hornbeam/http/body.h"
#include "hornbeam/web/operation.h"
#include "hornbeam/web/read_arguments.h"
#include "hornbeam/web/request.h"

namespace hornbeam::http {
class ContentDecoder;
}

namespace hornbeam::web {

/// How a handler's parameter is made of the request. Specialise it with a static `from(const
/// Request&)` to take a type of your own; it throws HttpError where there is no such value.
template <class Parameter>
struct Extract;

/// A type that handlers can take and that is no part of the path.
template <class Parameter>
concept Extractable =
    requires(const Request& request) { Extract<std::remove_cvref_t<Parameter>>::from(request); };

namespace extract_detail {

template <class Value>
struct Holder {
  Value value;

  Value& operator*() noexcept { return value; }
  const Value& operator*() const noexcept { return value; }
  Value* operator->() noexcept { return &value; }
  const Value* operator->() const noexcept { return &value; }
};

/// Throws 415 unless the body is JSON by its Content-Type.
void require_json(const Request& request);
/// Throws 400 for what is no JSON, 422 for what is not what was asked for.
[[noreturn]] void refuse(base::JsonFailure failure);
[[noreturn]] void refuse(base::Problems problems);
void require_form(const Request& request);

}  // namespace extract_detail

/// The request's JSON body as a described struct (or a vector or map of them). 415 if it is not
/// JSON, 400 if it is malformed, 422 with every field that is wrong.
template <class Value>
struct Body : extract_detail::Holder<Value> {};

/// The query string as a described struct. 422 with every argument that is wrong; arguments it does
/// not name are let be.
template <class Value>
struct Query : extract_detail::Holder<Value> {};

/// The fields of an HTML form as a described struct; 415, 422 and others as for `Body` and `Query`.
template <class Value>
struct Form : extract_detail::Holder<Value> {};

/// The body as it came.
struct RawBody {
  std::string bytes;  ///< The bytes, decompressed.
};

/// The body as it arrives: makes its route take bodies of any size up to the route's limit without
/// holding them. Lifetime: the request's.
class BodyStream {
 public:
  /// For the extractor, which handlers ask for by taking a BodyStream.
  explicit BodyStream(const Request& request) : request_(&request) {}

  /// The next piece, decompressed, never empty; nothing at the end.
  base::Task<std::optional<std::string>> next();

 private:
  base::Task<std::optional<std::string>> next_raw();

  const Request* request_;
  bool is_begun_ = false;
  bool is_done_ = false;
  std::shared_ptr<http::ContentDecoder> decoder_;  // Of a compressed body.
};

template <>
struct Extract<Request> {
  // The request outlives its handler's call, so it may be handed on.
  // NOLINTBEGIN(bugprone-return-const-ref-from-parameter)
  static const Request& from(const Request& request) { return request; }
  // NOLINTEND(bugprone-return-const-ref-from-parameter)
};

template <>
struct Extract<Session> {
  static Session& from(const Request& request) { return request.session(); }
};

template <>
struct Extract<RawBody> {
  static RawBody from(const Request& request) { return {std::string(request.body())}; }
  static void document(Operation& operation) { operation.take_bytes(); }
};

template <>
struct Extract<BodyStream> {
  static constexpr bool kStreamsBody = true;
  static BodyStream from(const Request& request) { return BodyStream(request); }
  static void document(Operation& operation) { operation.take_bytes(); }
};

template <class Value>
struct Extract<Body<Value>> {
  static Body<Value> from(const Request& request) {
    extract_detail::require_json(request);
    auto value = base::from_json<Value>(request.body());
    if (!value) extract_detail::refuse(std::move(value.error()));
    return {std::move(*value)};
  }
  static void document(Operation& operation) { operation.take_json<Value>(); }
};

template <class Value>
struct Extract<Query<Value>> {
  static Query<Value> from(const Request& request) {
    Query<Value> query{};
    base::Problems problems = read_arguments(request.query(), query.value);
    if (!problems.empty()) extract_detail::refuse(std::move(problems));
    return query;
  }
  static void document(Operation& operation) { operation.take_query<Value>(); }
};

template <class Value>
struct Extract<Form<Value>> {
  static Form<Value> from(const Request& request) {
    extract_detail::require_form(request);
    Form<Value> form{};
    base::Problems problems = read_arguments(request.form(), form.value);
    if (!problems.empty()) extract_detail::refuse(std::move(problems));
    return form;
  }
  static void document(Operation& operation) { operation.take_form<Value>(); }
};

}  // namespace hornbeam::web
