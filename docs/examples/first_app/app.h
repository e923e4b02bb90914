// The plants of a garden: which grows in which bed, kept in SQLite, and news for everyone who
// watches.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/data.h"
#include "hornbeam/web.h"

namespace garden {

// [new_plant]
/// A plant as it is handed in.
struct NewPlant {
  std::string name;
  std::int64_t bed = 0;
  std::optional<std::string> note = {};
};
constexpr auto describe(hornbeam::Type<NewPlant>) {
  using namespace hornbeam;
  return fields(field("name", &NewPlant::name, length(1, 80)),
                field("bed", &NewPlant::bed, range(1, 40)), field("note", &NewPlant::note));
}
// [/new_plant]

// [plant]
/// A plant that stands in its bed: a row of the table `plants`, and what clients are sent.
struct Plant {
  std::int64_t id = 0;
  std::string name;
  std::int64_t bed = 0;
  std::optional<std::string> note = {};
};
constexpr auto describe(hornbeam::Type<Plant>) {
  using namespace hornbeam;
  return fields(field("id", &Plant::id, data::primary_key, data::generated),
                field("name", &Plant::name), field("bed", &Plant::bed),
                field("note", &Plant::note));
}
constexpr std::string_view table_name(hornbeam::Type<Plant>) {
  return "plants";
}
// [/plant]

// [watchers]
/// A conversation: what the client says is text, what it hears are plants.
using Watcher = hornbeam::web::Socket<std::string, Plant>;

/// Everyone who watches the garden. Thread: any, since each socket lives on a loop of its own.
class Watchers {
 public:
  /// Gives the number by which `leave` knows the watcher.
  int enter(Watcher watcher);
  void leave(int number);
  void tell(const Plant& plant);

 private:
  std::mutex mutex_;
  std::map<int, Watcher> watchers_;
  int last_number_ = 0;
};
// [/watchers]

// [garden]
/// The application. Members are in the order of their dependencies: what comes later uses what
/// comes before, and ends first. It stays where it was made, since its routes refer to it.
struct Garden {
  /// Reads `database.url`, and `folder`, where migrations/ and static/ are.
  explicit Garden(const hornbeam::web::Config& config);
  Garden(const Garden&) = delete;
  Garden& operator=(const Garden&) = delete;

  std::unique_ptr<hornbeam::data::Database> database;
  Watchers watchers;
  hornbeam::web::App app;
};
// [/garden]

}  // namespace garden
