#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hornbeam/search/codec/bit_packing.h"
#include "hornbeam/search/codec/impacts.h"
#include "hornbeam/search/codec/postings_format.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search {

/// Writes postings: (begin_field (add+ end_term)*)*, documents and positions rising.
class PostingsWriter {
 public:
  /// Requires: nothing else is written to `out` until the last term has ended.
  explicit PostingsWriter(SealedFileWriter& out);

  /// `norms` has the norm of each document, or is empty where the field has none.
  void begin_field(PostingsTraits traits, std::span<const std::uint8_t> norms);
  /// A document that contains the term; `positions` has `freq` of them if the field has positions.
  void add(DocId doc, std::uint32_t freq, std::span<const std::uint32_t> positions);
  TermEntry end_term();

 private:
  void end_block();
  void write_tail();
  void write_positions();
  void write_term();

  SealedFileWriter& out_;
  PostingsTraits traits_;
  std::span<const std::uint8_t> norms_;

  TermEntry entry_;
  DocId last_doc_ = 0;
  std::size_t count_ = 0;  ///< Documents in the block.
  std::array<std::uint32_t, kBlockSize> deltas_{};
  std::array<std::uint32_t, kBlockSize> freqs_{};
  std::vector<std::uint32_t> position_deltas_;
  ImpactsBuilder block_impacts_;
  ImpactsBuilder term_impacts_;

  std::vector<SkipEntry> skips_;
  ByteWriter blocks_;
  ByteWriter impacts_;
  ByteWriter positions_;
};

}  // namespace hornbeam::search
