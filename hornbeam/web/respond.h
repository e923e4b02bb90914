#pragma once

// Respond: how what a handler returns becomes a response.
//
//   text            200, text/plain (markup goes through html(), so nothing is markup by accident)
//   described       200, application/json; also vectors, maps and optionals inside them
//   optional        its value, or 404
//   Result          its value, or a problem with the status that its code word stands for
//   nothing (void)  204
//   Response        itself
//   Task of those   once it is done

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "hornbeam/base/json_write.h"
#include "hornbeam/base/result.h"
#include "hornbeam/base/task.h"
#include "hornbeam/http/response.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/operation.h"

namespace hornbeam::web {

using http::Response;

/// The content type of plain text.
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
/// The content type of pages.
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";  ///< The content type of JSON.
/// What most JSON bodies fit in, so that one allocation does. Bytes.
inline constexpr std::size_t kUsualJsonBytes = 256;

/// How a type of your own becomes a response; to specialise: static Response from(Value value).
template <class Value>
struct Respond;

/// A page: `markup` is sent as it is.
Response html(std::string markup, int status = 200);
/// Plain text.
Response text(std::string text, int status = 200);

/// Any value that can be written as JSON.
template <base::JsonWritable Value>
Response json(const Value& value, int status = 200) {
  if constexpr (base::Described<Value>) {
    static_assert(!base::kHasSecret<Value>,
                  "an answer would show a field that is marked secret. Mend: answer with a struct "
                  "that does not have it");
  }
  std::string body;
  body.reserve(kUsualJsonBytes);
  base::append_json(body, value);
  return {status, kJson, std::move(body)};
}

/// Sends the client to `location`. Throws std::invalid_argument if it has control bytes.
Response redirect(std::string_view location, int status = 302);

/// `location` if it stays on this site (a path such as "/home?tab=1"), else `fallback`: for a
/// "next" parameter, which anyone may have written.
std::string local_location(std::string_view location, std::string_view fallback = "/");

/// A body written piece by piece: `write(BodySink&)` is a task and begins once the head has gone
/// out. `content_type` is a literal.
Response stream(std::string_view content_type, http::StreamBody write);

namespace respond_detail {

template <class Value>
inline constexpr bool kIsResult = false;
template <class Value>
inline constexpr bool kIsResult<base::Result<Value, base::Error>> = true;

template <class Value>
concept HasRespond = requires(Value value) {
  { Respond<Value>::from(std::move(value)) } -> std::convertible_to<Response>;
};

template <class Value>
concept Text = std::convertible_to<const Value&, std::string_view>;

// Bare numbers are left out: `return 404;` would be a body, and is meant as a status.
template <class Value>
concept Json = base::JsonWritable<Value> && !std::is_arithmetic_v<Value> && !Text<Value>;

}  // namespace respond_detail

/// `value` as a response.
template <class Value>
Response to_response(Value&& value) {
  using Kind = std::remove_cvref_t<Value>;
  if constexpr (respond_detail::HasRespond<Kind>) {
    return Respond<Kind>::from(std::forward<Value>(value));
  } else if constexpr (std::same_as<Kind, Response>) {
    return std::forward<Value>(value);
  } else if constexpr (std::same_as<Kind, std::string>) {
    return {200, kPlainText, std::string(std::forward<Value>(value))};
  } else if constexpr (respond_detail::Text<Kind>) {
    return {200, kPlainText, std::string(std::string_view(value))};
  } else if constexpr (base::json_detail::kIsOptional<Kind>) {
    if (!value.has_value()) throw not_found();
    return to_response(*std::forward<Value>(value));
  } else if constexpr (respond_detail::kIsResult<Kind>) {
    if (!value.has_value()) throw HttpError(status_of(value.error().code), value.error().message);
    if constexpr (std::is_void_v<typename Kind::value_type>) {
      return Response(204);
    } else {
      return to_response(*std::forward<Value>(value));
    }
  } else if constexpr (respond_detail::Json<Kind>) {
    return json(value);
  } else {
    static_assert(!std::is_arithmetic_v<Kind>,
                  "a handler returns a bare number: a body or a status? Mend: return json(number), "
                  "text(std::to_string(number)) or Response(status)");
    static_assert(std::is_arithmetic_v<Kind> || respond_detail::Json<Kind>,
                  "a handler returns a type that is no response. Mend: describe it (constexpr auto "
                  "describe(Type<...>) beside it), or specialise web::Respond for it");
    return Response(500);
  }
}

/// What a handler that returns a `Value` answers, with `status` if it goes well.
template <class Value>
void document_result(Operation& operation, int status = 200) {
  if constexpr (base::kIsTask<Value>) {
    document_result<typename Value::value_type>(operation, status);
  } else if constexpr (respond_detail::HasRespond<Value>) {
    if constexpr (requires { Respond<Value>::document(operation); }) {
      Respond<Value>::document(operation);
    } else {
      operation.give_nothing(status);
    }
  } else if constexpr (std::is_void_v<Value>) {
    if (status >= 400) return operation.refuse(status);
    operation.give_nothing(status == 200 ? 204 : status);
  } else if constexpr (std::same_as<Value, Response>) {
    operation.give_nothing(0);
  } else if constexpr (respond_detail::Text<Value>) {
    operation.give(status, "text/plain", base::Schema::of_type("string"));
  } else if constexpr (base::json_detail::kIsOptional<Value>) {
    document_result<typename Value::value_type>(operation, status);
    operation.refuse(404);
  } else if constexpr (respond_detail::kIsResult<Value>) {
    document_result<typename Value::value_type>(operation, status);
    operation.refuse(0);
  } else {
    operation.give_json<Value>(status);
  }
}

/// The response of `value` with another status, as in `return status(201, post)`.
template <class Value>
Response status(int code, Value&& value) {
  Response response = to_response(std::forward<Value>(value));
  response.set_status(code);
  return response;
}
/// An empty response.
inline Response status(int code) {
  return Response(code);
}

}  // namespace hornbeam::web
