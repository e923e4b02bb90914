#pragma once

// Security headers: what browsers are told about every response of an application.
//
// They are on for every application, static files and error pages too, and never replace what a
// handler or hook has set: to leave a field out of one response, set it to "". They are put into
// wire form when the application begins to serve, so that a response pays for one copy of bytes.
//
// A page that needs a script or style of its own inline asks for the request's nonce:
//
//   html("<script nonce=\"" + std::string(csp_nonce(request)) + "\">...</script>")

#include <string>
#include <string_view>

namespace hornbeam::web {

class Request;

/// The fields, of which an empty one is not sent. Read when the application begins to serve.
struct SecurityHeaders {
  bool is_on = true;  ///< Whether any of them is sent.
  /// What a page may load. Each " {nonce}" becomes " 'nonce-...'" in responses whose handler called
  /// `csp_nonce`, and nothing in others.
  std::string content_security_policy =
      "default-src 'self'; script-src 'self' {nonce}; style-src 'self' {nonce}; "
      "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
      "frame-ancestors 'self'";
  /// Browsers report what the policy would have stopped, and stop nothing.
  bool reports_only = false;
  /// Browsers take the Content-Type at its word.
  std::string content_type_options = "nosniff";
  /// Other sites learn nothing of the address a visitor comes from.
  std::string referrer_policy = "same-origin";
  /// Windows of other sites get no handle on this site's.
  std::string opener_policy = "same-origin";
  /// Sent over TLS only: from then on browsers come over TLS only.
  std::string strict_transport_security = "max-age=31536000";
};

/// The nonce of this request's response, made on the first call: 128 random bits. Lifetime: the
/// request's. Requires: the head of the response has not been sent.
std::string_view csp_nonce(const Request& request);

/// `policy` with " {nonce}" replaced; by nothing if `nonce` is empty.
std::string render_policy(std::string_view policy, std::string_view nonce);

}  // namespace hornbeam::web
