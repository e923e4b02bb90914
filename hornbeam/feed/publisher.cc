#include "hornbeam/feed/publisher.h"

#include <utility>

#include "hornbeam/base/log.h"

namespace hornbeam::feed {

Publisher::Publisher(data::Database& database, ChangeSink& sink, std::string name,
                     PublisherOptions options)
    : database_(database),
      sink_(sink),
      name_(std::move(name)),
      options_(options),
      holder_(new_holder()) {}

Publisher::~Publisher() {
  if (!lease_) return;
  try {
    release_lease(database_, *lease_);
  } catch (const std::exception&) {
    return;  // It ends by itself.
  }
}

bool Publisher::begin() {
  lease_ = take_lease(database_, name_, holder_, options_.lease);
  if (!lease_) return false;
  cursor_ = database_.read_now([&](data::Snapshot& db) {
    for (const Follower& each : followers(db)) {
      if (each.name != name_) continue;
      if (auto cursor = Cursor::parse(each.cursor)) return *cursor;
    }
    return newest(db);
  });
  return true;
}

Changes Publisher::read() {
  try {
    return database_.read_now(
        [&](data::Snapshot& db) { return read_changes(db, *cursor_, options_.changes_at_once); });
  } catch (const CursorLost& lost) {
    base::log_warning("changes were never published, and those who follow must look at everything",
                      {{"follower", name_}, {"reason", std::string(lost.what())}});
    return database_.read_now([](data::Snapshot& db) {
      return Changes{.changes = {{"*", "*", now_of(db)}}, .next = newest(db), .has_more = true};
    });
  }
}

Work Publisher::step() {
  if (!lease_ && !begin()) return Work::kDone;
  Changes changes = read();
  if (!changes.changes.empty()) sink_.publish(changes.changes);
  // Said after it was told: a crash in between tells it again.
  const auto now = std::chrono::steady_clock::now();
  if (changes.next != *cursor_ || now - renewed_at_ >= options_.lease / 4) {
    if (!renew_lease(database_, *lease_, options_.lease, changes.next)) {
      lease_.reset();
      cursor_.reset();
      return Work::kDone;
    }
    renewed_at_ = now;
  }
  cursor_ = std::move(changes.next);
  return changes.has_more ? Work::kMore : Work::kDone;
}

}  // namespace hornbeam::feed
