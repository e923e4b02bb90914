// A pass reads the rows touched since the last one, and `overlap` before that, in the order of the
// column and then of the key. Those that were seen with the same time are passed over, unless they
// were read within that same second: then they may have changed again at the same time.

#include "hornbeam/feed/touch_scan.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "hornbeam/data/transaction.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::feed {

namespace {

constexpr std::int64_t kSameMoment = 1'000;

}  // namespace

TouchScan::TouchScan(data::Database& database, const Column& key, std::string touched,
                     TouchScanOptions options)
    : database_(database), key_(key), touched_(std::move(touched)), options_(options) {}

/// What one transaction has read and logged, taken over once it is committed.
struct TouchScan::Page {
  std::vector<std::pair<std::string, std::int64_t>> rows;
  std::int64_t from = 0;
  std::int64_t now = 0;
};

TouchScan::Page TouchScan::read(data::Transaction& tx) const {
  Page page{.rows = {}, .now = now_of(tx)};
  tx.execute("INSERT INTO hornbeam_scans VALUES (?, ?) ON CONFLICT (place) DO NOTHING",
             key_.place(), page.now);
  const auto place =
      tx.query<std::int64_t>("SELECT touched_to FROM hornbeam_scans WHERE place = ?", key_.place())
          .one();
  page.from = place - options_.overlap.count();
  const std::string sql = fmt::format(
      "SELECT CAST(\"{0}\" AS TEXT), \"{1}\" FROM \"{2}\" WHERE \"{1}\" >= ? {3} ORDER BY "
      "\"{1}\", CAST(\"{0}\" AS TEXT) LIMIT ?",
      key_.name, touched_, key_.table,
      is_within_ ? fmt::format("AND (\"{}\", CAST(\"{}\" AS TEXT)) > (?, ?)", touched_, key_.name)
                 : "");
  const auto limit = static_cast<std::int64_t>(options_.rows_at_once);
  using Row = std::tuple<std::string, std::int64_t>;
  const auto take = [&](auto&& rows) {
    for (auto& [key, touched] : rows) page.rows.emplace_back(std::move(key), touched);
  };
  if (is_within_) {
    take(tx.query<Row>(data::unchecked_sql(sql), page.from, last_touched_, last_key_, limit));
  } else {
    take(tx.query<Row>(data::unchecked_sql(sql), page.from, limit));
  }
  std::vector<Change> changes;
  for (const auto& [key, touched] : page.rows) {
    const auto before = seen_.find(key);
    const bool is_known = before != seen_.end() && before->second.touched == touched &&
                          before->second.at > touched + kSameMoment;
    if (!is_known) changes.push_back({key_.place(), key});
  }
  add_changes(tx, changes);
  if (!page.rows.empty()) {
    tx.execute("UPDATE hornbeam_scans SET touched_to = ? WHERE place = ? AND touched_to < ?",
               page.rows.back().second, key_.place(), page.rows.back().second);
  }
  return page;
}

Work TouchScan::step() {
  const Page page = database_.write_now([this](data::Transaction& tx) { return read(tx); });
  for (const auto& [key, touched] : page.rows) {
    const auto [entry, is_new] = seen_.try_emplace(key, Seen{touched, page.now});
    if (!is_new) entry->second = {touched, page.now};
  }
  std::erase_if(seen_, [&](const auto& each) { return each.second.touched < page.from; });
  is_within_ = page.rows.size() == options_.rows_at_once;
  if (!page.rows.empty()) std::tie(last_key_, last_touched_) = page.rows.back();
  return is_within_ ? Work::kMore : Work::kDone;
}

data::Migration scan_migration(int number, std::string name, const TrackingState& state) {
  data::Migration step = tracking_migration(number, std::move(name), Tracking(), state);
  const std::string table =
      "CREATE TABLE hornbeam_scans (\n  place TEXT PRIMARY KEY,\n  touched_to BIGINT NOT NULL);\n";
  const std::string drop = "DROP TABLE hornbeam_scans;\n";
  step.up += table;
  if (step.postgresql_up) *step.postgresql_up += table;
  if (step.down) step.down = drop + *step.down;
  if (step.postgresql_down) step.postgresql_down = drop + *step.postgresql_down;
  return step;
}

}  // namespace hornbeam::feed
