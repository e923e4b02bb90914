#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/query/search_target.h"

namespace hornbeam::search {

/// A term of a document's field, and what the index knows of it.
struct TermVector {
  struct Place {
    std::uint32_t position = 0;
    std::uint32_t start_offset = 0;  ///< In UTF-16 code units, all values of the field in a row.
    std::uint32_t end_offset = 0;
  };
  std::string term;
  std::uint64_t doc_freq = 0;
  std::uint64_t total_term_freq = 0;
  std::vector<Place> places{};  ///< As many as its frequency.
};

/// The terms of a document's field, in the order of their bytes.
struct FieldTermVectors {
  std::string field;
  std::uint64_t doc_count = 0;            ///< Documents that have the field.
  std::uint64_t sum_doc_freq = 0;         ///< Of all terms of the field.
  std::uint64_t sum_total_term_freq = 0;  ///< Of all terms of the field.
  std::vector<TermVector> terms{};
};

/// What a document of that source has in the fields of some names or patterns; none: in all of its
/// texts. Nothing of it is stored, so it is analysed again; it need not be in the index at all.
std::vector<FieldTermVectors> term_vectors(const SearchTarget& target, base::JsonView source,
                                           const std::vector<std::string>& fields);

}  // namespace hornbeam::search
