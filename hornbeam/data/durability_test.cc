// A process is killed while it writes; what it had acknowledged is there when the database is
// opened again.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/data/testing/fixture.h"

namespace hornbeam::data {
namespace {

/// What the child says on the pipe each time that a write has been acknowledged to it.
struct Acknowledged {
  std::int64_t game_id;
  std::int64_t seq;
};

base::Task<void> play(Database& database, std::int64_t game_id, int pipe) {
  for (std::int64_t seq = 1;; ++seq) {
    co_await database.write([&](Transaction& tx) { tx.insert(Event{game_id, seq, "move"}); });
    const Acknowledged done{game_id, seq};
    if (write(pipe, &done, sizeof done) != sizeof done) std::abort();
  }
}

[[noreturn]] void write_for_ever(const std::string& url, int pipe) {
  const auto database = Database::open(url);
  base::Loop loop;
  for (std::int64_t game_id = 1; game_id <= 20; ++game_id) {
    base::spawn_on(loop, play(*database, game_id, pipe), "play");
  }
  loop.run();
  std::abort();
}

/// Starts a child that writes, reads `count` acknowledgements, kills it, and gives all that had
/// been sent by then.
std::vector<Acknowledged> acknowledged_before_kill(const std::string& url, std::size_t count) {
  int ends[2];
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    write_for_ever(url, ends[1]);
  }
  close(ends[1]);
  std::vector<Acknowledged> seen;
  Acknowledged one{};
  while (read(ends[0], &one, sizeof one) == sizeof one) {
    seen.push_back(one);
    if (seen.size() == count) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  return seen;
}

TEST(Durability, WhatWasAcknowledgedSurvivesAKillInTheMiddle) {
  const TemporaryFolder folder;
  create_tables(*Database::open(folder.url()));
  std::map<std::int64_t, std::int64_t> last;
  for (const std::size_t count : {1u, 150u, 700u}) {
    for (const Acknowledged& each : acknowledged_before_kill(folder.url(), count)) {
      last[each.game_id] = std::max(last[each.game_id], each.seq);
    }
    const auto database = Database::open(folder.url());
    EXPECT_EQ(database->read_now([](Snapshot& db) {
      return db.query<std::string>("PRAGMA integrity_check").one();
    }),
              "ok");
    for (const auto& [game_id, seq] : last) {
      const auto count_there = database->read_now([&, game = game_id, upto = seq](Snapshot& db) {
        return db.select<Event>()
            .where(column(&Event::game_id) == game && column(&Event::seq) <= upto)
            .count();
      });
      EXPECT_EQ(count_there, seq) << "game " << game_id;
    }
    database->write_now([](Transaction& tx) { tx.execute("DELETE FROM events"); });
    last.clear();
  }
}

}  // namespace
}  // namespace hornbeam::data
