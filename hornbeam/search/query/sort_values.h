#pragma once

// What a document is ordered by: the value of a field, or one made of several.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/query/nested_sort.h"
#include "hornbeam/search/query/search_request.h"
#include "hornbeam/search/score/plan.h"

namespace hornbeam::search {

/// Whether an index can be ordered by a key; an error is worded as OpenSearch words it.
base::Result<void> check_sort(const SortKey& key, const Mapping& mapping);

/// Reads the values of one key. Lifetime: the key and the mapping outlive it.
class SortReader {
 public:
  /// Requires: `check_sort` finds nothing wrong.
  /// `nested` says which objects count of a key that is nested; without it there are no values.
  SortReader(const SortKey& key, const Mapping& mapping,
             std::shared_ptr<const NestedSortPlan> nested = nullptr);

  /// `base` is the number of the segment's first document in the snapshot.
  SortValue value(const Segment& segment, DocId doc, DocId base, Scorer& scorer) const;

  /// A value of `search_after` as `value` would give it.
  base::Result<SortValue> parsed(const SortValue& given) const;
  /// A value as hits show it: dates in the format that was asked for, addresses as text.
  SortValue shown(SortValue value) const;

 private:
  enum class Kind : std::uint8_t { kInteger, kUnsigned, kReal, kKeyword };

  SortValue number(std::int64_t stored) const;
  SortValue chosen(const Column& column, std::int64_t value) const;
  SortValue combined(std::span<const std::int64_t> values) const;
  SortValue nested_value(const Segment& segment, DocId doc) const;
  SortValue missing() const;
  SortValue distance(const Column& column, std::span<const DocId> docs) const;
  bool is_made_of_several() const;
  bool is_greatest() const;
  base::Result<SortValue> parsed_text(const std::string& text) const;

  const SortKey& key_;
  const FieldMapping* field_;  ///< Null if the index has no such field.
  FieldType type_ = FieldType::kKeyword;
  Kind kind_ = Kind::kKeyword;
  SortValue missing_{};
  std::shared_ptr<NestedSortReader> nested_;  ///< Null: values are the document's own.
};

/// Metres between two places on the surface of the Earth.
double distance_between(const Place& a, const Place& b) noexcept;

}  // namespace hornbeam::search
