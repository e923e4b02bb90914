#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/search/analysis/analyzer.h"
#include "hornbeam/search/codec/column.h"

namespace hornbeam::search {

/// A document as a mapping took it apart: what goes into the index, by field.
struct IndexedDocument {
  struct Text {
    std::string field;
    std::shared_ptr<const Analyzer> analyzer;
    std::string text;
  };
  /// A term as it is, found by itself and counted.
  struct Keyword {
    std::string field;
    std::string term;
    bool is_indexed = true;
    bool has_column = true;
  };
  struct Number {
    std::string field;
    ColumnKind kind = ColumnKind::kInteger;
    std::int64_t value = 0;  ///< For `kDouble` as `sortable_from_double` codes it.
    bool is_indexed = true;
    bool has_column = true;
  };
  /// The objects of one path that are found by themselves, in their order. Each is a document
  /// without an id, whose fields have the whole path for a name.
  struct Nested {
    std::string path;
    std::vector<IndexedDocument> objects;
  };

  std::string id;
  std::string source;
  std::int64_t version = 1;
  std::int64_t seq_no = 0;
  std::vector<Text> texts{};
  std::vector<Keyword> keywords{};
  std::vector<Number> numbers{};
  std::vector<Nested> nested{};  ///< One for each path.
};

/// The term that finds a number: eight bytes whose order is that of the numbers.
std::string number_term(std::int64_t value);

}  // namespace hornbeam::search
