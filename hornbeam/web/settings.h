#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hornbeam/web/csrf.h"
#include "hornbeam/web/proxy.h"
#include "hornbeam/web/security_headers.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

/// Bounds of a multipart/form-data body, besides that of the whole body. Past any of them: 413.
struct FormLimits {
  std::size_t parts = 1000;  ///< Fields and files together.
  /// All fields that are no files, together. Bytes.
  std::size_t field_bytes = 500'000;
  /// One file. Bytes.
  std::size_t file_bytes = std::size_t{1} << 40;
  /// A file up to this size stays in memory. Bytes.
  std::size_t memory_file_bytes = std::size_t{64} << 10;
  /// Where larger ones go meanwhile, without a name. Empty: $TMPDIR, or /tmp.
  std::string folder;
};

/// How an application behaves, apart from its routes.
struct Settings {
  /// Errors that nobody handles leave the dispatcher instead of becoming a 500: for tests.
  bool is_testing = false;
  /// Error pages say what happened. Never where strangers can see them.
  bool is_debug = false;
  /// The largest body of a route that says nothing else. Bytes.
  std::size_t max_body_bytes = std::size_t{1} << 20;
  /// Bounds of multipart forms.
  FormLimits form;
  /// The host of external URLs, such as "example.org"; empty: the one that the request names.
  std::string server_name;
  /// The scheme of external URLs built without a request.
  std::string preferred_scheme = "http";
  /// Whether an AccessLog is in use.
  bool logs_access = false;
  SessionOptions session;            ///< The session's cookie.
  SecurityHeaders security_headers;  ///< Headers that tell browsers to be careful.
  CsrfOptions csrf;                  ///< What keeps other sites from sending forms here.
  /// Proxies of one's own in front, whose word on the client is taken.
  TrustedProxies trusted_proxies;
  /// The hosts served here: "example.org", or ".example.org" for it and all below it. Requests for
  /// others are answered 400. Empty: all, and then no link may be built from the Host field.
  std::vector<std::string> trusted_hosts;
};

}  // namespace hornbeam::web
