#pragma once

#include <cstdint>
#include <limits>

namespace hornbeam::search {

/// A document inside a segment: 0, 1, 2, ... in the order of indexing.
using DocId = std::uint32_t;

/// What an iterator stands at behind its last document.
inline constexpr DocId kNoMoreDocs = std::numeric_limits<DocId>::max();

/// The highest that a document can have: what bounds those whose ids are not known.
inline constexpr DocId kLastDoc = kNoMoreDocs - 2;

/// An id no document has, for iterators that did not begin.
inline constexpr DocId kBeforeFirst = kNoMoreDocs - 1;

}  // namespace hornbeam::search
