#pragma once

// CSRF: another site's page must not act in its visitor's name.
//
// On for every application. A request with an unsafe method that carries cookies, or is what an
// HTML form sends, must come from this site: by its Sec-Fetch-Site field, else by its Origin. A
// form that carries cookies must also bring the token of its session, in the field `csrf_token` or
// in the header X-CSRF-Token:
//
//   <form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
//
// What fails is answered 403 with the reason (`CsrfError`, for error handlers). A route for clients
// that are no browsers says `.exempt_from_csrf()`. Requests without cookies whose body is no form
// (JSON) pass: browsers let no foreign page send them unasked.
//
// The token is 256 random bits kept in the session. What pages get is that, masked anew each time,
// so that a compressed page does not give it away byte by byte (BREACH).

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/http_error.h"

namespace hornbeam::web {

class Request;

/// How requests that change something are kept from being another site's.
struct CsrfOptions {
  /// Whether anything is checked at all.
  bool is_on = true;
  /// Whether forms with cookies need a token. Without a secret key there is no session that could
  /// hold one, and only the origin is checked.
  bool requires_token = true;
  /// Sites besides this one whose pages may send unsafe requests, such as "https://*.example.org".
  std::vector<std::string> trusted_origins{};
  /// The form's field with the token.
  std::string field_name = "csrf_token";
  /// The request's header with the token. In lower case.
  std::string header_name = "x-csrf-token";
};

/// A request that was refused because another site may have made it: a 403.
class CsrfError : public HttpError {
 public:
  /// `message` says what was missing or wrong, and reaches the client.
  explicit CsrfError(std::string message) : HttpError(403, std::move(message)) {}
};

/// A token for this request's session, another each time, all of them good while the session lives.
/// Makes the session hold one if it has none, hence needs the secret key.
std::string csrf_token(const Request& request);
/// The same as a hidden field of a form, as markup.
std::string csrf_field(const Request& request);

/// True if `token` is one of this request's session.
bool is_csrf_token(const Request& request, std::string_view token);

/// Forgets the session's token: those given out are no longer good. Logging in and out does.
void renew_csrf_token(const Request& request);

}  // namespace hornbeam::web
