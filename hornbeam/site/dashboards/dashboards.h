#pragma once

// Dashboards over an index: documents with filters, and panels that count them.
//
//   app.mount("/dashboards", site::dashboards(node, pool, *database));
//
//   GET    PREFIX/       the saved ones, and a new one
//   GET    PREFIX/ID     one of them: the link to share
//   POST   PREFIX/       saves a new one (JSON, a `Dashboard`)
//   PUT    PREFIX/ID     ?version=3: saves it again; 409 if someone else did meanwhile
//   DELETE PREFIX/ID
//
// and the routes of the console through which the page asks the index (search_console.h). Its table
// is one step of the application's migrations, `dashboards_migration`. Saving and deleting is for
// those with the right (`ConsoleRights::saves`); others get 403.

#include <memory>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/data/database.h"
#include "hornbeam/search/node/node.h"
#include "hornbeam/site/console/page.h"
#include "hornbeam/site/console/rights.h"
#include "hornbeam/site/dashboards/dashboard_store.h"
#include "hornbeam/site/search_api/rest_index.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::site {

/// The dashboards as a blueprint, over a node of this process or a cluster (`RemoteIndex`).
/// Lifetime: `pool` and `database` outlive the application.
web::Blueprint dashboards(std::shared_ptr<RestIndex> index, base::ThreadPool& pool,
                          data::Database& database, ConsoleFrame frame = bare_frame);
/// The same over `node`, which outlives the application too.
web::Blueprint dashboards(search::Node& node, base::ThreadPool& pool, data::Database& database,
                          ConsoleFrame frame = bare_frame);

}  // namespace hornbeam::site
