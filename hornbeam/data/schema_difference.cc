#include "hornbeam/data/schema_difference.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hornbeam::data {

namespace {

std::string_view describe_type(ColumnType type) {
  switch (type) {
    case ColumnType::kInteger:
      return "an integer";
    case ColumnType::kReal:
      return "a number with a fraction";
    case ColumnType::kText:
      return "text";
    case ColumnType::kBlob:
      return "bytes";
    case ColumnType::kNull:
      break;
  }
  return "something else";
}

/// A table of that name with nothing in it, for one part to be put in.
TableShape part_of(const TableShape& table) {
  TableShape part;
  part.name = table.name;
  return part;
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  return names;
}

/// True if looking by `index` is served, and its uniqueness kept, by what the table has.
bool has_index(const TableShape& found, const IndexShape& index) {
  const auto serves = [&](const std::vector<std::string>& columns, bool is_unique) {
    if (index.is_unique) return is_unique && sorted(columns) == sorted(index.columns);
    return columns.size() >= index.columns.size() &&
           std::equal(index.columns.begin(), index.columns.end(), columns.begin());
  };
  if (serves(found.primary_key, true)) return true;
  return std::ranges::any_of(
      found.indexes, [&](const IndexShape& each) { return serves(each.columns, each.is_unique); });
}

bool has_column(const TableShape& table, const std::string& name) {
  return std::ranges::find(table.columns, name, &ColumnShape::name) != table.columns.end();
}

class Comparison {
 public:
  explicit Comparison(Dialect dialect) : dialect_(dialect) {}

  void compare(const TableShape& wanted, const TableShape& found) {
    for (const ColumnShape& column : wanted.columns) compare_column(wanted, column, found);
    for (const ColumnShape& column : found.columns) refuse_unfilled(wanted, column);
    if (sorted(wanted.primary_key) != sorted(found.primary_key)) {
      TableShape part = part_of(wanted);
      part.primary_key = wanted.primary_key;
      add(SchemaFault::kPrimaryKey, std::move(part),
          fmt::format("the primary key is ({}), and the struct's ({})",
                      fmt::join(found.primary_key, ", "), fmt::join(wanted.primary_key, ", ")));
    }
    for (const IndexShape& index : wanted.indexes) {
      if (has_index(found, index)) continue;
      TableShape part = part_of(wanted);
      part.indexes.push_back(index);
      add(SchemaFault::kMissingIndex, std::move(part),
          fmt::format("there is no {}index on ({})", index.is_unique ? "unique " : "",
                      fmt::join(index.columns, ", ")));
    }
    for (const ForeignKeyShape& key : wanted.foreign_keys) compare_foreign_key(wanted, key, found);
  }

  void add(SchemaFault fault, TableShape part, std::string_view text) {
    std::string table = part.name;
    std::string whole = fmt::format("table \"{}\": {}", table, text);
    found_.push_back({fault, std::move(table), std::move(whole), std::move(part)});
  }
  std::vector<SchemaDifference> take() { return std::move(found_); }

 private:
  void compare_column(const TableShape& table, const ColumnShape& wanted, const TableShape& in) {
    TableShape part = part_of(table);
    part.columns.push_back(wanted);
    const auto found = std::ranges::find(in.columns, wanted.name, &ColumnShape::name);
    if (found == in.columns.end()) {
      for (const ForeignKeyShape& key : table.foreign_keys) {
        if (key.column == wanted.name) part.foreign_keys.push_back(key);
      }
      add(SchemaFault::kMissingColumn, std::move(part),
          fmt::format("column \"{}\" is missing", wanted.name));
      return;
    }
    if (const std::string wrong = wrong_type(wanted, *found); !wrong.empty()) {
      add(SchemaFault::kType, part, wrong);
    }
    if (wanted.is_nullable != found->is_nullable) {
      add(SchemaFault::kNullability, part,
          found->is_nullable
              ? fmt::format("column \"{}\" may be NULL, which the struct cannot hold: make it NOT "
                            "NULL, or the member an optional",
                            wanted.name)
              : fmt::format("column \"{}\" is NOT NULL, while the member is an optional",
                            wanted.name));
    }
    if (wanted.is_generated && !found->is_generated && !found->has_default) {
      add(SchemaFault::kGenerated, std::move(part),
          fmt::format("column \"{}\" is generated in the struct, and not by the database",
                      wanted.name));
    }
  }

