// The proof: writers in one process, the follower in another that is killed at random by kill -9.
// At the end every document is as the database has it, none is there that should not be, and none
// is missing.

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/data/error.h"
#include "hornbeam/denorm/testing/library_index.h"

namespace hornbeam::denorm {
namespace {

using std::chrono::milliseconds;
using Random = std::mt19937;

constexpr int kWriters = 12;
constexpr int kBooks = 120;
constexpr milliseconds kDuration{6'000};

/// A writer undoes one transaction of twenty.
struct Undo {};

int pick(Random& random, int below) {
  return std::uniform_int_distribution<int>(0, below - 1)(random);
}

void change(data::Transaction& tx, Random& random) {
  const int book = 1 + pick(random, kBooks);
  const int tag = 1 + pick(random, 10);
  const int word = pick(random, 1'000'000);
  switch (pick(random, 10)) {
    case 0:
      tx.execute("DELETE FROM books WHERE id = ?", book);
      break;
    case 1:
    case 2:
      tx.execute(
          "INSERT INTO books (id, title) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET title "
          "= excluded.title",
          book, "t" + std::to_string(word));
      break;
    case 3:
      tx.execute("UPDATE tags SET name = ? WHERE id = ?", "n" + std::to_string(word), tag);
      break;
    case 4:
      tx.execute("INSERT INTO taggings VALUES (?, ?) ON CONFLICT DO NOTHING", book, tag);
      break;
    case 5:
      tx.execute("DELETE FROM taggings WHERE book = ? AND tag = ?", book, tag);
      break;
    case 6:
      tx.execute("UPDATE comments SET book = (SELECT id FROM books WHERE id = ?) WHERE id = ?",
                 book, 1 + pick(random, 200));
      break;
    default:
      tx.execute(
          "INSERT INTO comments (id, book, text) SELECT CAST(? AS BIGINT), id, ? FROM books WHERE "
          "id = ? ON "
          "CONFLICT (id) DO UPDATE SET book = excluded.book, text = excluded.text",
          1 + pick(random, 200), "c" + std::to_string(word), book);
  }
}

void write_until(data::Database& database, std::chrono::steady_clock::time_point end, int seed) {
  Random random(static_cast<unsigned>(seed));
  const bool is_sqlite = database.dialect() == data::Dialect::kSqlite;
  while (std::chrono::steady_clock::now() < end) {
    const int changes = 1 + pick(random, 4);
    // SQLite's writers wait for each other, so there it is shorter.
    const milliseconds pause(pick(random, is_sqlite ? 3 : 50));
    const bool is_undone = pick(random, 20) == 0;
    try {
      database.write_now([&](data::Transaction& tx) {
        for (int each = 0; each < changes; ++each) {
          change(tx, random);
          std::this_thread::sleep_for(pause / changes);
        }
        if (is_undone) throw Undo();
      });
    } catch (const Undo&) {
      continue;
    } catch (const data::DatabaseError&) {
      continue;  // Lost to others, eight times: nothing was written.
    }
  }
}

/// A transaction that stays open over most of the test, while others come and go.
void hold_open(data::Database& database) {
  try {
    database.write_now(
        [](data::Transaction& tx) {
          tx.execute("INSERT INTO books (id, title) VALUES (?, 'held') ON CONFLICT (id) DO NOTHING",
                     kBooks + 1);
          std::this_thread::sleep_for(kDuration * 2 / 3);
          tx.execute("INSERT INTO comments (id, book, text) VALUES (?, ?, 'held')", 1000,
                     kBooks + 1);
        },
        {.most_attempts = 1});
  } catch (const data::DatabaseError&) {
    return;
  }
}

[[noreturn]] void write_all(const std::string& url) {
  data::DatabaseOptions options;
  options.writers = kWriters + 1;
  const auto database = data::Database::open(url, options);
  const auto end = std::chrono::steady_clock::now() + kDuration;
  std::vector<std::jthread> threads;
  for (int seed = 1; seed <= kWriters; ++seed) {
    threads.emplace_back([&, seed] { write_until(*database, end, seed); });
  }
  if (database->dialect() == data::Dialect::kPostgresql) {
    threads.emplace_back([&] { hold_open(*database); });
  }
  threads.clear();
  _exit(0);
}

[[noreturn]] void follow_for_ever(const std::string& url, const std::filesystem::path& folder) {
  const auto database = data::Database::open(url);
  search::Node node(folder);
  EmbeddedTarget target(node);
  IndexerOptions options;
  options.writer.commit_every = milliseconds(50);
  options.writer.documents_at_once = 40;
  options.writer.changes_at_once = 60;
  options.writer.lease = milliseconds(300);  // Those that were killed cannot give it back.
  options.follower.poll = milliseconds(20);
  options.trim_every = milliseconds(100);
  options.trim.compact_above = 100;
  Indexer indexer(*database, target, books_type(), options);
  indexer.start();
  while (true) pause();
}

template <class Work>
pid_t start_child(Work work) {
  const pid_t child = fork();
  if (child != 0) return child;
  work();
  std::abort();
}

class RaceTest : public testing::TestWithParam<data::Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == data::Dialect::kSqlite) {
      url_ = folder_.url();
    } else if (data::PostgresServer* server = data::PostgresServer::shared()) {
      url_ = server->new_database_url();
    } else {
      GTEST_SKIP() << "PostgreSQL is not installed";
    }
  }

