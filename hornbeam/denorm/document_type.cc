#include "hornbeam/denorm/document_type.h"

#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "hornbeam/base/json.h"
#include "hornbeam/denorm/internal/keys.h"

namespace hornbeam::denorm {

namespace {

constexpr std::string_view kKeys = "IN (:keys)";

/// `sql` with the dialect's words in the place of `IN (:keys)`, and how often it stood there.
std::pair<std::string, int> with_keys(std::string sql, data::Dialect dialect) {
  const std::string_view test = internal::one_of_keys(dialect);
  int count = 0;
  for (std::size_t at = 0; (at = sql.find(kKeys, at)) != std::string::npos; ++count) {
    sql.replace(at, kKeys.size(), test);
    at += test.size();
  }
  return {std::move(sql), count};
}

std::vector<Rendered> run(data::Snapshot& db, const std::pair<std::string, int>& statement,
                          const std::vector<std::string>& keys) {
  const std::string bound = internal::bound_keys(db.dialect(), keys);
  std::vector<Rendered> rendered;
  const auto read = [&](const auto&... values) {
    for (auto& [id, json] : db.query<std::tuple<std::string, std::string>>(
             data::unchecked_sql(statement.first), values...)) {
      rendered.push_back({std::move(id), std::move(json)});
    }
  };
  switch (statement.second) {
    case 1:
      read(bound);
      break;
    case 2:
      read(bound, bound);
      break;
    case 3:
      read(bound, bound, bound);
      break;
    default:
      read(bound, bound, bound, bound);
  }
  return rendered;
}

}  // namespace

std::string_view internal::one_of_keys(data::Dialect dialect) {
  return dialect == data::Dialect::kSqlite ? "IN (SELECT value FROM json_each(?))" : "= ANY(?)";
}

std::string internal::bound_keys(data::Dialect dialect, const std::vector<std::string>& keys) {
  if (dialect == data::Dialect::kSqlite) return base::to_json(keys);
  std::string array = "{";
  for (const std::string& key : keys) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char c : key) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + '}';
}

Render by_sql(std::string sql, std::string postgresql) {
  if (postgresql.empty()) postgresql = sql;
  auto for_sqlite = with_keys(std::move(sql), data::Dialect::kSqlite);
  auto for_postgresql = with_keys(std::move(postgresql), data::Dialect::kPostgresql);
  for (const int count : {for_sqlite.second, for_postgresql.second}) {
    if (count >= 1 && count <= 4) continue;
    throw std::invalid_argument(
        fmt::format("the SQL of documents has \"{}\" {} times. Mend: say which documents are asked "
                    "for, such as WHERE books.id {}, at most four times",
                    kKeys, count, kKeys));
  }
  return [for_sqlite = std::move(for_sqlite), for_postgresql = std::move(for_postgresql)](
             data::Snapshot& db, const std::vector<std::string>& keys) {
    return run(db, db.dialect() == data::Dialect::kSqlite ? for_sqlite : for_postgresql, keys);
  };
}

feed::Tracking tracking_of(std::span<const DocumentType> types) {
  feed::Tracking tracking;
  for (const DocumentType& type : types) {
    tracking.follow(type.key, type.touch);
    for (const feed::Path& path : type.embeds) tracking.embed(path);
  }
  return tracking;
}

std::string fingerprint_of(const DocumentType& type) {
  std::string whole = fmt::format("{}\n{}\n{}\n", type.version, type.key.place(), type.mapping);
  for (const feed::Path& path : type.embeds) {
    for (const feed::Link& each : path) whole += each.from.place() + '=' + each.to.place() + '\n';
  }
  return fmt::format("{:016x}", XXH3_64bits(whole.data(), whole.size()));
}

}  // namespace hornbeam::denorm
