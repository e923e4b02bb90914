#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_target.h"
#include "hornbeam/search/query/snapshot_place.h"

namespace hornbeam::search {

/// A field, or a pattern for fields, whose values hits show.
struct ShownField {
  std::string field;
  std::string format{};  ///< Of dates and numbers; empty: the field's own.
};

/// Values by field, each as JSON.
using ShownValues = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Adds what the columns of a document have ("docvalue_fields"): sorted, each keyword once. An
/// error is worded as OpenSearch words it.
base::Result<void> add_column_values(const SearchTarget& target, const SnapshotPlace& place,
                                     std::span<const ShownField> fields, ShownValues& shown);

/// Adds what the source of a document has ("fields"): as the types of the fields have it and in the
/// order of the source. Values that are none of their fields' types are left out.
base::Result<void> add_source_values(const SearchTarget& target, base::JsonView source,
                                     std::span<const ShownField> fields, ShownValues& shown);

/// Adds what fields have of which the mapping says "store".
void add_stored_values(const SearchTarget& target, base::JsonView source,
                       std::span<const std::string> patterns, ShownValues& shown);

}  // namespace hornbeam::search