  void begin() const {
    const auto database = data::Database::open(url_);
    feed::create_library(*database);
    database->write_now([](data::Transaction& tx) {
      for (int tag = 1; tag <= 10; ++tag) tx.execute("INSERT INTO tags VALUES (?, 'new')", tag);
      for (int book = 1; book <= kBooks; ++book) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, 'new')", book);
      }
    });
  }

  data::TemporaryFolder folder_;
  std::string url_;
};
INSTANTIATE_TEST_SUITE_P(On, RaceTest, data::kEachDatabase, data::database_name);

/// What the index says against what the database renders.
struct Faults {
  std::size_t wrong = 0;
  std::size_t missing = 0;
  std::size_t ghosts = 0;
  std::size_t documents = 0;
};
Faults faults_of(data::Database& database, Target& target, const DocumentType& type) {
  Faults faults;
  const std::string index = target.find_alias(type.name).value();
  std::set<std::string> there;
  target.visit_ids(index, [&](std::span<const std::string> ids) {
    there.insert(ids.begin(), ids.end());
    return true;
  });
  database.read_now([&](data::Snapshot& db) {
    const auto keys = db.query<std::string>("SELECT CAST(id AS TEXT) FROM books").all();
    for (const Rendered& each : type.render(db, keys)) {
      ++faults.documents;
      const std::string ids[] = {each.id};
      const auto hash = target.hashes(index, ids)[0];
      if (!hash) ++faults.missing;
      if (hash && hash != hash_of(each.json)) ++faults.wrong;
      there.erase(each.id);
    }
  });
  faults.ghosts = there.size();
  return faults;
}

TEST_P(RaceTest, NoDocumentIsWrongNoneTooManyAndNoneLostUnderTwelveWritersAndKills) {
  begin();
  // This process has no threads of its own, so that its children begin clean.
  const pid_t writers = start_child([&] { write_all(url_); });
  Random random(7);
  int kills = 0;
  int status = 0;
  while (waitpid(writers, &status, WNOHANG) == 0) {
    const pid_t follower = start_child([&] { follow_for_ever(url_, folder_.path() / "search"); });
    std::this_thread::sleep_for(milliseconds(300 + pick(random, 700)));
    kill(follower, SIGKILL);
    waitpid(follower, nullptr, 0);
    ++kills;
  }
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_GE(kills, 4);
  const auto database = data::Database::open(url_);
  const auto writes = database->read_now([](data::Snapshot& db) {
    return db.query<std::int64_t>("SELECT count(*) FROM comments").one();
  });
  EXPECT_GT(writes, 20);
  search::Node node(folder_.path() / "search");
  EmbeddedTarget target(node);
  IndexerOptions options;
  options.writer.lease = milliseconds(300);
  Indexer indexer(*database, target, books_type(), options);
  const auto newest = database->read_now([](data::Snapshot& db) { return feed::newest(db); });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!indexer.covers(newest) && std::chrono::steady_clock::now() < until) {
    indexer.catch_up();
    std::this_thread::sleep_for(milliseconds(20));
  }
  const Faults faults = faults_of(*database, target, indexer.type());
  EXPECT_GT(faults.documents, 20U);
  EXPECT_EQ(faults.wrong, 0U);
  EXPECT_EQ(faults.missing, 0U);
  EXPECT_EQ(faults.ghosts, 0U);
  // The first index is the one that serves: nothing was given up on the way.
  EXPECT_EQ(target.find_alias("books"), "books-1");
}

}  // namespace
}  // namespace hornbeam::denorm
