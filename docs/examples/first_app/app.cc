#include "docs/examples/first_app/app.h"

#include <utility>
#include <vector>

namespace garden {

namespace data = hornbeam::data;
namespace web = hornbeam::web;
using hornbeam::Task;

// [broadcast]
int Watchers::enter(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  watchers_.emplace(++last_number_, std::move(watcher));
  return last_number_;
}

void Watchers::leave(int number) {
  const std::lock_guard lock(mutex_);
  watchers_.erase(number);
}

void Watchers::tell(const Plant& plant) {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, watcher] : watchers_) watcher.send(plant);
}
// [/broadcast]

// [open]
Garden::Garden(const web::Config& config)
    : database(data::Database::open(config.value("database.url", "sqlite:///garden.db"))) {
  const std::string folder = config.value("folder", ".");
  data::migrate(*database, data::read_migrations(folder + "/migrations"));
  // [/open]

  // [page]
  app.get("/", [] { return web::redirect("/static/index.html"); });
  app.static_files("/static", folder + "/static");
  // [/page]

  // [list]
  app.get("/plants", [this]() -> Task<std::vector<Plant>> {
    co_return co_await database->read(
        [](data::Snapshot& db) { return db.select<Plant>().order_by(&Plant::name).all(); });
  });
  app.get("/beds/{bed}/plants", [this](std::int64_t bed) -> Task<std::vector<Plant>> {
    co_return co_await database->read([bed](data::Snapshot& db) {
      const auto in_bed = data::column(&Plant::bed) == bed;
      return db.select<Plant>().where(in_bed).order_by(&Plant::name).all();
    });
  });
  // [/list]

  // [find]
  app.get("/plants/{id}", [this](std::int64_t id) -> Task<std::optional<Plant>> {
    co_return co_await database->read([id](data::Snapshot& db) { return db.find<Plant>(id); });
  });
  // [/find]

  // [add]
  app.post("/plants", [this](web::Body<NewPlant> added) -> Task<web::Response> {
    Plant plant{.name = added->name, .bed = added->bed, .note = added->note};
    plant.id = co_await database->write([&](data::Transaction& tx) { return tx.insert(plant); });
    watchers.tell(plant);
    co_return web::status(201, plant);
  });
  // [/add]

  // [error]
  app.on_error<data::UniqueViolation>([](const data::UniqueViolation&) -> hornbeam::Result<Plant> {
    return hornbeam::error("conflict", "That plant stands in that bed already.");
  });
  // [/error]

  // [shell_word]
  app.shell_word("sql", "Read from the database: sql SELECT ...",
                 [this](std::string query) { return data::look(*database, std::move(query)); });
  // [/shell_word]

  // [watch]
  app.socket("/watch", [this](Watcher watcher) -> Task<void> {
    const int number = watchers.enter(watcher);
    while (co_await watcher.receive()) {
      // What watchers say is of no interest; that they are still there is.
    }
    watchers.leave(number);
  });
  // [/watch]
}

}  // namespace garden
