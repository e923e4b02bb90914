#pragma once

// What the console and the dashboards share: requests to the index from a page, and files.

#include <memory>
#include <string_view>
#include <vector>

#include "hornbeam/base/thread_pool.h"
#include "hornbeam/site/console/page.h"
#include "hornbeam/site/search_api/rest_index.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::site {

/// Adds `run`, `rest` and the static files to a blueprint. Lifetime: `pool` outlives the routes.
void add_console_routes(web::Blueprint& blueprint, const std::shared_ptr<RestIndex>& index,
                        base::ThreadPool& pool);

/// The page that is built in under `name`, with what it loads. `scripts` are modules or, in
/// vendor/, plain scripts, which come first; `data` is what goes before the page's markup.
ConsolePage console_page(std::string title, std::string_view name,
                         const std::vector<std::string_view>& styles,
                         const std::vector<std::string_view>& scripts, std::string_view data);

}  // namespace hornbeam::site
