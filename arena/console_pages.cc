#include "arena/console_pages.h"

namespace arena {

namespace site = hornbeam::site;
namespace web = hornbeam::web;

site::ConsoleRights console_rights(const std::string& word) {
  if (word == "read") return {};
  if (word == "save") return {.writes = false, .saves = true};
  if (word == "write") return {.writes = true, .saves = true};
  throw web::ConfigError("the configuration key 'console.rights' is \"" + word +
                         "\". Mend: \"none\", \"read\", \"save\" or \"write\"");
}

void add_console_pages(web::App& app, const web::Templates& pages,
                       const std::shared_ptr<site::RestIndex>& index,
                       hornbeam::base::ThreadPool& pool, hornbeam::data::Database& database,
                       site::ConsoleRights rights) {
  app.before_request(
      [rights](const web::Request& request) { request.local<site::ConsoleRights>() = rights; });
  const site::ConsoleFrame frame = [&pages](const web::Request& request,
                                            const site::ConsolePage& page) {
    return pages.render(request, "console.html",
                        {{"title", page.title}, {"styles", page.head}, {"body", page.body}});
  };
  app.mount("/console", site::search_console(index, pool, frame));
  app.mount("/dashboards", site::dashboards(index, pool, database, frame));
}

}  // namespace arena
