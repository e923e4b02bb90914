#include "hornbeam/experiment/lanes.h"

#include <chrono>
#include <tuple>

#include <fmt/format.h>

#include "hornbeam/base/check.h"
#include "hornbeam/data/error.h"

namespace hornbeam::experiment {
namespace {

using VersionRow = std::tuple<std::int64_t, std::string>;

constexpr int kMostAttempts = 20;

base::Result<Configuration> configuration_from(const std::string& json) {
  auto configuration = base::from_json<Configuration>(json);
  if (!configuration) {
    return base::error("configuration",
                       "the stored configuration is not one that this program "
                       "reads; mend: upgrade it: " +
                           configuration.error().message());
  }
  return *std::move(configuration);
}

std::optional<VersionRow> newest_after(data::Snapshot& db, std::int64_t version) {
  return db
      .query<VersionRow>(
          "SELECT version, configuration FROM experiment_versions WHERE version > ? "
          "ORDER BY version DESC LIMIT 1",
          version)
      .optional();
}

std::string all_messages(const base::Problems& problems) {
  std::string all;
  for (const base::Problem& problem : problems) {
    if (!all.empty()) all += "\n";
    all += problem.message;
  }
  return all;
}

// The configuration that `change` leads to from `current`, as it will be read again.
base::Result<Configuration> changed(const Configuration& current, const Change& change,
                                    const std::vector<MetricDefinition>& metrics, Time now) {
  Configuration next = current;
  if (auto edited = change.edit(next, now); !edited) return std::unexpected(edited.error());
  complete(next);
  record_plans(next, current, metrics, now);
  auto read = base::from_json<Configuration>(base::to_json(next));
  if (!read) return base::error("configuration", read.error().message());
  const base::Problems problems = problems_of_change(current, *read, now);
  if (!problems.empty()) return base::error("running", all_messages(problems));
  return *std::move(read);
}

}  // namespace

Lanes::Lanes(data::Database& database, std::vector<MetricDefinition> metrics)
    : database_(database), metrics_(std::move(metrics)) {
  auto empty = Snapshot::make({}, 0);
  base::check(empty.has_value());
  snapshot_ = *std::move(empty);
}

Published Lanes::publish(std::shared_ptr<const Snapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  if (snapshot_->version() < snapshot->version()) snapshot_ = snapshot;
  return {std::move(snapshot)};
}

base::Task<base::Result<Published>> Lanes::refresh() {
  const auto current = snapshot();
  const std::optional<VersionRow> newest = co_await database_.read(
      [&](data::Snapshot& db) { return newest_after(db, current->version()); });
  if (!newest) co_return Published{current};
  auto configuration = configuration_from(std::get<1>(*newest));
  if (!configuration) co_return std::unexpected(configuration.error());
  auto made = Snapshot::make(*std::move(configuration), std::get<0>(*newest));
  if (!made) co_return std::unexpected(made.error());
  co_return publish(*std::move(made));
}

base::Task<base::Result<Published>> Lanes::change(Change change, Time now) {
  now = std::chrono::floor<std::chrono::milliseconds>(now);
  // Ends: the number of attempts is bounded.
  for (int attempt = 1;; ++attempt) {
    auto current = co_await refresh();
    if (!current) co_return std::unexpected(current.error());
    auto next = changed(current->snapshot->configuration(), change, metrics_, now);
    if (!next) co_return std::unexpected(next.error());
    const std::string json = base::to_json(*next);
    auto made = Snapshot::make(*std::move(next), current->snapshot->version() + 1);
    if (!made) co_return std::unexpected(made.error());
    try {
      co_await database_.execute(
          "INSERT INTO experiment_versions (version, at, actor, action, subject, reason, "
          "configuration) VALUES (?, ?, ?, ?, ?, ?, ?)",
          (*made)->version(), now, std::string_view(change.actor), std::string_view(change.action),
          std::string_view(change.subject), std::string_view(change.reason),
          std::string_view(json));
      co_return publish(*std::move(made));
    } catch (const data::UniqueViolation&) {
      // Somebody else was first: the change is made upon theirs.
      if (attempt == kMostAttempts) throw;
    }
  }
}

base::Task<std::vector<AuditEntry>> Lanes::audit(std::int64_t version, std::int64_t limit) {
  co_return co_await database_.read([&](data::Snapshot& db) {
    using Row = std::tuple<std::int64_t, Time, std::string, std::string, std::string, std::string>;
    std::vector<AuditEntry> entries;
    auto rows = db.query<Row>(
        "SELECT version, at, actor, action, subject, reason FROM experiment_versions WHERE version "
        "> ? ORDER BY version LIMIT ?",
        version, limit);
    while (auto row = rows.next()) {
      auto& [number, at, actor, action, subject, reason] = *row;
      entries.push_back(
          {number, at, std::move(actor), std::move(action), std::move(subject), std::move(reason)});
    }
    return entries;
  });
}

base::Task<std::optional<Configuration>> Lanes::version(std::int64_t version) {
  const auto json = co_await database_.read([&](data::Snapshot& db) {
    return db
        .query<std::string>("SELECT configuration FROM experiment_versions WHERE version = ?",
                            version)
        .optional();
  });
  if (!json) co_return std::nullopt;
  auto configuration = configuration_from(*json);
  if (!configuration) co_return std::nullopt;
  co_return *std::move(configuration);
}

}  // namespace hornbeam::experiment
