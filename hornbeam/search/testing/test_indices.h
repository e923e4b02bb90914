#pragma once

// What the tests of aggregations share: the same documents spread over segments and indices in any
// way, and a search over all of them.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/index.h"

namespace hornbeam::search::testing {

/// How documents are laid out.
struct Layout {
  std::size_t indices = 1;
  std::size_t documents_per_segment = 1'000'000;
};

/// Indices with one mapping.
class TestIndices {
 public:
  explicit TestIndices(std::string_view mapping, Layout layout = {});

  /// Adds a document to the next index.
  void add(std::string_view json);
  /// Adds to an index by number.
  void add_to(std::size_t index, std::string_view json);
  void refresh();
  Index& index(std::size_t at) { return *all_[at]; }

  /// The aggregations over all indices as JSON, or "code: message".
  std::string run(std::string_view aggregations, std::string_view query = R"({"match_all":{}})",
                  AggregationOptions options = {}) const;

 private:
  Layout layout_;
  std::vector<std::unique_ptr<Index>> all_;
  std::size_t next_id_ = 0;
};

}  // namespace hornbeam::search::testing
