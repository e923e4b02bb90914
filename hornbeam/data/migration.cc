#include "hornbeam/data/migration.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data {

namespace {

/// What the database remembers of a step.
struct Applied {
  int number = 0;
  std::string name;
  std::string checksum;
};
constexpr auto describe(base::Type<Applied>) {
  using base::field;
  return base::fields(field("number", &Applied::number, primary_key), field("name", &Applied::name),
                      field("checksum", &Applied::checksum));
}

[[noreturn]] void refuse(const std::string& message) {
  throw DatabaseError(ErrorKind::kMigration, message);
}

/// FNV-1a of the text without carriage returns, so that a checkout with other line ends is no edit.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    if (c == '\r') continue;
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

const std::string& up_of(const Migration& migration, Dialect dialect) {
  const bool differs = dialect == Dialect::kPostgresql && migration.postgresql_up;
  return differs ? *migration.postgresql_up : migration.up;
}

const std::optional<std::string>& down_of(const Migration& migration, Dialect dialect) {
  const bool differs = dialect == Dialect::kPostgresql && migration.postgresql_down;
  return differs ? migration.postgresql_down : migration.down;
}

/// Two who wrote the next step at the same time, or were told the same number for a library's.
void require_different_numbers(std::span<const Migration> migrations) {
  std::map<int, std::string_view> names;
  for (const Migration& migration : migrations) {
    const auto [other, is_new] = names.emplace(migration.number, migration.name);
    if (is_new) continue;
    int highest = 0;
    for (const Migration& each : migrations) highest = std::max(highest, each.number);
    refuse(fmt::format(
        "migration {} is there twice: \"{}\" and \"{}\" have the same number. Mend: the one that "
        "databases have applied (hornbeam_migrations has its name) keeps it, and the other gets "
        "the next that is free, {}: in its file's name, or where the program says which steps of "
        "a library are which",
        migration.number, other->second, migration.name, highest + 1));
  }
}

void require_consecutive(std::span<const Migration> migrations) {
  require_different_numbers(migrations);
  int expected = 1;
  for (const Migration& migration : migrations) {
    if (migration.number != expected) {
      refuse(fmt::format("migration {} is missing: \"{}\" has the number {}", expected,
                         migration.name, migration.number));
    }
    ++expected;
  }
}

std::vector<Applied> applied_steps(Connection& connection) {
  return Snapshot(connection)
      .query<Applied>("SELECT number, name, checksum FROM hornbeam_migrations ORDER BY number")
      .all();
}

/// Refuses when the steps applied are not the first ones of `migrations`, unchanged. Gives their
/// number.
std::size_t count_applied(Connection& connection, std::span<const Migration> migrations) {
  const std::vector<Applied> applied = applied_steps(connection);
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= migrations.size() || applied[i].number != migrations[i].number) {
      refuse(
          fmt::format("the database has migration {} (\"{}\"), which this program does not: the "
                      "database is newer than the program",
                      applied[i].number, applied[i].name));
    }
    if (applied[i].name != migrations[i].name &&
        applied[i].checksum != checksum(up_of(migrations[i], connection.dialect()))) {
      refuse(fmt::format(
          "the database has applied \"{}\" as migration {}, which is \"{}\" in this program: two "
          "steps were given the same number. Mend: give \"{}\" a number that no database has "
          "applied, or run the program that \"{}\" belongs to",
          applied[i].name, applied[i].number, migrations[i].name, migrations[i].name,
          applied[i].name));
    }
    if (applied[i].checksum != checksum(up_of(migrations[i], connection.dialect()))) {
      refuse(
          fmt::format("migration {} (\"{}\") was edited after it had been applied: restore it, and "
                      "put the change in a new one",
                      applied[i].number, applied[i].name));
    }
  }
  return applied.size();
}

/// A transaction on the schema: undone unless it comes to its commit.
template <class Work>
void in_schema_transaction(Connection& connection, Work work) {
  connection.begin(Begin::kSchema);
  try {
    work();
    connection.commit();
  } catch (...) {
    connection.rollback();
    throw;
  }
}

std::unique_ptr<Connection> connect_with_records(Database& database) {
  auto connection = database.connect();
  in_schema_transaction(*connection, [&] {
    connection->run_script(
        "CREATE TABLE IF NOT EXISTS hornbeam_migrations (number INTEGER PRIMARY KEY, "
        "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  });
  return connection;
}

/// Runs a step's SQL; what goes wrong in it is told with the step's name.
void run_step(Connection& connection, const Migration& migration, const std::string& sql,
              std::string_view direction) {
  try {
    connection.run_script(sql);
  } catch (const DatabaseError& error) {
    throw_database_error(
        error.kind(), fmt::format("migration {} (\"{}\", {}): {}", migration.number, migration.name,
                                  direction, error.what()));
  }
}

void apply(Connection& connection, const Migration& migration) {
  const std::string& up = up_of(migration, connection.dialect());
  run_step(connection, migration, up, "up");
  Transaction(connection)
      .execute("INSERT INTO hornbeam_migrations VALUES (?, ?, ?, ?)", migration.number,
               migration.name, checksum(up), std::chrono::system_clock::now());
}

void undo(Connection& connection, const Migration& migration) {
  const std::optional<std::string>& down = down_of(migration, connection.dialect());
  if (!down) {
    refuse(fmt::format("migration {} (\"{}\") cannot be undone: it has no down", migration.number,
                       migration.name));
  }
  run_step(connection, migration, *down, "down");
  Transaction(connection)
      .execute("DELETE FROM hornbeam_migrations WHERE number = ?", migration.number);
}

}  // namespace

std::vector<MigrationStatus> migrate(Database& database, std::span<const Migration> migrations,
                                     int last) {
  require_consecutive(migrations);
  const auto connection = connect_with_records(database);
  std::vector<MigrationStatus> done;
  bool is_complete = false;
  // Ends: each round applies one step or finds that none is left. What is applied is read anew
  // under each write lock, since another process may be doing the same.
  while (!is_complete) {
    in_schema_transaction(*connection, [&] {
      const std::size_t applied = count_applied(*connection, migrations);
      is_complete = applied == migrations.size() || static_cast<int>(applied) >= last;
      if (is_complete) return;
      const Migration& next = migrations[applied];
      apply(*connection, next);
      done.push_back({next.number, next.name, true});
    });
  }
  return done;
}

std::vector<MigrationStatus> downgrade(Database& database, std::span<const Migration> migrations,
                                       int number) {
  require_consecutive(migrations);
  const auto connection = connect_with_records(database);
  std::vector<MigrationStatus> done;
  bool is_complete = false;
  while (!is_complete) {
    in_schema_transaction(*connection, [&] {
      const std::size_t applied = count_applied(*connection, migrations);
      is_complete = static_cast<int>(applied) <= std::max(number, 0);
      if (is_complete) return;
      const Migration& last = migrations[applied - 1];
      undo(*connection, last);
      done.push_back({last.number, last.name, false});
    });
  }
  return done;
}

std::vector<MigrationStatus> migration_status(Database& database,
                                              std::span<const Migration> migrations) {
  require_consecutive(migrations);
  const auto connection = connect_with_records(database);
  const std::size_t applied = count_applied(*connection, migrations);
  std::vector<MigrationStatus> status;
  for (const Migration& migration : migrations) {
    status.push_back({migration.number, migration.name, status.size() < applied});
  }
  return status;
}

}  // namespace hornbeam::data
