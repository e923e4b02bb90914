#include "hornbeam/denorm/testing/table_target.h"

#include "hornbeam/data/transaction.h"

namespace hornbeam::denorm {

void TableTarget::create_tables(data::Database& database) {
  database.write_now([](data::Transaction& tx) {
    tx.execute(
        "CREATE TABLE indices (name TEXT PRIMARY KEY, state TEXT, token BIGINT, puts BIGINT)");
    tx.execute("CREATE TABLE aliases (name TEXT PRIMARY KEY, target TEXT)");
    tx.execute(
        "CREATE TABLE documents (place TEXT, id TEXT, json TEXT, version BIGINT, PRIMARY KEY "
        "(place, "
        "id))");
  });
}

std::vector<std::string> TableTarget::indices() {
  return database_.read_now(
      [](data::Snapshot& db) { return db.query<std::string>("SELECT name FROM indices").all(); });
}

void TableTarget::create(const std::string& index, const std::string& /*mapping*/) {
  database_.write_now([&](data::Transaction& tx) {
    tx.execute("INSERT INTO indices VALUES (?, '', 0, 0) ON CONFLICT DO NOTHING", index);
  });
}

void TableTarget::remove(const std::string& index) {
  database_.write_now([&](data::Transaction& tx) {
    tx.execute("DELETE FROM documents WHERE place = ?", index);
    tx.execute("DELETE FROM indices WHERE name = ?", index);
  });
}

std::optional<std::string> TableTarget::find_alias(const std::string& alias) {
  return database_.read_now([&](data::Snapshot& db) {
    return db.query<std::string>("SELECT target FROM aliases WHERE name = ?", alias).optional();
  });
}

void TableTarget::point(const std::string& alias, const std::string& index) {
  database_.write_now([&](data::Transaction& tx) {
    tx.execute(
        "INSERT INTO aliases VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET target = "
        "excluded.target",
        alias, index);
  });
}

void TableTarget::require_token(data::Transaction& tx, const std::string& index,
                                std::int64_t token) {
  if (tx.execute("UPDATE indices SET token = ? WHERE name = ? AND token <= ?", token, index,
                 token) == 0) {
    throw FencedOut("there is a newer lease of " + index);
  }
}

std::vector<Refusal> TableTarget::apply(const std::string& index, const Writes& writes) {
  database_.write_now([&](data::Transaction& tx) {
    require_token(tx, index, writes.token);
    for (const Rendered& each : writes.puts) {
      tx.execute(
          "INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (place, id) DO UPDATE SET json = "
          "excluded.json, version = excluded.version WHERE documents.version <= excluded.version",
          index, each.id, each.json, writes.version);
    }
    tx.execute("UPDATE indices SET puts = puts + ? WHERE name = ?",
               static_cast<std::int64_t>(writes.puts.size()), index);
    for (const std::string& id : writes.removals) {
      tx.execute("DELETE FROM documents WHERE place = ? AND id = ? AND version <= ?", index, id,
                 writes.version);
    }
  });
  return {};
}

void TableTarget::commit(const std::string& index, const std::string& state, std::int64_t token) {
  database_.write_now([&](data::Transaction& tx) {
    require_token(tx, index, token);
    tx.execute("UPDATE indices SET state = ? WHERE name = ?", state, index);
  });
}

std::string TableTarget::state(const std::string& index) {
  return database_.read_now([&](data::Snapshot& db) {
    return db.query<std::string>("SELECT state FROM indices WHERE name = ?", index).one();
  });
}

std::vector<std::optional<std::string>> TableTarget::hashes(const std::string& index,
                                                            std::span<const std::string> ids) {
  std::vector<std::optional<std::string>> hashes;
  database_.read_now([&](data::Snapshot& db) {
    for (const std::string& id : ids) {
      const auto json =
          db.query<std::string>("SELECT json FROM documents WHERE place = ? AND id = ?", index, id)
              .optional();
      hashes.push_back(json ? std::optional(hash_of(*json)) : std::nullopt);
    }
  });
  return hashes;
}

void TableTarget::visit_ids(const std::string& index,
                            const std::function<bool(std::span<const std::string>)>& visit) {
  const auto ids = database_.read_now([&](data::Snapshot& db) {
    return db.query<std::string>("SELECT id FROM documents WHERE place = ?", index).all();
  });
  if (!ids.empty()) visit(ids);
}

std::uint64_t TableTarget::count(const std::string& index) {
  return database_.read_now([&](data::Snapshot& db) {
    return db.query<std::uint64_t>("SELECT count(*) FROM documents WHERE place = ?", index).one();
  });
}

base::Result<search::SearchResult> TableTarget::search(const std::string& /*name*/,
                                                       const search::SearchRequest& /*request*/) {
  return base::error("no_search", "tables are not searched");
}

std::int64_t TableTarget::puts() {
  return database_.read_now([](data::Snapshot& db) {
    return db.query<std::int64_t>("SELECT CAST(sum(puts) AS BIGINT) FROM indices").one();
  });
}

}  // namespace hornbeam::denorm
