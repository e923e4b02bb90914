#pragma once

#include "hornbeam/web/app.h"

namespace hornbeam::web {

/// An access log: one line for each request that the application answers.
///
///   app.use(AccessLog{});
///
///   {"time":"...","level":"info","message":"request","method":"GET","path":"/posts/3",
///    "route":"/posts/{id}","status":200,"bytes":512,"seconds":0.000213,"request_id":"...",
///    "address":"192.0.2.1"}
///
/// The query is left out, because queries hold tokens and what people search for. `run` uses it
/// where the configuration says `log.access = true`, and while debugging.
struct AccessLog {
  /// Add the client's User-Agent.
  bool has_user_agent = false;
  /// Add the client's address, which is personal data in many places.
  bool has_address = true;

  /// Called by `App::use`.
  void init_app(App& app) const;
};

}  // namespace hornbeam::web
