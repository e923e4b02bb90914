#pragma once

// Guard: what is asked of every request before anything of the application runs (the host is one of
// ours, the request is no other site's doing), and what is put on every response after all of it.

#include <string>

#include "hornbeam/http/response.h"
#include "hornbeam/web/internal/request_extras.h"
#include "hornbeam/web/internal/scope.h"
#include "hornbeam/web/settings.h"

namespace hornbeam::web {

class Guard {
 public:
  /// Lifetime: `settings` outlives the guard.
  explicit Guard(const Settings& settings);

  /// Believes what trusted proxies say about `request`.
  void see_through_proxies(Request& request) const {
    if (!settings_.trusted_proxies.any()) return;
    RequestAccess::set_forwarded(request, read_forwarded(request.raw(), settings_.trusted_proxies));
  }

  /// Throws HttpError 400 or CsrfError unless `request` may go on; `route` is null if none matched.
  void admit(const Request& request, const CompiledRoute* route) const {
    const http::Method method = request.method();
    const bool is_safe = method == http::Method::kGet || method == http::Method::kHead ||
                         method == http::Method::kOptions || method == http::Method::kTrace;
    if (is_safe && settings_.trusted_hosts.empty()) return;
    check_host(request);
    if (!is_safe && route != nullptr) check_csrf(request, *route);
  }

  /// Adds the security headers.
  void seal(const Request& request, Response& response) const {
    if (settings_.security_headers.is_on) add_headers(request, response);
  }

 private:
  void check_host(const Request& request) const;
  void check_csrf(const Request& request, const CompiledRoute& route) const;
  void add_headers(const Request& request, Response& response) const;

  const Settings& settings_;
  http::CommonFields plain_;
  http::CommonFields secure_;
};

/// The options of the application that serves `request`.
const CsrfOptions& csrf_options(const Request& request);

}  // namespace hornbeam::web
