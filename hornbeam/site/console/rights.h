#pragma once

namespace hornbeam::site {

/// What a visitor of the console and the dashboards may do besides reading, which everyone may who
/// reaches them. Nothing, unless a hook of the application says otherwise:
///
///   app.before_request([](const Request& request, const Account* account) {
///     if (account && account->name == "admin@example.org")
///       request.local<site::ConsoleRights>() = {.writes = true, .saves = true};
///   });
struct ConsoleRights {
  bool writes = false;  ///< Change the index: documents, mappings, settings, whole indices.
  bool saves = false;   ///< Save and delete dashboards.
};

}  // namespace hornbeam::site
