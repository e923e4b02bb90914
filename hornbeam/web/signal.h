#pragma once

// Signals: what an application tells those who listen, as Flask's.
//
//   app.signals().request_finished.connect([](const Request& request, const Response& response) {
//     ...
//   });
//
// A hook is part of answering; a receiver only hears of it: it cannot answer, does not wait, and
// what it throws is logged. Whoever wants durations, sizes and streams' ends takes a
// `RequestObserver` (web/observer.h). Requests of an application that nobody listens to pay
// nothing.

#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "hornbeam/http/response.h"

namespace hornbeam::web {

class Request;
using http::Response;

/// Receivers of one kind of event, called in the order they were connected.
template <class... Arguments>
class Signal {
 public:
  /// Before the application serves.
  void connect(std::function<void(Arguments...)> receiver) {
    receivers_.push_back(std::move(receiver));
  }
  /// Whether anybody is connected.
  bool has_receivers() const noexcept { return !receivers_.empty(); }
  /// Calls every receiver. `on_failure` is called where one throws, inside of its catch.
  template <class OnFailure>
  void send(OnFailure on_failure, Arguments... arguments) const {
    for (const auto& each : receivers_) {
      try {
        each(arguments...);
      } catch (...) {
        on_failure();
      }
    }
  }

 private:
  std::vector<std::function<void(Arguments...)>> receivers_;
};

/// What an application tells of each request.
struct Signals {
  /// Before the before_request hooks.
  Signal<const Request&> request_started;
  /// Once the response is as its client will see it but for security headers: after the
  /// after_request hooks, with the session's cookie.
  Signal<const Request&, const Response&> request_finished;
  /// An exception that no error handler takes, before it becomes a 500.
  Signal<const Request&, std::exception_ptr> got_request_exception;
  /// After the teardown hooks, whatever happened; with what they were given.
  Signal<const Request&, std::exception_ptr> request_tearing_down;

  /// Whether anybody is connected to any of them.
  bool any() const noexcept {
    return request_started.has_receivers() || request_finished.has_receivers() ||
           got_request_exception.has_receivers() || request_tearing_down.has_receivers();
  }
};

}  // namespace hornbeam::web
