#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/postings_format.h"
#include "hornbeam/search/store/byte_writer.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search {

/// How many terms share a block of the dictionary; the first of them is written in full.
inline constexpr std::size_t kTermsPerBlock = 32;

/// A size of half a byte that says that the size itself follows.
inline constexpr std::size_t kLongSize = 15;

/// Whether a term has more than the dictionary says.
constexpr bool has_postings(PostingsTraits traits, std::uint32_t doc_freq) noexcept {
  return doc_freq != 1 || traits.has_positions;
}

/// What a segment knows of an indexed field.
struct FieldInfo {
  std::string name;
  PostingsTraits postings;
  bool has_norms = false;
  std::uint32_t doc_count = 0;            ///< Documents that have a term in it.
  std::uint64_t sum_total_term_freq = 0;  ///< All occurrences of all terms.
  std::uint64_t sum_doc_freq = 0;
  std::uint64_t term_count = 0;
  std::uint64_t first_block = 0;  ///< In the structure "term_index".
  std::uint64_t block_count = 0;
};

/// Writes the terms of all fields: (begin_field (add)*)* finish, terms rising by their bytes.
class TermDictionaryWriter {
 public:
  /// `doc_count` is for scores: how many documents have the field.
  void begin_field(std::string name, PostingsTraits traits, bool has_norms,
                   std::uint32_t doc_count);
  void add(std::string_view term, const TermEntry& entry);
  /// Writes the structures "terms", "term_index" and "fields".
  void finish(SealedFileWriter& out);

 private:
  void add_sizes(std::size_t shared, std::size_t own);

  std::vector<FieldInfo> fields_;
  ByteWriter terms_;
  std::vector<std::uint64_t> block_offsets_;
  std::string last_term_;
  std::uint64_t last_offset_ = 0;
  DocId last_singleton_ = 0;
};

}  // namespace hornbeam::search
