#include "hornbeam/data/postgres/database.h"

#include "hornbeam/data/postgres/connection.h"
#include "hornbeam/data/postgres/workers.h"

namespace hornbeam::data::postgres {

namespace {

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(std::shared_ptr<const Shared> shared)
      : shared_(std::move(shared)),
        writers_(shared_, Begin::kWrite, shared_->options.writers),
        readers_(shared_, Begin::kRead, shared_->options.readers) {}

  std::unique_ptr<Connection> connect() override {
    auto connection = std::make_unique<PostgresConnection>(shared_);
    connection->open(std::chrono::steady_clock::now() + shared_->options.connect_timeout);
    return connection;
  }

  Dialect dialect() const noexcept override { return Dialect::kPostgresql; }

  DatabaseStatistics statistics() const override {
    const auto& counts = writers_.counts();
    return {.writes = counts.jobs,
            .failed_writes = counts.failed_jobs,
            .commits = counts.commits,
            .largest_batch = 1,
            .reads = readers_.counts().jobs,
            .checkpoints = 0,
            .retries = counts.retries + readers_.counts().retries};
  }

 protected:
  void submit(internal::Job& job, Access access) override {
    access == Access::kWrite ? writers_.submit(job) : readers_.submit(job);
  }

 private:
  std::shared_ptr<const Shared> shared_;
  Workers writers_;
  Workers readers_;
};

}  // namespace

std::unique_ptr<Database> open_database(std::string_view url, const DatabaseOptions& options) {
  return std::make_unique<PostgresDatabase>(
      std::make_shared<const Shared>(Shared{std::string(url), options}));
}

}  // namespace hornbeam::data::postgres
