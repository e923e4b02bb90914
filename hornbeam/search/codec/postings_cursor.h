#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/bit_packing.h"
#include "hornbeam/search/codec/impacts.h"
#include "hornbeam/search/codec/postings_format.h"
#include "hornbeam/search/store/byte_reader.h"

namespace hornbeam::search {

/// Walks the postings of a term. Begins before the first document; ends at `kNoMoreDocs`.
/// Frequencies and positions of a block are decoded when they are first asked for.
/// Lifetime: looks at the mapped segment.
class PostingsCursor {
 public:
  /// `postings` is the structure of that name. Throws std::out_of_range if it is too short.
  /// Reading throws it too where a document is not below `doc_count`.
  PostingsCursor(std::string_view postings, const TermEntry& entry, PostingsTraits traits,
                 DocId doc_count = kBeforeFirst);

  DocId doc() const noexcept { return doc_; }
  std::uint32_t doc_freq() const noexcept { return entry_.doc_freq; }

  DocId next() {
    if (++at_ < count_) return doc_ = docs_[at_];
    return next_block();
  }
  /// Moves to the first document at or behind `target`. Requires: it is behind `doc()`.
  DocId advance(DocId target);

  /// Fills `docs` with the next documents and gives their number, which is below its size only
  /// where they end. Stands at the last one then.
  std::size_t next_docs(std::span<DocId> docs);

  /// Documents that follow each other, and how often the term is in each of them.
  struct Run {
    std::span<const DocId> docs;
    const std::uint32_t* freqs = nullptr;  ///< Null if they were not asked for.
  };
  /// `doc()` and those behind it that are before `end` and in the same block. Requires: `doc()` is
  /// before `end`; `leave_run` comes next. Lifetime: until then.
  Run take_run(DocId end, bool with_freqs);
  /// Moves to the document behind the run.
  DocId leave_run() { return at_ < count_ ? doc_ = docs_[at_] : next_block(); }

  /// How often the term is in `doc()`; 1 where the field has no frequencies.
  std::uint32_t freq() {
    if (!has_freqs_decoded_) decode_freqs();
    return freqs_[at_];
  }
  /// Where it is. Requires: the field has positions. Lifetime: until the cursor moves.
  std::span<const std::uint32_t> positions();

  /// The last document of the block that has `target` or what follows it, found without decoding.
  /// Requires: `target` is not before that of an earlier call.
  DocId block_end(DocId target);
  /// The competitive impacts of the block that `block_end` found last.
  void block_impacts(std::vector<Impact>& impacts) const;
  /// Those of the whole term.
  void term_impacts(std::vector<Impact>& impacts) const;
  /// Which block `block_end` found last, to keep what was made of its impacts.
  std::size_t shallow_block() const noexcept { return shallow_block_; }

 private:
  SkipEntry skip(std::size_t block) const;
  DocId next_block();
  std::size_t find_block(std::size_t from, DocId target) const;
  void decode_block(std::size_t block);
  void decode_tail(ByteReader in, DocId base);
  void decode_freqs();
  void find_positions();
  void read_chunk();
  void check_block(DocId base, unsigned width) const;
  DocId end();

  TermEntry entry_;
  PostingsTraits traits_;
  DocId doc_count_;
  std::string_view skips_;
  std::string_view blocks_;
  std::string_view impacts_;
  std::string_view positions_;
  std::size_t block_count_ = 0;

  std::size_t block_ = static_cast<std::size_t>(-1);
  std::size_t shallow_block_ = 0;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
  DocId doc_ = kBeforeFirst;
  bool has_freqs_decoded_ = false;
  bool has_positions_found_ = false;
  const char* packed_freqs_ = nullptr;
  std::size_t position_doc_ = 0;    ///< The document in the block ...
  std::size_t position_start_ = 0;  ///< ... whose positions begin here.
  // The positions of a block are read in chunks of 128, and only those of documents that are asked
  // for.
  std::size_t position_count_ = 0;
  std::size_t chunk_ = 0;          ///< Which one `chunk_in_` is at.
  std::size_t decoded_chunk_ = 0;  ///< Which one is decoded ...
  ByteReader chunk_in_;
  std::array<DocId, kBlockSize> docs_{};
  std::array<std::uint32_t, kBlockSize> freqs_{};
  std::array<std::uint32_t, kBlockSize> position_deltas_{};  ///< ... here.
  std::vector<std::uint32_t> found_positions_;
};

}  // namespace hornbeam::search
