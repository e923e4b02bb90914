#include "hornbeam/data/schema_commands.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <ostream>

#include <fmt/format.h>

#include "hornbeam/data/error.h"
#include "hornbeam/data/schema_difference.h"

namespace hornbeam::data {

namespace {

constexpr std::string_view kUsage =
    "usage: db upgrade [N] | downgrade [N] | current | history | check | migrate NAME\n";

[[noreturn]] void refuse(const std::string& message) {
  throw DatabaseError(ErrorKind::kMigration, message);
}

std::optional<int> parse_number(const std::string& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || rest != end || number < 0) return std::nullopt;
  return number;
}

/// The last step that is applied; 0 if none is.
int current_number(const SchemaOfProgram& schema) {
  int current = 0;
  for (const MigrationStatus& step : migration_status(schema.database, schema.migrations)) {
    if (step.is_applied) current = step.number;
  }
  return current;
}

int show_current(const SchemaOfProgram& schema, std::ostream& out) {
  const int current = current_number(schema);
  const auto newest = schema.migrations.size();
  if (current == 0) {
    out << fmt::format("no step is applied, of {}\n", newest);
  } else {
    out << fmt::format("{} {}, of {}\n", current,
                       schema.migrations[static_cast<std::size_t>(current) - 1].name, newest);
  }
  return 0;
}

int show_history(const SchemaOfProgram& schema, std::ostream& out) {
  for (const MigrationStatus& step : migration_status(schema.database, schema.migrations)) {
    out << fmt::format("{:4} {}: {}\n", step.number, step.name,
                       step.is_applied ? "applied" : "missing");
  }
  return 0;
}

int upgrade(const SchemaOfProgram& schema, int last, std::ostream& out) {
  if (last != kNewest && last > static_cast<int>(schema.migrations.size())) {
    refuse(fmt::format("there is no step {}: the last is {}", last, schema.migrations.size()));
  }
  const auto done = migrate(schema.database, schema.migrations, last);
  for (const auto& step : done) out << fmt::format("applied {} {}\n", step.number, step.name);
  if (done.empty()) out << "nothing to do\n";
  return 0;
}

int undo(const SchemaOfProgram& schema, std::optional<int> number, std::ostream& out) {
  const int above = number.value_or(current_number(schema) - 1);
  const auto done = downgrade(schema.database, schema.migrations, above);
  for (const auto& step : done) out << fmt::format("undid {} {}\n", step.number, step.name);
  if (done.empty()) out << "nothing to do\n";
  return 0;
}

std::vector<SchemaDifference> find_differences(const SchemaOfProgram& schema) {
  const auto connection = schema.database.connect();
  return differences(schema.tables, read_schema(*connection), connection->dialect());
}

/// The tables as the steps make them, found out by applying them elsewhere: in memory, or on
/// PostgreSQL in a schema of a transaction that is undone, which takes the right to create one.
std::vector<TableShape> tables_of_migrations(Database& database,
                                             std::span<const Migration> migrations) {
  if (database.dialect() == Dialect::kSqlite) {
    const auto scratch = Database::open("sqlite://");
    migrate(*scratch, migrations);
    return read_schema(*scratch->connect());
  }
  const auto connection = database.connect();
  connection->begin(Begin::kSchema);
  try {
    // Nobody else makes it meanwhile: whoever changes the schema holds a lock.
    connection->run_script(
        "CREATE SCHEMA hornbeam_check; SET LOCAL search_path TO hornbeam_check, public");
    for (const Migration& each : migrations) {
      connection->run_script(each.postgresql_up.value_or(each.up));
    }
    std::vector<TableShape> tables = read_schema(*connection);
    connection->rollback();
    return tables;
  } catch (...) {
    connection->rollback();
    throw;
  }
}

/// Tables that the steps make and no struct describes, such as those of libraries.
std::vector<TableShape> other_tables(const SchemaOfProgram& schema) {
  std::vector<TableShape> others = tables_of_migrations(schema.database, schema.migrations);
  std::erase_if(others, [&](const TableShape& table) {
    return std::ranges::find(schema.tables, table.name, &TableShape::name) != schema.tables.end();
  });
  return others;
}

int check(const SchemaOfProgram& schema, std::ostream& out, std::ostream& errors) {
  auto found = find_differences(schema);
  std::size_t count = schema.tables.size();
  try {
    const std::vector<TableShape> others = other_tables(schema);
    const auto connection = schema.database.connect();
    for (auto& each : differences(others, read_schema(*connection), connection->dialect())) {
      found.push_back(std::move(each));
    }
    count += others.size();
  } catch (const DatabaseError& error) {
    errors << "tables that no struct describes are not compared: " << error.what() << '\n';
  }
  for (const SchemaDifference& each : found) errors << each.text << '\n';
  if (!found.empty()) {
    errors << fmt::format("{} {} from what the program describes\n", found.size(),
                          found.size() == 1 ? "difference" : "differences");
    return 1;
  }
  out << fmt::format("{} tables are as the program describes them\n", count);
  return 0;
}

void write_file(const std::filesystem::path& file, std::string_view text, std::ostream& out) {
  if (std::filesystem::exists(file)) refuse(file.string() + " is there already");
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) refuse("cannot write " + file.string());
  out << "wrote " << file.string() << '\n';
}

