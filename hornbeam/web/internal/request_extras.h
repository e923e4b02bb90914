#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/web/internal/observation.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"
#include "hornbeam/web/trace_context.h"

namespace hornbeam::web {

/// A request that outlives its handler, for a body that is still being made. Filled once the
/// response has been handed over and hooks and teardowns have run.
struct KeptRequest {
  std::optional<http::Request> raw;
  std::optional<Request> request;
};

/// What only some requests need, made when the first of it is asked for.
struct RequestExtras {
  struct Slot {
    TypeKey key;
    std::shared_ptr<void> value;
  };

  std::string decoded_path;
  std::string matched_host;
  std::vector<std::pair<std::string_view, std::string_view>> inherited;
  std::optional<std::string> decoded_body;
  std::optional<Arguments> query;
  std::optional<Arguments> form;
  std::optional<Session> session;
  Forwarded forwarded;
  std::string csp_nonce;
  std::string id;
  std::unique_ptr<TraceContext> trace;
  std::unique_ptr<Observation> observation;
  std::vector<Slot> slots;
  std::vector<std::move_only_function<void(Response&)>> after;

  std::vector<std::pair<std::string, base::Task<void>>> tasks;
  std::shared_ptr<KeptRequest> kept;  // Null unless a body asks for the request.

  // What a hook under way was given besides the request.
  Response* response = nullptr;
  const std::exception* error = nullptr;
  std::exception_ptr failure;
};

/// The doors into a request that hooks and the dispatcher share.
struct RequestAccess {
  static RequestExtras& extras(const Request& request) { return request.extras(); }
  static bool has_slot(const Request& request, TypeKey key) {
    if (request.extras_ == nullptr) return false;
    for (const RequestExtras::Slot& each : request.extras_->slots) {
      if (each.key == key) return true;
    }
    return false;
  }
  /// The limit of the request's route.
  static std::size_t max_body_bytes(const Request& request);
  static const Dispatcher* dispatcher(const Request& request) { return request.dispatcher_; }
  /// Believes what trusted proxies say.
  static void set_forwarded(Request& request, Forwarded forwarded) {
    request.extras().forwarded = std::move(forwarded);
    request.forwarded_ = &request.extras().forwarded;
  }
  /// Moves a request whose handler is done to where a body goes on with it, if one asked for it.
  static void keep(http::Request& raw, Request& request) {
    if (request.extras_ == nullptr || request.extras_->kept == nullptr) return;
    const auto kept = std::move(request.extras_->kept);
    kept->raw.emplace(std::move(raw));
    kept->request.emplace(std::move(request));
    kept->request->raw_ = &*kept->raw;
  }
  static RequestExtras* extras_if_any(const Request& request) { return request.extras_.get(); }
};

}  // namespace hornbeam::web
