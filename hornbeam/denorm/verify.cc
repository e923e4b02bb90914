#include "hornbeam/denorm/verify.h"

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/denorm/internal/keys.h"
#include "hornbeam/denorm/render.h"
#include "hornbeam/feed/change_log.h"

namespace hornbeam::denorm {

namespace {

using Keys = std::vector<std::string>;
using data::unchecked_sql;

/// Busy documents change while they are looked at: so often they are looked at again.
constexpr int kLooks = 3;

std::string key_sql(const DocumentType& type) {
  return fmt::format(R"("{}"."{}")", type.key.table, type.key.name);
}

/// One comparison of rows, and the cursor of the snapshot it was made in.
struct Compared {
  Keys missing;
  Keys different;
  Keys ghosts;
  std::size_t failed = 0;
  feed::Cursor cursor;

  Keys all() const {
    Keys keys = missing;
    keys.insert(keys.end(), different.begin(), different.end());
    keys.insert(keys.end(), ghosts.begin(), ghosts.end());
    return keys;
  }
};

class Verifier {
 public:
  Verifier(data::Database& database, Target& target, const DocumentType& type, std::string index)
      : database_(database), target_(target), type_(type), index_(std::move(index)) {}

  /// Whichever way these differ, or do not.
  Compared compare(const Keys& keys) {
    Compared found;
    const RenderedBatch batch = database_.read_now([&](data::Snapshot& db) {
      found.cursor = feed::newest(db);
      return render_batch(db, type_, keys);
    });
    found.failed = batch.failures.size();
    Keys ids;
    for (const Rendered& each : batch.documents) ids.push_back(each.id);
    ids.insert(ids.end(), batch.absent.begin(), batch.absent.end());
    const auto hashes = target_.hashes(index_, ids);
    for (std::size_t at = 0; at < ids.size(); ++at) {
      if (at >= batch.documents.size()) {
        if (hashes[at]) found.ghosts.push_back(ids[at]);
      } else if (!hashes[at]) {
        found.missing.push_back(ids[at]);
      } else if (*hashes[at] != hash_of(batch.documents[at].json)) {
        found.different.push_back(ids[at]);
      }
    }
    return found;
  }

  /// A page of keys from an offset, or, with `after`, from behind a key.
  Keys page(std::int64_t offset, const std::string* after, std::size_t most) {
    const std::string key = key_sql(type_);
    const std::string sql =
        fmt::format("SELECT CAST({0} AS TEXT) FROM \"{1}\" {2} ORDER BY {0} LIMIT ? OFFSET ?", key,
                    type_.key.table, after == nullptr ? "" : fmt::format("WHERE {} > ?", key));
    const auto limit = static_cast<std::int64_t>(most);
    return database_.read_now([&](data::Snapshot& db) {
      return after == nullptr
                 ? db.query<std::string>(unchecked_sql(sql), limit, offset).all()
                 : db.query<std::string>(unchecked_sql(sql), *after, limit, offset).all();
    });
  }

  std::int64_t row_count() {
    const std::string sql = fmt::format("SELECT count(*) FROM \"{}\"", type_.key.table);
    return database_.read_now(
        [&](data::Snapshot& db) { return db.query<std::int64_t>(unchecked_sql(sql)).one(); });
  }

  /// Those of `ids` that have no row.
  Keys without_row(const Keys& ids) {
    const std::string sql = fmt::format("SELECT CAST({0} AS TEXT) FROM \"{1}\" WHERE {0} ",
                                        key_sql(type_), type_.key.table);
    const auto there = database_.read_now([&](data::Snapshot& db) {
      const std::string whole = sql + std::string(internal::one_of_keys(db.dialect()));
      return db.query<std::string>(unchecked_sql(whole), internal::bound_keys(db.dialect(), ids))
          .all();
    });
    const std::set<std::string> rows(there.begin(), there.end());
    Keys without;
    for (const std::string& id : ids) {
      if (!rows.contains(id)) without.push_back(id);
    }
    return without;
  }

