#include "hornbeam/data/schema.h"

#include <array>
#include <map>
#include <tuple>

#include "hornbeam/data/transaction.h"

namespace hornbeam::data {

namespace {

using Columns = std::tuple<std::string, std::string, std::string, bool, bool, bool>;
/// Of an index: its table, its name, whether it is that of the primary key, whether it is unique,
/// and one of its columns.
using IndexColumns = std::tuple<std::string, std::string, bool, bool, std::string>;
using ForeignKeys =
    std::tuple<std::string, std::string, std::string, std::optional<std::string>, std::string>;

// Table, column, type, whether NULL may stand there, whether the database makes the value, default.
constexpr UncheckedSql kSqliteColumns{R"(
SELECT m.name, c.name, c.type, c."notnull" = 0 AND c.pk = 0,
  upper(c.type) = 'INTEGER' AND c.pk = 1 AND l.wr = 0 AND
    (SELECT count(*) FROM pragma_table_info(m.name) WHERE pk > 0) = 1,
  c.dflt_value IS NOT NULL
FROM sqlite_master m JOIN pragma_table_list(m.name) l JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, c.cid)"};
constexpr UncheckedSql kPostgresqlColumns{R"(
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), NOT a.attnotnull,
  a.attidentity <> '' OR a.attgenerated <> '' OR
    coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false),
  a.atthasdef
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attnum > 0
  AND NOT a.attisdropped ORDER BY c.relname, a.attnum)"};

// An index on an expression, or on some of the rows, is none that a description can ask for.
constexpr UncheckedSql kSqliteIndexes{R"(
SELECT * FROM (SELECT m.name, '', 1, 1, c.name FROM sqlite_master m
JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk)
UNION ALL SELECT * FROM (SELECT m.name, i.name, 0, i."unique", c.name
FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
WHERE m.type = 'table' AND i.partial = 0 AND i.origin <> 'pk' AND NOT EXISTS
  (SELECT 1 FROM pragma_index_info(i.name) e WHERE e.name IS NULL)
ORDER BY m.name, i.name, c.seqno))"};
constexpr UncheckedSql kPostgresqlIndexes{R"(
SELECT c.relname::text, x.relname::text, i.indisprimary, i.indisunique, a.attname::text
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, place) ON place <= i.indnkeyatts
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
WHERE n.nspname = current_schema() AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid
ORDER BY c.relname, x.relname, k.place)"};

// Those of one column: more is nothing that a description can ask for.
constexpr UncheckedSql kSqliteForeignKeys{R"(
SELECT m.name, f."from", f."table", f."to", f.on_delete
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' AND NOT EXISTS
  (SELECT 1 FROM pragma_foreign_key_list(m.name) o WHERE o.id = f.id AND o.seq > 0)
ORDER BY m.name, f.id)"};
constexpr UncheckedSql kPostgresqlForeignKeys{R"(
SELECT c.relname::text, a.attname::text, t.relname::text, b.attname::text,
  CASE f.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'NO ACTION' END
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
  JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = f.confkey[1]
WHERE n.nspname = current_schema() AND f.contype = 'f' AND cardinality(f.conkey) = 1
ORDER BY c.relname, f.conname)"};

struct StoredType {
  std::string_view name;
  ColumnType type;
  int bits;
};
constexpr std::array<StoredType, 20> kPostgresqlTypes{{
    {"bigint", ColumnType::kInteger, 64},
    {"integer", ColumnType::kInteger, 32},
    {"smallint", ColumnType::kInteger, 16},
    {"boolean", ColumnType::kInteger, 1},
    {"timestamp with time zone", ColumnType::kInteger, 64},
    {"timestamp without time zone", ColumnType::kInteger, 64},
    {"date", ColumnType::kInteger, 64},
    {"double precision", ColumnType::kReal, 0},
    {"real", ColumnType::kReal, 0},
    {"text", ColumnType::kText, 0},
    {"character varying", ColumnType::kText, 0},
    {"character", ColumnType::kText, 0},
    {"uuid", ColumnType::kText, 0},
    {"json", ColumnType::kText, 0},
    {"jsonb", ColumnType::kText, 0},
    {"inet", ColumnType::kText, 0},
    {"name", ColumnType::kText, 0},
    {"interval", ColumnType::kText, 0},
    {"xml", ColumnType::kText, 0},
    {"bytea", ColumnType::kBlob, 0},
}};

