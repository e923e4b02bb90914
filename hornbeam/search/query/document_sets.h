#pragma once

// The documents of a segment that have one of many terms, or any value: what is found without a
// score. All rise.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/query/term_matchers.h"
#include "hornbeam/search/segment/segment.h"

namespace hornbeam::search {

/// Terms between two.
struct TermRange {
  struct Bound {
    std::string term;
    bool is_included = true;
  };
  std::optional<Bound> lower{};
  std::optional<Bound> upper{};

  /// Whether a term is between them.
  bool has(std::string_view term) const noexcept;
};

// The documents are found by the terms of the field, or by its column where it has no terms.

/// Requires: `terms` rise.
std::vector<DocId> documents_of_terms(const SegmentView& view, std::string_view field,
                                      const std::vector<std::string>& terms);
std::vector<DocId> documents_of_matching(const SegmentView& view, std::string_view field,
                                         const TermMatcher& matcher);
std::vector<DocId> documents_in_range(const SegmentView& view, std::string_view field,
                                      const TermRange& range);
/// Documents with a value in the field, or in one below it.
std::vector<DocId> documents_with(const SegmentView& view, std::string_view field);

/// A term that a pattern stands for.
struct ExpandedTerm {
  std::string term;
  std::uint64_t doc_freq = 0;
  float boost = 1;
};
/// The first `count` terms of a snapshot that match, in the order of their bytes.
std::vector<ExpandedTerm> first_terms(const Snapshot& snapshot, std::string_view field,
                                      const TermMatcher& matcher, std::size_t count);
/// The `count` nearest terms of a snapshot, the nearest first.
std::vector<ExpandedTerm> nearest_terms(const Snapshot& snapshot, std::string_view field,
                                        const FuzzyMatcher& matcher, std::size_t count);

}  // namespace hornbeam::search
