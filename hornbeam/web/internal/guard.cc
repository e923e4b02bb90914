#include "hornbeam/web/internal/guard.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "hornbeam/base/log.h"
#include "hornbeam/http/token.h"
#include "hornbeam/http/websocket_handshake.h"
#include "hornbeam/web/csrf.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/dispatcher.h"

namespace hornbeam::web {

namespace {

// ---- Headers ----

// The policy is the first of the common fields, if there is one.
constexpr std::uint32_t kPolicyBit = 1;

std::string_view policy_field(const SecurityHeaders& headers) {
  return headers.reports_only ? "Content-Security-Policy-Report-Only" : "Content-Security-Policy";
}

http::CommonFields common_fields(const SecurityHeaders& headers, bool is_secure) {
  std::vector<http::CommonFields::Field> fields;
  const auto add = [&fields](std::string_view name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  add(policy_field(headers), render_policy(headers.content_security_policy, ""));
  add("X-Content-Type-Options", headers.content_type_options);
  add("Referrer-Policy", headers.referrer_policy);
  add("Cross-Origin-Opener-Policy", headers.opener_policy);
  if (is_secure) add("Strict-Transport-Security", headers.strict_transport_security);
  return http::CommonFields(std::move(fields));
}

// ---- CSRF ----

/// Who sent a request, as far as its browser says.
enum class Sender : std::uint8_t { kOwnPage, kTrustedSite, kOtherSite, kUnknown };

Sender sender_of(const Request& request, const CsrfOptions& options) {
  const auto origin = request.find_header("origin");
  // The browser's own word, which no page can write; sent wherever the connection is trustworthy.
  if (const auto site = request.find_header("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return Sender::kOwnPage;
  } else if (!origin) {
    return Sender::kUnknown;  // No browser of the last years.
  } else if (http::is_origin_allowed(*origin, request.host(), origin->starts_with("https:"), {})) {
    // The scheme is let be: a proxy that nobody told us of may speak TLS for us.
    return Sender::kOwnPage;
  }
  const bool is_trusted =
      origin && http::is_origin_allowed(*origin, "", true, options.trusted_origins);
  return is_trusted ? Sender::kTrustedSite : Sender::kOtherSite;
}

/// True for what any site's HTML form can send.
bool has_form_type(const Request& request) {
  const std::string type = request.content_type();
  return type == "application/x-www-form-urlencoded" || type == "multipart/form-data" ||
         type == "text/plain";
}

/// True if a browser sends the request's credentials without being asked to.
bool has_ambient_credentials(const Request& request) {
  if (request.find_header("cookie")) return true;
  const std::string_view field = request.find_header("authorization").value_or("");
  constexpr std::array<std::string_view, 4> kAmbient{"basic", "digest", "negotiate", "ntlm"};
  const std::string_view scheme = field.substr(0, field.find(' '));
  return std::ranges::any_of(kAmbient, [scheme](std::string_view each) {
    return http::equals_ignoring_case(scheme, each);
  });
}

bool brings_token(const Request& request, const CsrfOptions& options, bool is_streamed) {
  if (const auto token = request.find_header(options.header_name)) {
    return is_csrf_token(request, *token);
  }
  if (is_streamed) return false;
  const auto token = request.form().find(options.field_name);
  return token && is_csrf_token(request, *token);
}

}  // namespace

Guard::Guard(const Settings& settings)
    : settings_(settings),
      plain_(common_fields(settings.security_headers, false)),
      secure_(common_fields(settings.security_headers, true)) {
  for (const std::string& origin : settings.csrf.trusted_origins) {
    if (const auto good = http::check_origin_pattern(origin); !good) {
      throw std::invalid_argument("csrf.trusted_origins: " + good.error().message);
    }
  }
}

void Guard::check_host(const Request& request) const {
  if (settings_.trusted_hosts.empty()) return;
  if (is_trusted_host(request.host(), settings_.trusted_hosts)) return;
  throw bad_request("this server does not serve the host that the request names");
}

void Guard::check_csrf(const Request& request, const CompiledRoute& route) const {
  const CsrfOptions& options = settings_.csrf;
  if (!options.is_on || route.is_csrf_exempt) return;
  const bool is_form = has_form_type(request);
  if (!is_form && !has_ambient_credentials(request)) return;

  const Sender sender = sender_of(request, options);
  if (sender == Sender::kTrustedSite) return;
  if (sender == Sender::kOtherSite) {
    throw CsrfError(
        "another site sent this request, and it was not carried out. Mend: open the page here and "
        "send it from there");
  }
  const bool needs_token = is_form && options.requires_token && request.find_header("cookie") &&
                           !settings_.session.secret_key.empty();
  if (!needs_token) return;
  // The field of a form that is read as it arrives is not there yet; its browser's word is.
  const bool is_streamed = route.endpoint->traits().streams_body;
  if (brings_token(request, options, is_streamed)) return;
  if (is_streamed && sender == Sender::kOwnPage) return;
  throw CsrfError(
      "this form's CSRF token is missing, or belongs to a session that has ended. Mend: go back, "
      "reload the page and send the form again");
}

void Guard::add_headers(const Request& request, Response& response) const {
  const http::CommonFields& common = request.is_secure() ? secure_ : plain_;
  if (common.fields().empty()) return;
  const SecurityHeaders& headers = settings_.security_headers;
  std::uint32_t omitted = 0;
  if (!headers.content_security_policy.empty()) {
    const RequestExtras* extras = RequestAccess::extras_if_any(request);
    if (response.status() == 304) {
      // It would replace the policy of the page that the browser keeps, nonce and all.
      omitted = kPolicyBit;
    } else if (extras != nullptr && !extras->csp_nonce.empty() &&
               response.find_field(policy_field(headers)) == nullptr) {
      response.add_field(policy_field(headers),
                         render_policy(headers.content_security_policy, extras->csp_nonce));
    }
  }
  response.add_common_fields(common, omitted);
}

const CsrfOptions& csrf_options(const Request& request) {
  static const CsrfOptions kDefault;
  const Dispatcher* dispatcher = RequestAccess::dispatcher(request);
  return dispatcher != nullptr ? dispatcher->settings().csrf : kDefault;
}

}  // namespace hornbeam::web