/// What is missing may be in steps that are written and not applied: the difference would have it
/// twice.
int write_next(const SchemaOfProgram& schema, const std::string& name, std::ostream& out) {
  if (!internal::is_identifier(name)) {
    refuse("a step is called by letters, digits and _, such as create_games");
  }
  if (current_number(schema) < static_cast<int>(schema.migrations.size())) {
    refuse("there are steps to apply. Mend: db upgrade, and then write the next");
  }
  const auto found = find_differences(schema);
  const SchemaChange sqlite = schema_change(found, Dialect::kSqlite);
  const SchemaChange postgresql = schema_change(found, Dialect::kPostgresql);
  std::filesystem::create_directories(schema.folder);
  const std::string stem = fmt::format("{:04}_{}", schema.migrations.size() + 1, name);
  const auto file = [&](std::string_view ending) {
    return schema.folder / (stem + std::string(ending));
  };
  constexpr std::string_view kUp = "-- Changes the schema.\n";
  constexpr std::string_view kDown = "-- Undoes it.\n";
  write_file(file(".sql"), std::string(kUp) + sqlite.up, out);
  write_file(file(".down.sql"), std::string(kDown) + sqlite.down, out);
  if (sqlite != postgresql) {
    write_file(file(".postgresql.sql"), std::string(kUp) + postgresql.up, out);
    write_file(file(".postgresql.down.sql"), std::string(kDown) + postgresql.down, out);
  }
  return 0;
}

}  // namespace

int run_schema_command(const SchemaOfProgram& schema, const std::vector<std::string>& arguments,
                       std::ostream& out, std::ostream& errors) {
  const std::string what = arguments.empty() ? "" : arguments[0];
  const std::optional<std::string> rest =
      arguments.size() == 2 ? std::optional(arguments[1]) : std::nullopt;
  const std::optional<int> number = rest ? parse_number(*rest) : std::nullopt;
  const bool takes_number = what == "upgrade" || what == "downgrade";
  const bool fits =
      arguments.size() <= 2 && rest.has_value() <= (takes_number || what == "migrate");
  try {
    if (fits && takes_number && rest.has_value() == number.has_value()) {
      return what == "upgrade" ? upgrade(schema, number.value_or(kNewest), out)
                               : undo(schema, number, out);
    }
    if (fits && what == "current") return show_current(schema, out);
    if (fits && what == "history") return show_history(schema, out);
    if (fits && what == "check") return check(schema, out, errors);
    if (what == "migrate" && rest) return write_next(schema, *rest, out);
  } catch (const DatabaseError& error) {
    errors << error.what() << '\n';
    return 1;
  }
  errors << kUsage;
  return 2;
}

}  // namespace hornbeam::data
