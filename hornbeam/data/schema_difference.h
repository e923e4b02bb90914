#pragma once

// What a database lacks of the schema that a program describes, and the SQL that adds it where that
// is simple. Tables, columns and indexes that only the database has are nobody's mistake: others
// may use them.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/data/schema.h"

namespace hornbeam::data {

/// What is wrong with a table.
enum class SchemaFault : std::uint8_t {
  kMissingTable,
  kMissingColumn,
  kType,         ///< The column stores something else, or holds fewer bits than the member.
  kNullability,  ///< NULL may stand where the member cannot hold it, or the other way round.
  kGenerated,    ///< The database does not make the value of a generated member.
  kUnfilled,     ///< A column that the struct lacks must be given a value: every insert fails.
  kPrimaryKey,
  kMissingIndex,
  kMissingForeignKey,
};

/// One of the ways in which a database differs from the description.
struct SchemaDifference {
  SchemaFault fault = SchemaFault::kMissingTable;  ///< What kind of difference it is.
  std::string table;                               ///< The table it is in.
  std::string text;                                ///< What is wrong, and the mend, in a sentence.
  /// What is wanted: of a missing table, all of it; else the part at fault.
  TableShape wanted;
};

/// In an order in which they can be mended: tables that others refer to come first.
std::vector<SchemaDifference> differences(std::span<const TableShape> wanted,
                                          std::span<const TableShape> found, Dialect dialect);

/// SQL to apply, and to undo it.
struct SchemaChange {
  std::string up;    ///< SQL that brings the database to the description.
  std::string down;  ///< SQL that brings it back.
  bool operator==(const SchemaChange&) const = default;
};

/// SQL that adds the tables, columns and indexes that are missing. What it cannot mend stands there
/// as a comment, to be written by hand.
SchemaChange schema_change(std::span<const SchemaDifference> differences, Dialect dialect);

}  // namespace hornbeam::data