  std::string wrong_type(const ColumnShape& wanted, const ColumnShape& found) const {
    // A type not known here may well be right; the program reads it strictly.
    const bool is_known = found.type != ColumnType::kNull && wanted.type != ColumnType::kNull;
    if (!is_known) return {};
    const bool is_number = wanted.type == ColumnType::kReal && found.type == ColumnType::kInteger;
    if (wanted.type != found.type && !(is_number && dialect_ == Dialect::kSqlite)) {
      return fmt::format("column \"{}\" is {}, while the struct stores {} there", wanted.name,
                         found.declared, describe_type(wanted.type));
    }
    if (wanted.type == ColumnType::kInteger && found.bits > 1 && found.bits < wanted.bits) {
      return fmt::format("column \"{}\" is {}, of {} bits, while the member needs {}: make it {}",
                         wanted.name, found.declared, found.bits, wanted.bits,
                         wanted.bits > 32 ? "bigint" : "integer");
    }
    if (wanted.bits > 1 && found.bits == 1) {
      return fmt::format("column \"{}\" is {}, while the struct stores an integer there",
                         wanted.name, found.declared);
    }
    return {};
  }

  void refuse_unfilled(const TableShape& wanted, const ColumnShape& column) {
    if (column.is_nullable || column.is_generated || column.has_default) return;
    if (has_column(wanted, column.name)) return;
    TableShape part = part_of(wanted);
    part.columns.push_back(column);
    add(SchemaFault::kUnfilled, std::move(part),
        fmt::format("column \"{}\" must be given a value, and the struct has no such member: every "
                    "insert fails. Give it a default, or describe it",
                    column.name));
  }

  void compare_foreign_key(const TableShape& table, const ForeignKeyShape& wanted,
                           const TableShape& in) {
    // Of a column that is missing too, one complaint is enough.
    if (!has_column(in, wanted.column)) return;
    if (std::ranges::find(in.foreign_keys, wanted) != in.foreign_keys.end()) return;
    const bool is_other = std::ranges::any_of(in.foreign_keys, [&](const ForeignKeyShape& each) {
      return each.column == wanted.column && each.target == wanted.target && each.key == wanted.key;
    });
    TableShape part = part_of(table);
    part.foreign_keys.push_back(wanted);
    add(SchemaFault::kMissingForeignKey, std::move(part),
        fmt::format("column \"{}\" {} \"{}\" (\"{}\")", wanted.column,
                    is_other
                        ? "does another thing ON DELETE than the struct says of its reference to"
                        : "has no foreign key to",
                    wanted.target, wanted.key));
  }

  Dialect dialect_;
  std::vector<SchemaDifference> found_;
};

/// Those referred to first. Ends: each table is visited once, so that a circle is left as it is.
std::vector<const TableShape*> in_order(std::span<const TableShape> tables) {
  std::vector<const TableShape*> ordered;
  std::set<std::string> visited;
  const auto visit = [&](const auto& self, const TableShape& table) -> void {
    if (!visited.insert(table.name).second) return;
    for (const ForeignKeyShape& key : table.foreign_keys) {
      const auto target = std::ranges::find(tables, key.target, &TableShape::name);
      if (target != tables.end()) self(self, *target);
    }
    ordered.push_back(&table);
  };
  for (const TableShape& table : tables) visit(visit, table);
  return ordered;
}

}  // namespace

std::vector<SchemaDifference> differences(std::span<const TableShape> wanted,
                                          std::span<const TableShape> found, Dialect dialect) {
  Comparison comparison(dialect);
  for (const TableShape* table : in_order(wanted)) {
    const auto own = std::ranges::find(found, table->name, &TableShape::name);
    if (own == found.end()) {
      comparison.add(SchemaFault::kMissingTable, *table, "it is missing");
    } else {
      comparison.compare(*table, *own);
    }
  }
  return comparison.take();
}

}  // namespace hornbeam::data
