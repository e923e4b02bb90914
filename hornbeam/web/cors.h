#pragma once

// CORS: which other sites' pages may read responses (the Fetch standard, section 3.2).
//
//   app.use(Cors({.origins = {"https://*.example.org"}, .paths = {"/api/"}}));
//
// Preflights are answered before anything else of the application runs. A page that may read may
// not yet write with cookies: that is `CsrfOptions::trusted_origins`.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/http/method.h"

namespace hornbeam::web {

class App;

/// Which pages of other sites may read responses.
struct CorsOptions {
  /// Such as "https://example.org" or "https://*.example.org" (leftmost labels only), or the one
  /// entry "*" for all, which excludes `allows_credentials`.
  std::vector<std::string> origins{};
  /// Paths that begin like one of these; empty: all.
  std::vector<std::string> paths{};
  /// What such pages may send.
  std::vector<http::Method> methods{http::Method::kGet, http::Method::kHead, http::Method::kPost};
  /// Request headers that pages may set besides the harmless ones.
  std::vector<std::string> request_headers{"Content-Type"};
  /// Response headers that pages may read besides the harmless ones.
  std::vector<std::string> exposed_headers{};
  /// Whether the visitor's cookies come along.
  bool allows_credentials = false;
  /// How long browsers keep the answer to a preflight.
  std::chrono::seconds max_age = std::chrono::minutes(10);
};

/// An extension. Throws std::invalid_argument for origins that cannot be.
class Cors {
 public:
  /// Throws std::invalid_argument for origins that cannot be.
  explicit Cors(CorsOptions options);
  /// Called by `App::use`.
  void init_app(App& app);

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace hornbeam::web
