// How soon after its commit is a change found? Writers change rows at a steady rate; an indexer
// follows. For a change in twenty, the time from the return of its commit to the moment at which
// searches see everything up to it is taken, as `Indexer::covers` says it.
//
//   freshness_bench [SECONDS] [WRITES A SECOND]

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/testing/postgres_server.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/feed/open_wakeups.h"
#include "hornbeam/feed/tracking.h"
#include "hornbeam/search/node/node.h"

namespace {

using namespace hornbeam;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kWriters = 4;
constexpr int kRows = 20'000;
constexpr int kSampled = 20;
constexpr double kBar = 1'000;  // Milliseconds.

denorm::DocumentType books() {
  return {.name = "books",
          .key = feed::column("books.id"),
          .embeds = {{feed::link("comments.book = books.id")}},
          .render = denorm::by_sql(
              "SELECT CAST(id AS TEXT), json_object('title', title, 'comments', (SELECT "
              "json_group_array(text) FROM comments WHERE book = books.id)) FROM books WHERE id IN "
              "(:keys)",
              "SELECT CAST(id AS TEXT), CAST(json_build_object('title', title, 'comments', (SELECT "
              "coalesce(json_agg(text), '[]') FROM comments WHERE book = books.id)) AS TEXT) FROM "
              "books WHERE id IN (:keys)"),
          .touch = feed::Touch::kNothing};
}

void create(data::Database& database) {
  const denorm::DocumentType types[] = {books()};
  const data::Migration steps[] = {
      {.number = 1,
       .name = "create_books",
       .up = "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL);"
             "CREATE TABLE comments (id INTEGER PRIMARY KEY, book INTEGER NOT NULL, text TEXT NOT "
             "NULL);"
             "CREATE INDEX comments_book ON comments (book);"},
      feed::tracking_migration(2, "track", denorm::tracking_of(types))};
  data::migrate(database, steps);
  database.write_now([](data::Transaction& tx) {
    for (int id = 1; id <= kRows; ++id) {
      tx.execute("INSERT INTO books (id, title) VALUES (?, 'a book about foxes and bees')", id);
      tx.execute("INSERT INTO comments (id, book, text) VALUES (?, ?, 'a comment')", id, id);
    }
  });
}

struct Sample {
  feed::Cursor cursor;
  Clock::time_point committed_at;
};

/// The changes that were committed and not seen yet, and the ages of those that were.
class Samples {
 public:
  void add(Sample sample) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(sample));
  }
  void look(const denorm::Indexer& indexer) {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    std::erase_if(waiting_, [&](const Sample& each) {
      if (!indexer.covers(each.cursor)) return false;
      ages_.push_back(std::chrono::duration<double, std::milli>(now - each.committed_at).count());
      return true;
    });
  }
  bool is_empty() const {
    const std::lock_guard lock(mutex_);
    return waiting_.empty();
  }
  std::vector<double> sorted() {
    const std::lock_guard lock(mutex_);
    std::sort(ages_.begin(), ages_.end());
    return ages_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Sample> waiting_;
  std::vector<double> ages_;
};

void write_at_a_rate(data::Database& database, feed::Wakeups& wakeups, Samples& samples, int writer,
                     std::chrono::nanoseconds each, Clock::time_point end,
                     std::atomic<int>& writes) {
  int count = 0;
  for (auto next = Clock::now(); next < end; next += each) {
    std::this_thread::sleep_until(next);
    const int row = 1 + (writer + ++count * 7919 * kWriters) % kRows;
    database.write_now([&](data::Transaction& tx) {
      if (count % 2 == 0) {
        tx.execute("UPDATE books SET title = ? WHERE id = ?",
                   "a book with the title " + std::to_string(count), row);
      } else {
        tx.execute("UPDATE comments SET text = ? WHERE id = ?",
                   "a comment, now " + std::to_string(count), row);
      }
    });
    const auto committed_at = Clock::now();
    ++writes;
    wakeups.announce();
    if (count % kSampled != 0) continue;
    samples.add(
        {database.read_now([](data::Snapshot& db) { return feed::newest(db); }), committed_at});
  }
}

double at(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

bool measure(const char* name, const std::string& url, const std::filesystem::path& folder,
             std::chrono::seconds duration, int rate) {
  data::DatabaseOptions options;
  options.readers = 4;
  options.writers = kWriters;
  const auto database = data::Database::open(url, options);
  create(*database);
  search::Node node(folder);
  denorm::EmbeddedTarget target(node);
  const auto wakeups = feed::open_wakeups(url.starts_with("sqlite") ? "in-process:" : url);
  denorm::Indexer indexer(*database, target, books(), {}, wakeups.get());
  indexer.catch_up();
  indexer.start();
  Samples samples;
  std::atomic<int> writes = 0;
  const auto begin = Clock::now();
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      write_at_a_rate(*database, *wakeups, samples, writer,
                      std::chrono::nanoseconds(std::chrono::seconds(kWriters)) / rate,
                      begin + duration, writes);
    });
  }
  const auto last = begin + duration + std::chrono::seconds(30);
  while (Clock::now() < begin + duration || (!samples.is_empty() && Clock::now() < last)) {
    samples.look(indexer);
    std::this_thread::sleep_for(milliseconds(1));
  }
  writers.clear();
  samples.look(indexer);
  const bool is_all_seen = samples.is_empty();
  indexer.stop();
  const std::vector<double> ages = samples.sorted();
  const double p99 = at(ages, 0.99);
  const bool is_met = is_all_seen && p99 < kBar;
  fmt::print("{:<11} {:>7.0f} {:>9} {:>8.1f} {:>8.1f} {:>8.1f}   {}\n", name,
             writes / std::chrono::duration<double>(duration).count(), ages.size(), at(ages, 0.5),
             p99, ages.empty() ? 0 : ages.back(), is_met ? "met" : "MISSED");
  return is_met;
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::seconds duration(argc > 1 ? std::atoi(argv[1]) : 15);
  const int rate = argc > 2 ? std::atoi(argv[2]) : 1'000;
  std::string pattern = (std::filesystem::temp_directory_path() / "freshness-XXXXXX").string();
  const std::filesystem::path folder = mkdtemp(pattern.data());
  fmt::print(
      "From commit to searchable, {} writes a second for {} s, {} documents; milliseconds\n\n",
      rate, duration.count(), kRows);
  fmt::print("{:<11} {:>7} {:>9} {:>8} {:>8} {:>8}   p99 under {} ms\n", "", "writes/s", "samples",
             "p50", "p99", "max", kBar);
  bool is_met = measure("SQLite", "sqlite:///" + (folder / "bench.db").string(), folder / "sqlite",
                        duration, rate);
  if (data::PostgresServer* const server = data::PostgresServer::shared()) {
    is_met =
        measure("PostgreSQL", server->new_database_url(), folder / "postgresql", duration, rate) &&
        is_met;
  }
  std::filesystem::remove_all(folder);
  return is_met ? 0 : 1;
}