 private:
  data::Database& database_;
  Target& target_;
  const DocumentType& type_;
  const std::string index_;
};

/// Compares rows; gives those that are not as they should be yet.
Keys look_at_rows(Verifier& verifier, const VerifyOptions& options, VerifyReport& report) {
  std::mt19937_64 random(options.seed);
  Keys suspects;
  const auto look = [&](const Keys& keys) {
    report.rows += keys.size();
    const Keys found = verifier.compare(keys).all();
    suspects.insert(suspects.end(), found.begin(), found.end());
  };
  if (options.is_whole) {
    Keys keys = verifier.page(0, nullptr, options.rows_each);
    while (!keys.empty()) {
      look(keys);
      keys = verifier.page(0, &keys.back(), options.rows_each);
    }
    return suspects;
  }
  const std::int64_t last = std::max<std::int64_t>(
      verifier.row_count() - static_cast<std::int64_t>(options.rows_each), 0);
  for (std::size_t range = 0; range < options.ranges; ++range) {
    std::uniform_int_distribution<std::int64_t> place(0, last);
    look(verifier.page(place(random), nullptr, options.rows_each));
  }
  return suspects;
}

/// Looks documents of the index up in the database; gives those that have no row.
Keys look_at_documents(Verifier& verifier, Target& target, const std::string& index,
                       const VerifyOptions& options, VerifyReport& report) {
  std::mt19937_64 random(options.seed + 1);
  const std::uint64_t count = target.count(index);
  const double share =
      options.is_whole || count == 0
          ? 1
          : static_cast<double>(options.ranges * options.rows_each) / static_cast<double>(count);
  std::bernoulli_distribution is_chosen(std::min(share, 1.0));
  Keys suspects;
  target.visit_ids(index, [&](std::span<const std::string> ids) {
    Keys chosen;
    for (const std::string& id : ids) {
      if (is_chosen(random)) chosen.push_back(id);
    }
    report.documents += chosen.size();
    const Keys without = verifier.without_row(chosen);
    suspects.insert(suspects.end(), without.begin(), without.end());
    return true;
  });
  return suspects;
}

}  // namespace

VerifyReport verify(data::Database& database, Target& target, const DocumentType& type,
                    const CatchUp& catch_up, const VerifyOptions& options) {
  const std::optional<std::string> index = target.find_alias(type.name);
  if (!index) {
    throw std::runtime_error(
        fmt::format("there is no index {} yet. Mend: index rebuild {}", type.name, type.name));
  }
  Verifier verifier(database, target, type, *index);
  VerifyReport report;
  Keys suspects = look_at_rows(verifier, options, report);
  const Keys more = look_at_documents(verifier, target, *index, options, report);
  suspects.insert(suspects.end(), more.begin(), more.end());
  std::sort(suspects.begin(), suspects.end());
  suspects.erase(std::unique(suspects.begin(), suspects.end()), suspects.end());
  Compared found;
  for (int look = 0; look < kLooks && !suspects.empty(); ++look) {
    const auto newest = database.read_now([](data::Snapshot& db) { return feed::newest(db); });
    catch_up(newest, options.patience);
    found = verifier.compare(suspects);
    suspects = found.all();
  }
  report.missing = found.missing.size();
  report.different = found.different.size();
  report.ghosts = found.ghosts.size();
  report.failed = found.failed;
  report.wrong = suspects;
  if (options.repairs && !suspects.empty()) repair(database, type, suspects);
  return report;
}

void repair(data::Database& database, const DocumentType& type, const Keys& ids) {
  std::vector<feed::Change> changes;
  for (const std::string& id : ids) changes.push_back({type.key.place(), id});
  database.write_now([&](data::Transaction& tx) { feed::add_changes(tx, changes); });
}

}  // namespace hornbeam::denorm
