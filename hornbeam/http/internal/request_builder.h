#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "hornbeam/http/request.h"

namespace hornbeam::http {

/// Fills in what a request learns from its connection rather than from its head.
class RequestBuilder {
 public:
  static void set_connection(Request& request, const Endpoint& peer, bool is_tls) {
    request.peer_ = peer;
    request.is_tls_ = is_tls;
  }
  /// `body` must live as long as `request` is used.
  static void set_body(Request& request, std::string_view body) { request.body_ = body; }
  static void set_body_source(Request& request, std::shared_ptr<BodySource> source) {
    request.body_source_ = std::move(source);
  }
};

}  // namespace hornbeam::http
