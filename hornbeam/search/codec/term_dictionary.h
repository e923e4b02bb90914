#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/postings_format.h"
#include "hornbeam/search/codec/term_dictionary_writer.h"
#include "hornbeam/search/store/byte_reader.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search {

/// The terms of one field, in the order of their bytes.
/// Lifetime: looks at the mapped segment.
class FieldTerms {
 public:
  /// A place in them. Begins before the first term.
  class Cursor {
   public:
    explicit Cursor(const FieldTerms& terms) : terms_(&terms) {}

    /// Moves to the next term; false behind the last.
    bool next();
    /// Moves to the first term that is not before `target`; false if there is none.
    bool seek(std::string_view target);

    const std::string& term() const noexcept { return term_; }
    const TermEntry& entry() const noexcept { return entry_; }

   private:
    void begin_block(std::size_t block);

    const FieldTerms* terms_;
    std::size_t next_index_ = 0;
    ByteReader in_;
    std::string term_;
    TermEntry entry_;
  };

  FieldTerms(const FieldInfo& info, std::string_view terms, std::string_view index);

  const FieldInfo& info() const noexcept { return info_; }
  Cursor cursor() const { return Cursor(*this); }
  std::optional<TermEntry> find(std::string_view term) const;

 private:
  std::uint64_t block_offset(std::size_t block) const;
  std::string_view first_term(std::size_t block) const;

  FieldInfo info_;
  std::string_view terms_;
  std::string_view index_;
};

/// Reads what `TermDictionaryWriter` wrote, in the order of writing.
std::vector<FieldTerms> read_term_dictionary(const SealedFile& file);

}  // namespace hornbeam::search
