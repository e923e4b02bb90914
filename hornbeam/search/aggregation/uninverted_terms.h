#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/search/segment/segment.h"

namespace hornbeam::search::aggregation {

/// The terms of a text field by document, as a column of keywords: made from the postings of a
/// segment, for a text has no column.
class UninvertedTerms {
 public:
  /// Takes time and memory of all postings of the field. Null if no document has it.
  static std::unique_ptr<const UninvertedTerms> of(const Segment& segment, std::string_view field);

  const Column& column() const noexcept { return column_; }

 private:
  UninvertedTerms(std::string bytes, DocId doc_count);

  std::string bytes_;  ///< What the column looks at.
  Column column_;
};

}  // namespace hornbeam::search::aggregation