void read_postgresql_type(ColumnShape& column) {
  for (const StoredType& each : kPostgresqlTypes) {
    if (each.name != column.declared) continue;
    column.type = each.type;
    column.bits = each.bits;
  }
}

/// SQLite's "determination of column affinity": https://www.sqlite.org/datatype3.html
void read_sqlite_type(ColumnShape& column) {
  std::string upper;
  for (const char c : column.declared)
    upper += static_cast<char>(c & ~('a' <= c && c <= 'z' ? 32 : 0));
  const auto has = [&](std::string_view part) { return upper.find(part) != std::string::npos; };
  if (has("INT")) {
    column.type = ColumnType::kInteger;
    column.bits = 64;
  } else if (has("CHAR") || has("CLOB") || has("TEXT")) {
    column.type = ColumnType::kText;
  } else if (has("BLOB")) {
    column.type = ColumnType::kBlob;
  } else if (has("REAL") || has("FLOA") || has("DOUB")) {
    column.type = ColumnType::kReal;
  }
}

using Tables = std::map<std::string, TableShape>;

void read_columns(Snapshot& db, Tables& tables) {
  const bool sqlite = db.dialect() == Dialect::kSqlite;
  for (auto& [table, name, type, nullable, generated, has_default] :
       db.query<Columns>(sqlite ? kSqliteColumns : kPostgresqlColumns)) {
    ColumnShape column{.name = name, .declared = type, .is_nullable = nullable};
    column.is_generated = generated;
    column.has_default = has_default;
    (sqlite ? read_sqlite_type : read_postgresql_type)(column);
    tables[table].name = table;
    tables[table].columns.push_back(std::move(column));
  }
}

void read_indexes(Snapshot& db, Tables& tables) {
  const bool sqlite = db.dialect() == Dialect::kSqlite;
  std::pair<std::string, std::string> last;
  for (auto& [table, index, is_primary, is_unique, column] :
       db.query<IndexColumns>(sqlite ? kSqliteIndexes : kPostgresqlIndexes)) {
    const auto found = tables.find(table);
    if (found == tables.end()) continue;
    if (is_primary) {
      found->second.primary_key.push_back(column);
      continue;
    }
    std::vector<IndexShape>& indexes = found->second.indexes;
    if (last != std::pair(table, index)) indexes.push_back({{}, is_unique});
    last = {table, index};
    indexes.back().columns.push_back(column);
  }
}

void read_foreign_keys(Snapshot& db, Tables& tables) {
  const bool sqlite = db.dialect() == Dialect::kSqlite;
  for (auto& [table, column, target, key, on_delete] :
       db.query<ForeignKeys>(sqlite ? kSqliteForeignKeys : kPostgresqlForeignKeys)) {
    const auto found = tables.find(table);
    if (found == tables.end()) continue;
    ForeignKeyShape made{column, target, key.value_or(""), OnDelete::kRefuse};
    // SQLite: a reference that names no column is to the primary key.
    const auto to = tables.find(target);
    if (!key && to != tables.end() && to->second.primary_key.size() == 1) {
      made.key = to->second.primary_key.front();
    }
    if (on_delete == "CASCADE") made.on_delete = OnDelete::kCascade;
    if (on_delete == "SET NULL") made.on_delete = OnDelete::kSetNull;
    found->second.foreign_keys.push_back(std::move(made));
  }
}

}  // namespace

std::vector<TableShape> read_schema(Connection& connection) {
  Snapshot db(connection);
  Tables tables;
  read_columns(db, tables);
  read_indexes(db, tables);
  read_foreign_keys(db, tables);
  tables.erase("hornbeam_migrations");
  std::vector<TableShape> schema;
  for (auto& [name, table] : tables) schema.push_back(std::move(table));
  return schema;
}

}  // namespace hornbeam::data
