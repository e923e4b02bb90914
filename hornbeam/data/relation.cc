#include "hornbeam/data/relation.h"

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::data::internal {

// SELECT key, columns FROM ... WHERE key IN (...), or, where each may have so many only,
//
//   SELECT key, columns FROM (SELECT key, columns, row_number() OVER (PARTITION BY key ORDER BY
//   ...) ...) WHERE row_number <= ?
Predicate related_sql(SelectParts parts, const std::string& key, const std::string& columns,
                      const std::string& names, std::vector<KeptValue> keys,
                      const RelatedParts& asked) {
  parts.columns.sql = key + " AS \"hornbeam_key\", " + columns;
  parts.where = joined(one_of(key, std::move(keys)), "AND", asked.where);
  if (!asked.most_each) {
    parts.order = asked.order;
    return select_sql(parts);
  }
  parts.columns.sql += ", row_number() OVER (PARTITION BY " + key;
  if (!asked.order.empty()) parts.columns = between(parts.columns, " ORDER BY ", asked.order);
  parts.columns.sql += ") AS \"hornbeam_row\"";
  Predicate whole{"SELECT \"hornbeam_key\", " + names + " FROM (", {}};
  whole = between(std::move(whole), "", select_sql(parts));
  whole.sql += ") AS \"related\" WHERE \"hornbeam_row\" <= ? ORDER BY \"hornbeam_row\"";
  whole.values.push_back(KeptValue::of(*asked.most_each));
  return whole;
}

void throw_second_related(std::string_view table) {
  throw DatabaseError(ErrorKind::kRowCount,
                      fmt::format("a relation that leads to one row of table \"{}\" at most met a "
                                  "second. Mend: declare it with has_many",
                                  table));
}

void throw_unlike_related(std::string_view table) {
  throw DatabaseError(ErrorKind::kOther,
                      fmt::format("a key found for table \"{}\" is none of those looked for: the "
                                  "column takes unlike texts as equal (a collation such as NOCASE)",
                                  table));
}

}  // namespace hornbeam::data::internal
