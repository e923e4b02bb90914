#pragma once

// The postings of one term: which documents contain it, how often and where. In order:
//
//   varint size of the blocks, varint size of the impacts      (if there are two documents or more)
//   skip table: a SkipEntry for each block                     (if there is more than one block)
//   blocks of 128 documents, packed; the last one, if it has fewer, as varints
//   impacts: of the whole term, then of each block             (if the field has frequencies)
//   positions of each block of documents: patched blocks of 128 numbers, the rest as varints
//
// A term of one document has its number in the term dictionary, and here only its positions.
// docs/design/search_format.md has the bits.

#include <cstdint>
#include <string_view>

#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// What the postings of a field contain besides documents.
struct PostingsTraits {
  bool has_freqs = false;
  bool has_positions = false;  ///< Requires: `has_freqs`.

  friend bool operator==(const PostingsTraits&, const PostingsTraits&) = default;
};

/// What the dictionary knows of a term, and where its postings are.
struct TermEntry {
  std::uint32_t doc_freq = 0;
  std::uint64_t total_term_freq = 0;  ///< As `doc_freq` where the field has no frequencies.
  DocId singleton = 0;                ///< The document, if there is but one.
  std::uint64_t offset = 0;           ///< In the structure "postings".
};

/// Where a block ends, and begins: offsets are from the beginning of the term's blocks, impacts and
/// positions.
struct SkipEntry {
  DocId last_doc = 0;
  std::uint32_t block_offset = 0;
  std::uint32_t impacts_offset = 0;
  std::uint32_t positions_offset = 0;
};
static_assert(sizeof(SkipEntry) == 16);

}  // namespace hornbeam::search
