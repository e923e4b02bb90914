#include "hornbeam/site/dashboards/dashboards.h"

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json.h"
#include "hornbeam/site/console/forward.h"
#include "hornbeam/web/extract.h"

namespace hornbeam::site {
namespace {

using base::Task;
using web::Request;
using web::Response;

/// The version that a change was made of.
struct ChangedVersion {
  std::int64_t version = 0;
};
constexpr auto describe(base::Type<ChangedVersion>) {
  return base::fields(base::field("version", &ChangedVersion::version));
}

void require_saving(const Request& request) {
  if (request.local<ConsoleRights>().saves) return;
  throw web::forbidden(
      "you may look at dashboards, not save or delete them. Mend: ask whoever runs this site for "
      "the right to save");
}

/// The links to the saved ones, which need no script.
std::string list_of(const std::vector<SavedDashboard>& dashboards) {
  if (dashboards.empty()) return {};
  std::string list =
      "<nav class=\"saved-dashboards\" aria-labelledby=\"saved-title\"><h2 "
      "id=\"saved-title\">Saved</h2><ul>";
  for (const SavedDashboard& each : dashboards) {
    list += fmt::format("<li><a href=\"./{}\">{}</a></li>", each.id,
                        base::html_escape(each.dashboard.name));
  }
  return list + "</ul></nav>\n";
}

/// JSON inside of a script element: "<" would let a text end it.
std::string without_markup(std::string json) {
  std::string made;
  made.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      made += "\\u003c";
    } else {
      made += c;
    }
  }
  return made;
}

ConsolePage page_of(const Request& request, const std::optional<SavedDashboard>& shown,
                    const std::string& list) {
  const bool saves = request.local<ConsoleRights>().saves;
  std::string data =
      fmt::format("<div id=\"console-rights\" data-saves=\"{}\"></div>\n", saves ? "yes" : "no");
  if (shown) {
    data += fmt::format("<script type=\"application/json\" id=\"saved-dashboard\">{}</script>\n",
                        without_markup(base::to_json(*shown)));
  }
  ConsolePage page = console_page(shown ? shown->dashboard.name : "Dashboards", "dashboards.html",
                                  {"console.css", "dashboards.css"},
                                  {"vendor/chart.min.js", "dashboards.js"}, data);
  page.body += list;
  return page;
}

}  // namespace

web::Blueprint dashboards(std::shared_ptr<RestIndex> index, base::ThreadPool& pool,
                          data::Database& database, ConsoleFrame frame) {
  web::Blueprint blueprint("dashboards");
  const DashboardStore store(database);
  blueprint.get("/", [store, frame](const Request& request) -> Task<Response> {
    const std::vector<SavedDashboard> saved = co_await store.all();
    co_return frame(request, page_of(request, std::nullopt, list_of(saved)));
  });
  blueprint.get("/{id}", [store, frame](const Request& request, std::int64_t id) -> Task<Response> {
    const std::optional<SavedDashboard> saved = co_await store.find(id);
    if (!saved) throw web::not_found("there is no such dashboard; it may have been deleted");
    co_return frame(request, page_of(request, saved, {}));
  });
  blueprint.post("/",
                 [store](const Request& request, web::Body<Dashboard> dashboard) -> Task<Response> {
                   require_saving(request);
                   const SavedDashboard added = co_await store.add(std::move(*dashboard));
                   co_return web::json(added, 201);
                 });
  blueprint.put("/{id}",
                [store](const Request& request, std::int64_t id, web::Query<ChangedVersion> changed,
                        web::Body<Dashboard> dashboard) -> Task<Response> {
                  require_saving(request);
                  const auto saved =
                      co_await store.replace(id, changed->version, std::move(*dashboard));
                  if (saved) co_return web::json(*saved);
                  if (!co_await store.find(id)) throw web::not_found("there is no such dashboard");
                  throw web::conflict(
                      "someone else saved this dashboard meanwhile. Mend: open it again, or save "
                      "yours as a new one");
                });
  blueprint.del("/{id}", [store](const Request& request, std::int64_t id) -> Task<void> {
    require_saving(request);
    if (!co_await store.remove(id)) throw web::not_found("there is no such dashboard");
  });
  add_console_routes(blueprint, index, pool);
  return blueprint;
}

web::Blueprint dashboards(search::Node& node, base::ThreadPool& pool, data::Database& database,
                          ConsoleFrame frame) {
  return dashboards(rest_index(node), pool, database, std::move(frame));
}

}  // namespace hornbeam::site
