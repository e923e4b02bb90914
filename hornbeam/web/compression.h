#pragma once

// Compression: responses in the coding that a client likes best, of br, zstd and gzip.
//
//   app.use(Compression{});
//
// Text and what is like it, not what is compressed already, not a range, not short bodies. A stream
// is flushed with each piece, so that events arrive when they are sent.
//
// BREACH: a page that shows a secret (a CSRF token) beside text the asker chooses tells, by its
// compressed length, whether the two are alike. Mask the secret anew for each response, or have
// such a page say `Cache-Control: no-transform`, which leaves it as it is.

#include <cstddef>

#include "hornbeam/web/app.h"

namespace hornbeam::web {

/// An extension that compresses responses as the client's Accept-Encoding likes: br, zstd, gzip.
struct Compression {
  /// Shorter bodies stay as they are. Bytes.
  std::size_t min_bytes = 500;

  /// Called by `App::use`.
  void init_app(App& app) const;
};

/// Compresses `response` if the request's Accept-Encoding and the rules above say so.
void compress(const Request& request, Response& response, const Compression& options = {});

}  // namespace hornbeam::web
