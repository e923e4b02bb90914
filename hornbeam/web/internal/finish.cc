// What becomes of failures, and what happens to every response before it leaves.

#include <array>
#include <span>

#include "hornbeam/base/log.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/request_extras.h"
#include "hornbeam/web/negotiation.h"

namespace hornbeam::web {

using base::Task;

namespace {

void log_failure(std::string_view what, const Request& request, const std::exception_ptr& failure) {
  if (!base::log_enabled(base::LogLevel::kError)) return;
  std::string reason = "something that is no std::exception";
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    reason = error.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): said above.
  }
  const RequestExtras* const extras = RequestAccess::extras_if_any(request);
  const bool has_trace =
      (extras != nullptr && extras->trace != nullptr) || request.find_header("traceparent");
  const std::array<base::LogField, 2> fields{
      {{"request_id", request.id()},
       {"trace_id", has_trace ? std::string_view(request.trace().trace_id) : ""}}};
  base::log_line(
      base::LogLevel::kError,
      fmt::format("{} {}: {}: {}", request.method_name(), request.raw().path(), what, reason),
      std::span(fields).first(has_trace ? 2 : 1));
}

/// Flask's lookup: by status from the innermost blueprint outwards, then by class likewise.
const Step* find_handler(const Scope& scope, int status, const std::exception_ptr& thrown,
                         const std::exception*& error) {
  if (status != 0) {
    for (const Scope::ErrorLevel& level : scope.errors) {
      for (const auto& entry : level.by_status) {
        if (entry.status == status) return &entry.step;
      }
    }
  }
  for (const Scope::ErrorLevel& level : scope.errors) {
    for (const auto& each : level.by_class) {
      if (const std::exception* matched = each.entry->match(thrown)) {
        error = matched;
        return &each.step;
      }
    }
  }
  return nullptr;
}

/// The error behind an exception, which it outlives; null if it is another kind.
template <class Error>
const Error* error_in(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return &error;
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

Dispatcher::Failure Dispatcher::judge(const Scope& scope, const std::exception_ptr& thrown) {
  Failure failure;
  failure.thrown = thrown;
  if (const auto* error = error_in<HttpError>(thrown)) {
    failure.error = error;
    failure.handler = find_handler(scope, error->status(), thrown, failure.error);
    return failure;
  }
  failure.handler = find_handler(scope, 0, thrown, failure.error);
  return failure.handler != nullptr ? failure : unhandled(scope, thrown);
}

/// What becomes of an exception as a 500, for which there may be a handler.
Dispatcher::Failure Dispatcher::unhandled(const Scope& scope, const std::exception_ptr& thrown) {
  Failure failure;
  failure.thrown = thrown;
  failure.is_unhandled = true;
  failure.wrapped = HttpError(500, "something went wrong on this side").with_original(thrown);
  const std::exception* matched = nullptr;
  failure.handler = find_handler(scope, 500, std::make_exception_ptr(*failure.wrapped), matched);
  return failure;
}

const std::exception& Dispatcher::Failure::shown() const {
  return wrapped ? static_cast<const std::exception&>(*wrapped) : *error;
}

Response Dispatcher::default_response(const Request& request, const Failure& failure) const {
  if (failure.is_unhandled) log_failure("unhandled", request, failure.thrown);
  const auto* error = dynamic_cast<const HttpError*>(&failure.shown());
  base::check(error != nullptr, "only an HttpError has a default response");
  return error_response(request, *error, settings_.is_debug);
}

Response Dispatcher::last_response(const Request& request, const std::exception_ptr& thrown) const {
  return default_response(request, judge(Scope(), thrown));
}

Response Dispatcher::recover(const Request& request, const Failure& failure) const {
  if (failure.handler == nullptr) return default_response(request, failure);
  if (failure.is_unhandled) log_failure("unhandled", request, failure.thrown);
  RequestAccess::extras(request).error = &failure.shown();
  try {
    provide(failure.handler->needs, request);
    return *failure.handler->hook->run(request);
  } catch (...) {
    return last_response(request, std::current_exception());
  }
}

Task<Response> Dispatcher::recover_by_waiting(const Request& request,
                                              const Failure& failure) const {
  if (failure.is_unhandled) log_failure("unhandled", request, failure.thrown);
  RequestAccess::extras(request).error = &failure.shown();
  std::exception_ptr thrown;
  try {
    co_await provide_later(failure.handler->needs, request);
    co_return *co_await failure.handler->hook->run_later(request);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_return last_response(request, thrown);
}

void Dispatcher::run_after(const Scope& scope, const Request& request, Response& response) const {
  if (RequestExtras* extras = RequestAccess::extras_if_any(request)) {
    for (auto& change : extras->after) change(response);
  }
  for (const Step& step : scope.after) {
    RequestAccess::extras(request).response = &response;
    provide(step.needs, request);
    if (std::optional<Response> other = step.hook->run(request)) response = std::move(*other);
  }
  save_session(request, response);
  signals_.request_finished.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request, response);
}

// As in Flask, what a hook throws becomes a 500, which goes through the hooks as well.
std::exception_ptr Dispatcher::finish(const Scope& scope, const Request& request,
                                      Response& response) const {
  // Usually nothing asked for the session or anything else that leaves a trace.
  if (RequestAccess::extras_if_any(request) == nullptr && scope.after.empty() &&
      !may_refresh_session(request) && !signals_.any()) {
    guard_.seal(request, response);
    return nullptr;
  }
  std::exception_ptr thrown;
  try {
    run_after(scope, request, response);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) {
    tell_failed(request, thrown);
    Failure failure = unhandled(scope, thrown);
    // Nothing may wait here: a handler that does has the default page stand in for it.
    if (failure.handler != nullptr && failure.handler->waits) failure.handler = nullptr;
    response = recover(request, failure);
    try {
      run_after(scope, request, response);
    } catch (...) {
      log_failure("the hooks after an error", request, std::current_exception());
    }
  }
  leave(request, response);
  return thrown;
}

void Dispatcher::tell_started(const Request& request) const {
  signals_.request_started.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request);
}
void Dispatcher::tell_failed(const Request& request, const std::exception_ptr& thrown) const {
  signals_.got_request_exception.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request, thrown);
}

