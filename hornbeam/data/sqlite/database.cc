#include "hornbeam/data/sqlite/database.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "hornbeam/data/internal/group_commit.h"
#include "hornbeam/data/internal/readers.h"
#include "hornbeam/data/sqlite/checkpointer.h"
#include "hornbeam/data/sqlite/connection.h"

namespace hornbeam::data::sqlite {

namespace {

// Member order is the order of life: connections first, then the threads that use them, last those
// who wake threads.
class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)),
        write_connection_(shared_, Role::kWriter),
        checkpointer_(shared_, [this](const std::string& why) { disk_failed(why); }),
        writer_(
            write_connection_, limits(shared_->options), [this] { after_commit(); },
            shared_->disk_failed),
        readers_(open_readers(shared_), shared_->options.most_queued) {}

  std::unique_ptr<Connection> connect() override {
    return std::make_unique<SqliteConnection>(shared_, Role::kWriter);
  }

  Dialect dialect() const noexcept override { return Dialect::kSqlite; }

  DatabaseStatistics statistics() const override {
    const auto& counts = writer_.counts();
    return {.writes = counts.jobs,
            .failed_writes = counts.failed_jobs,
            .commits = counts.commits,
            .largest_batch = counts.largest_batch,
            .reads = readers_.jobs(),
            .checkpoints = checkpointer_.checkpoints()};
  }

 protected:
  void submit(internal::Job& job, Access access) override {
    access == Access::kWrite ? writer_.submit(job) : readers_.submit(job);
  }

 private:
  static internal::GroupCommit::Limits limits(const DatabaseOptions& options) {
    return {.queued = options.most_queued,
            .batch = std::max<std::size_t>(options.largest_batch, 1),
            .window = options.group_commit_window,
            .may_repeat = options.most_attempts > 1};
  }

  static std::vector<std::unique_ptr<Connection>> open_readers(
      const std::shared_ptr<Shared>& shared) {
    std::vector<std::unique_ptr<Connection>> readers;
    for (int i = 0; i < std::max(shared->options.readers, 1); ++i) {
      readers.push_back(std::make_unique<SqliteConnection>(shared, Role::kReader));
    }
    return readers;
  }

  // Thread: the writer's.
  void after_commit() { checkpointer_.log_has_grown(write_connection_); }
  void disk_failed(const std::string& why) { writer_.refuse_writes(why); }

  std::shared_ptr<Shared> shared_;
  SqliteConnection write_connection_;
  Checkpointer checkpointer_;
  internal::GroupCommit writer_;
  internal::Readers readers_;
};

// SQLite would count every byte it allocates, under a lock that all connections share. Nothing here
// asks for the count. Without effect if the program has used SQLite before.
void leave_memory_uncounted() {
  static const int kOnce = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(kOnce);
}

}  // namespace

std::unique_ptr<Database> open_database(std::string_view url, const DatabaseOptions& options) {
  leave_memory_uncounted();
  auto shared = std::make_shared<Shared>();
  shared->location = parse_location(url);
  shared->options = options;
  shared->file_name = shared->location.in_memory()
                          ? fmt::format("/hornbeam-{}", static_cast<const void*>(shared.get()))
                          : shared->location.path;
  if (!shared->location.in_memory() && options.synchronous == Synchronous::kFull) {
    shared->log_files = std::make_unique<LogFiles>(shared->location.vfs);
  }
  return std::make_unique<SqliteDatabase>(std::move(shared));
}

}  // namespace hornbeam::data::sqlite
