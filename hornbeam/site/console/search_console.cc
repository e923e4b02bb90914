#include "hornbeam/site/console/search_console.h"

#include <fmt/format.h>

#include "hornbeam/site/console/forward.h"

namespace hornbeam::site {

web::Blueprint search_console(std::shared_ptr<RestIndex> index, base::ThreadPool& pool,
                              ConsoleFrame frame) {
  web::Blueprint blueprint("search_console");
  blueprint.get("/", [frame = std::move(frame)](const web::Request& request) {
    const bool writes = request.local<ConsoleRights>().writes;
    const std::string data = fmt::format("<div id=\"console-rights\" data-writes=\"{}\"></div>\n",
                                         writes ? "yes" : "no");
    return frame(
        request,
        console_page("Query console", "console.html",
                     {"vendor/codemirror.css", "vendor/show-hint.css", "vendor/foldgutter.css",
                      "console.css"},
                     {"vendor/codemirror.js", "vendor/javascript.js", "vendor/matchbrackets.js",
                      "vendor/closebrackets.js", "vendor/foldcode.js", "vendor/foldgutter.js",
                      "vendor/brace-fold.js", "vendor/show-hint.js", "console.js"},
                     data));
  });
  add_console_routes(blueprint, index, pool);
  return blueprint;
}

web::Blueprint search_console(search::Node& node, base::ThreadPool& pool, ConsoleFrame frame) {
  return search_console(rest_index(node), pool, std::move(frame));
}

}  // namespace hornbeam::site
