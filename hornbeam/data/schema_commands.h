#pragma once

// The commands by which people keep a schema: `db migrate NAME`, `db upgrade [N]` and so on. A
// plain call, so that any kind of command line can have them:
//
//   app.command("db", data::kSchemaCommands, [&](std::vector<std::string> arguments) {
//     return data::run_schema_command(schema, arguments, std::cout, std::cerr);
//   });

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/schema.h"

namespace hornbeam::data {

/// What the commands are about.
struct SchemaOfProgram {
  Database& database;  ///< What is compared and migrated. Lifetime: outlives the commands.
  /// All steps, those of libraries first.
  std::vector<Migration> migrations;
  /// What the structs say: `schema_of<Author, Post>()`. Tables of the steps that are not among them
  /// are compared with what the steps make.
  std::vector<TableShape> tables = {};
  /// Where `migrate` writes the next step.
  std::filesystem::path folder = "migrations";
};

/// For --help.
inline constexpr std::string_view kSchemaCommands =
    "upgrade [N], downgrade [N]: apply or undo steps of the schema; current, history; check: "
    "compare the tables with the program; migrate NAME: write the next step";

/// Runs what `arguments` name and gives the exit code: 1 if `check` finds a fault or the database
/// refuses, 2 if there is no such command. What was done goes to `out`, what was wrong to `errors`.
/// Blocks.
int run_schema_command(const SchemaOfProgram& schema, const std::vector<std::string>& arguments,
                       std::ostream& out, std::ostream& errors);

}  // namespace hornbeam::data
