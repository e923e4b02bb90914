#pragma once

// The query console: a page on which searches are written and tried, as OpenSearch's Dev Tools.
//
//   search::Node node("var/search");
//   base::ThreadPool pool(2);
//   app.mount("/console", site::search_console(node, pool));
//
//   GET  PREFIX/            the page
//   POST PREFIX/run         ?method=GET&path=/docs/_search: a request to the index, and its answer
//   any  PREFIX/rest/PATH   the same for programs, such as curl
//
// Everyone who reaches it may read. What changes something is for those with the right
// (`ConsoleRights`); others get 403. What reads is a list (search_api/reading.cc); whatever is not
// on it is refused.

#include <memory>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/search/node/node.h"
#include "hornbeam/site/console/page.h"
#include "hornbeam/site/console/rights.h"
#include "hornbeam/site/search_api/rest_index.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::site {

/// The console as a blueprint, over a node of this process or a cluster (`RemoteIndex`). Requests
/// are answered on threads of `pool`, which outlives the application.
web::Blueprint search_console(std::shared_ptr<RestIndex> index, base::ThreadPool& pool,
                              ConsoleFrame frame = bare_frame);
/// The same over `node`, which outlives the application too.
web::Blueprint search_console(search::Node& node, base::ThreadPool& pool,
                              ConsoleFrame frame = bare_frame);

}  // namespace hornbeam::site
