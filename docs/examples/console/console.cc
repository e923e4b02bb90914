// An index with nothing but a console and dashboards on it.
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/site.h"
#include "hornbeam/web.h"

namespace {

namespace data = hornbeam::data;
namespace site = hornbeam::site;
namespace web = hornbeam::web;

std::unique_ptr<data::Database> open(const web::Config& config) {
  auto database = data::Database::open(config.value("database.url", "sqlite:///console.db"));
  data::migrate(*database, std::vector{site::dashboards_migration(1)});
  return database;
}

// [application]
struct Program {
  explicit Program(const web::Config& config)
      : database(open(config)), node(config.value("search.folder", "search")) {
    allow(config.value("rights", "read"));
    app.mount("/console", site::search_console(node, pool));
    app.mount("/dashboards", site::dashboards(node, pool, *database));
    app.get("/", [] { return web::redirect("/console/"); });
  }
  // [/application]

  // [rights]
  void allow(const std::string& rights) {
    const site::ConsoleRights given{.writes = rights == "write", .saves = rights != "read"};
    app.before_request(
        [given](const web::Request& request) { request.local<site::ConsoleRights>() = given; });
  }
  // [/rights]

  std::unique_ptr<data::Database> database;
  hornbeam::search::Node node;
  hornbeam::base::ThreadPool pool{2};
  web::App app;
};

}  // namespace

int main(int argc, char** argv) {
  return web::run(
      argc, argv, [](const web::Config& config) { return std::make_unique<Program>(config); },
      {.name = "console", .description = "A search index, its console and its dashboards."});
}