/// The last that is done to a response.
void Dispatcher::leave(const Request& request, Response& response) const {
  guard_.seal(request, response);
  start_tasks(request);
  RequestExtras* const extras = RequestAccess::extras_if_any(request);
  if (extras == nullptr) return;
  if (extras->observation != nullptr && extras->observation->names_requests()) {
    static_cast<void>(request.id());
  }
  if (!extras->id.empty()) response.set_field("X-Request-Id", extras->id);
  if (extras->observation != nullptr) {
    Observation::conclude(std::move(extras->observation), request, response);
  }
}

void Dispatcher::start_tasks(const Request& request) {
  RequestExtras* extras = RequestAccess::extras_if_any(request);
  if (extras == nullptr || extras->tasks.empty()) return;
  base::Executor* const executor = base::Executor::current();
  base::check(executor != nullptr, "requests are served on an executor");
  for (auto& [name, task] : extras->tasks) base::spawn_on(*executor, std::move(task), name);
  extras->tasks.clear();
}

Task<void> Dispatcher::run_after_later(const Scope& scope, const Request& request,
                                       Response& response) const {
  RequestExtras& extras = RequestAccess::extras(request);
  for (auto& change : extras.after) change(response);
  extras.response = &response;
  for (const Step& step : scope.after) {
    co_await provide_later(step.needs, request);
    std::optional<Response> other = co_await step.hook->run_later(request);
    if (other) response = std::move(*other);
  }
  save_session(request, response);
  signals_.request_finished.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request, response);
}

Task<std::exception_ptr> Dispatcher::finish_later(const Scope& scope, const Request& request,
                                                  Response& response) const {
  std::exception_ptr thrown;
  try {
    co_await run_after_later(scope, request, response);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) {
    tell_failed(request, thrown);
    const Failure failure = unhandled(scope, thrown);
    if (failure.handler != nullptr && failure.handler->waits) {
      response = co_await recover_by_waiting(request, failure);
    } else {
      response = recover(request, failure);
    }
    try {
      co_await run_after_later(scope, request, response);
    } catch (...) {
      log_failure("the hooks after an error", request, std::current_exception());
    }
  }
  leave(request, response);
  co_return thrown;
}

void Dispatcher::tear_down(const Scope& scope, const Request& request,
                           const std::exception_ptr& failure) const {
  for (const Step& step : scope.teardown) {
    try {
      RequestAccess::extras(request).failure = failure;
      provide(step.needs, request);
      step.hook->run(request);
    } catch (...) {
      log_failure("a teardown hook", request, std::current_exception());
    }
  }
  signals_.request_tearing_down.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request, failure);
}

Task<void> Dispatcher::tear_down_later(const Scope& scope, const Request& request,
                                       std::exception_ptr failure) const {
  for (const Step& step : scope.teardown) {
    try {
      RequestAccess::extras(request).failure = failure;
      co_await provide_later(step.needs, request);
      co_await step.hook->run_later(request);
    } catch (...) {
      log_failure("a teardown hook", request, std::current_exception());
    }
  }
  signals_.request_tearing_down.send(
      [&] { log_failure("a receiver", request, std::current_exception()); }, request, failure);
}

Session Dispatcher::open_session(const Request& request) const {
  const SessionOptions& options = settings_.session;
  const auto cookie = request.find_cookie(options.cookie_name);
  if (!cookie) return {};
  return unsign_session(*cookie, options, options.seconds_since_epoch()).value_or(Session());
}

bool Dispatcher::may_refresh_session(const Request& request) const {
  const SessionOptions& options = settings_.session;
  return options.refreshes_permanent && !options.secret_key.empty() &&
         request.find_header("cookie").has_value();
}

/// A permanent session that nobody asked for lives on as well: its cookie is sent again.
void Dispatcher::refresh_session(const Request& request, Response& response) const {
  if (!may_refresh_session(request) || response.status() == 304) return;
  // What caches may keep and show to others carries nobody's cookie.
  const std::string* caching = response.find_field("cache-control");
  if (caching != nullptr && caching->find("public") != std::string::npos) return;
  const Session session = open_session(request);
  if (!session.is_permanent()) return;
  add_vary(response, "Cookie");
  response.add_field("Set-Cookie", session_cookie(session, settings_.session, request.is_secure(),
                                                  settings_.session.seconds_since_epoch()));
}

void Dispatcher::save_session(const Request& request, Response& response) const {
  const RequestExtras* extras = RequestAccess::extras_if_any(request);
  if (extras == nullptr || !extras->session) {
    refresh_session(request, response);
    return;
  }
  const Session& session = *extras->session;
  const SessionOptions& options = settings_.session;
  add_vary(response, "Cookie");
  const bool is_refreshed = session.is_permanent() && options.refreshes_permanent;
  if (!session.is_modified() && !is_refreshed) return;
  if (options.secret_key.empty()) {
    throw std::logic_error(
        "the session was changed, but there is no secret key to sign it. Mend: set "
        "Settings::session.secret_key, or SECRET_KEY in the configuration");
  }
  response.add_field("Set-Cookie", session_cookie(session, options, request.is_secure(),
                                                  options.seconds_since_epoch()));
}

}  // namespace hornbeam::web
