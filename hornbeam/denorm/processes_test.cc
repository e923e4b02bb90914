// What takes real processes: two that share a follower by its lease, and do no work twice, also
// when the one that works is killed; and a backfill that is killed and goes on.
//
// The test's own process starts its children before it has threads.

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hornbeam/denorm/testing/library_index.h"
#include "hornbeam/denorm/testing/table_target.h"

namespace hornbeam::denorm {
namespace {

using std::chrono::milliseconds;

constexpr int kBooks = 40;

template <class Work>
pid_t start_child(Work work) {
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  work();
  _exit(0);
}

class ProcessesTest : public testing::TestWithParam<data::Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == data::Dialect::kSqlite) {
      url_ = folder_.url();
      target_url_ = "sqlite:///" + (folder_.path() / "target.db").string();
    } else if (data::PostgresServer* server = data::PostgresServer::shared()) {
      url_ = server->new_database_url();
      target_url_ = server->new_database_url();
    } else {
      GTEST_SKIP() << "PostgreSQL is not installed";
    }
  }
  void TearDown() override {
    for (const pid_t child : children_) stop(child);
  }

  void stop(pid_t child) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    children_.erase(child);
  }
  template <class Work>
  void start(Work work) {
    children_.insert(start_child(std::move(work)));
  }

  /// In a process of its own, since a database has threads.
  void create(int books) {
    const pid_t creator = start_child([&] {
      const auto database = data::Database::open(url_);
      feed::create_library(*database);
      TableTarget::create_tables(*data::Database::open(target_url_));
      database->write_now([&](data::Transaction& tx) {
        for (int id = 1; id <= books; ++id) {
          tx.execute("INSERT INTO books (id, title) VALUES (?, 'first')", id);
        }
      });
    });
    int status = 0;
    waitpid(creator, &status, 0);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  void follow() const {
    const auto database = data::Database::open(url_);
    const auto behind = data::Database::open(target_url_);
    TableTarget target(*behind);
    IndexerOptions options;
    options.writer.commit_every = milliseconds(20);
    options.writer.lease = milliseconds(500);
    options.follower.poll = milliseconds(10);
    Indexer indexer(*database, target, books_type(), options);
    indexer.start();
    while (true) pause();
  }

  /// Which child has the lease; none while nobody does.
  static std::optional<pid_t> holder_of(data::Database& database) {
    const auto all = database.read_now([](data::Snapshot& db) { return feed::followers(db); });
    for (const feed::Follower& each : all) {
      pid_t process = 0;
      std::from_chars(each.holder.data(), each.holder.data() + each.holder.size(), process);
      if (process != 0) return process;
    }
    return std::nullopt;
  }

  /// Documents that are not as the database has them.
  static std::size_t wrong(data::Database& database, TableTarget& target) {
    const auto index = target.find_alias("books");
    if (!index) return kBooks;
    const DocumentType type = books_type();
    const auto documents = database.read_now([&](data::Snapshot& db) {
      return type.render(db, db.query<std::string>("SELECT CAST(id AS TEXT) FROM books").all());
    });
    std::size_t wrong = target.count(*index) > documents.size() ? 1 : 0;
    for (const Rendered& each : documents) {
      const std::string ids[] = {each.id};
      if (target.hashes(*index, ids)[0] != hash_of(each.json)) ++wrong;
    }
    return wrong;
  }
  template <class Condition>
  static bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
  }
  static void insert(data::Database& database, int first, int last) {
    for (int id = first; id <= last; ++id) {
      database.write_now([id](data::Transaction& tx) {
        tx.execute("INSERT INTO books (id, title) VALUES (?, 'x')", id);
      });
    }
  }

  data::TemporaryFolder folder_;
  std::string url_;
  std::string target_url_;
  std::set<pid_t> children_;
};
INSTANTIATE_TEST_SUITE_P(On, ProcessesTest, data::kEachDatabase, data::database_name);

TEST_P(ProcessesTest, TwoShareAFollowerAndTheOtherTakesOverWhenOneIsKilledWithNoWorkDoneTwice) {
  create(0);
  start([this] { follow(); });
  start([this] { follow(); });
  const auto database = data::Database::open(url_);
  const auto behind = data::Database::open(target_url_);
  TableTarget target(*behind);
  ASSERT_TRUE(eventually([&] { return target.find_alias("books").has_value(); }));
  insert(*database, 1, kBooks / 2);
  ASSERT_TRUE(eventually([&] { return wrong(*database, target) == 0; }));
  EXPECT_EQ(target.puts(), kBooks / 2) << "the two have written more than there was to write";
  std::optional<pid_t> holder;
  ASSERT_TRUE(eventually([&] { return (holder = holder_of(*database)).has_value(); }));
  ASSERT_TRUE(children_.contains(*holder));
  stop(*holder);
  insert(*database, kBooks / 2 + 1, kBooks);
  ASSERT_TRUE(eventually([&] { return wrong(*database, target) == 0; }));
  // What was applied and not committed was read again, and found to be there.
  EXPECT_EQ(target.puts(), kBooks);
  EXPECT_TRUE(children_.contains(holder_of(*database).value_or(0)));
}

TEST_P(ProcessesTest, Rule11ABackfillThatIsKilledGoesOnWhereItsLastCommitWas) {
  create(kBooks);
  RebuildOptions options;
  options.writer.documents_at_once = 1;
  options.writer.commit_every = milliseconds(0);
  options.writer.lease = milliseconds(300);
  start([&] {
    const auto database = data::Database::open(url_);
    const auto behind = data::Database::open(target_url_);
    TableTarget target(*behind);
    options.progress = [](const Progress& each) {
      if (each.done == kBooks / 2) pause();  // Until it is killed.
    };
    const DocumentType type = books_type();
    rebuild(*database, target, type, options);
  });
  const auto database = data::Database::open(url_);
  const auto behind = data::Database::open(target_url_);
  TableTarget target(*behind);
  ASSERT_TRUE(eventually(
      [&] { return target.indices().size() == 1 && target.count("books-1") == kBooks / 2; }));
  stop(*children_.begin());
  database->write_now([](data::Transaction& tx) {
    tx.execute("UPDATE books SET title = 'changed behind it' WHERE id = 1");
    tx.execute("DELETE FROM books WHERE id = 2");
  });
  std::int64_t first_done = 0;
  options.progress = [&](const Progress& each) {
    if (first_done == 0) first_done = each.done;
  };
  const DocumentType type = books_type();
  std::optional<std::string> built;
  ASSERT_TRUE(
      eventually([&] { return (built = rebuild(*database, target, type, options)).has_value(); }));
  EXPECT_EQ(built, "books-1");
  EXPECT_GE(first_done, kBooks / 2) << "it began anew";
  EXPECT_EQ(wrong(*database, target), 0U);
}

}  // namespace
}  // namespace hornbeam::denorm
