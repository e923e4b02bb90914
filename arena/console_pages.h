#pragma once

#include <memory>
#include <string>

#include "hornbeam/data.h"
#include "hornbeam/pages.h"
#include "hornbeam/site.h"
#include "hornbeam/web.h"

namespace arena {

/// What everyone who comes may do on the console and the dashboards: "read", "save" dashboards too,
/// or "write" to the index as well; "none" is for the caller. Throws web::ConfigError if `word` is
/// none of them.
hornbeam::site::ConsoleRights console_rights(const std::string& word);

/// Adds /console and /dashboards over `index`, in arena's own layout. Lifetime: the rest outlives
/// `app`.
void add_console_pages(hornbeam::web::App& app, const hornbeam::web::Templates& pages,
                       const std::shared_ptr<hornbeam::site::RestIndex>& index,
                       hornbeam::base::ThreadPool& pool, hornbeam::data::Database& database,
                       hornbeam::site::ConsoleRights rights);

}  // namespace arena
