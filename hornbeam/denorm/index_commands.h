#pragma once

// The commands by which people keep indices: `index status`, `index rebuild NAME` and so on. A
// plain call, so that any kind of command line can have them:
//
//   app.command("index", denorm::kIndexCommands, [&](std::vector<std::string> arguments) {
//     return denorm::run_index_command(indices, arguments, std::cout, std::cerr);
//   });
//
// An embedded index belongs to one process: while a server has it open, its own program runs them
// (a job, a page for operators), and this command line says that the folder is locked.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/denorm/document_type.h"
#include "hornbeam/denorm/rebuild.h"
#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

/// What the commands are about. Lifetime: the database and the target outlive the commands.
struct IndicesOfProgram {
  /// The truth.
  data::Database& database;
  /// Where the indices are.
  Target& target;
  /// All that the program has.
  std::vector<DocumentType> types{};
  /// Where `migrate` writes the next step, and how many there are, those of libraries included.
  std::filesystem::path migrations = "migrations";
  /// How many pieces of work were done.
  int steps = 0;
  /// As in `WriterOptions`: of a process whose index is its own.
  std::string replica{};
};

/// A line for people: a bar, how many rows, the rate and the time left.
std::string progress_line(const Progress& progress);

/// For --help.
inline constexpr std::string_view kIndexCommands =
    "status; rebuild NAME; verify NAME [whole]; repair NAME ID...; rollback NAME; drop NAME: the "
    "indices that are kept beside it; migrate STEP: write the step that follows the tables";

/// Runs what `arguments` name and gives the exit code: 1 if `verify` finds a fault, an index cannot
/// be followed, or something refuses; 2 if there is no such command. Blocks.
int run_index_command(const IndicesOfProgram& indices, const std::vector<std::string>& arguments,
                      std::ostream& out, std::ostream& errors);

}  // namespace hornbeam::denorm
