#pragma once

// The documents of a segment that have one of many terms, or any value: what is found without a
// score. All rise.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
};

/// Requires: `terms` rise.
std::vector<DocId> documents_of_terms(const SegmentView& view, std::string_view field,
                                      const std::vector<std::string>& terms);
std::vector<DocId> documents_of_prefix(const SegmentView& view, std::string_view field,
                                       std::string_view prefix);
std::vector<DocId> documents_in_range(const SegmentView& view, std::string_view field,
                                      const TermRange& range);
/// Documents with a value in the field, or in one below it.
std::vector<DocId> documents_with(const SegmentView& view, std::string_view field);

}  // namespace hornbeam::search
