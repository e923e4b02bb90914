#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/http/response.h"
#include "hornbeam/web/observer.h"

namespace hornbeam::web {

class Request;

/// One request under observation. Its end is reported when it is destroyed, whichever way that
/// comes about: answered, streamed to the end, or dropped with the server.
class Observation {
 public:
  using Observers = std::vector<std::shared_ptr<RequestObserver>>;

  /// Lifetime: `observers` outlives the observation.
  explicit Observation(const Observers& observers);
  ~Observation();
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  bool names_requests() const noexcept { return names_requests_; }

  /// Reports what became of the request: now, or, if the response streams, when that has ended.
  static void conclude(std::unique_ptr<Observation> observation, const Request& request,
                       http::Response& response);

 private:
  void describe(const Request& request);
  void keep_texts();
  static base::Task<void> write(std::unique_ptr<Observation> observation, http::StreamBody body,
                                http::BodySink* below);

  const Observers& observers_;
  std::chrono::steady_clock::time_point begun_;
  RequestRecord record_;
  std::string address_;
  std::string texts_;  // What the record's views lie in once the request has gone.
  bool names_requests_ = false;
};

}  // namespace hornbeam::web
