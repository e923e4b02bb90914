#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/analysis/analyzer.h"
#include "hornbeam/search/codec/postings_writer.h"
#include "hornbeam/search/codec/term_dictionary_writer.h"
#include "hornbeam/search/segment/byte_streams.h"
#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// The inverted field of a segment that is still in memory: terms with what documents they are in.
class FieldBuffer {
 public:
  /// `streams` is shared by all fields. Lifetime: it outlives this.
  FieldBuffer(std::string name, PostingsTraits traits, bool has_norms, ByteStreams& streams);

  const std::string& name() const noexcept { return name_; }
  PostingsTraits traits() const noexcept { return traits_; }

  /// Adds the terms of a text to `doc`. Several texts of a document are one behind the other.
  void add_text(DocId doc, std::string_view text, const Analyzer& analyzer);
  void add_term(DocId doc, std::string_view term);

  /// Bytes held besides those of the shared streams.
  std::size_t memory() const noexcept;

  /// Writes postings and terms; `norms()` is complete then.
  void write(DocId doc_count, PostingsWriter& postings, TermDictionaryWriter& dictionary);
  const std::vector<std::uint8_t>& norms() const noexcept { return norms_; }
  bool has_norms() const noexcept { return has_norms_; }

 private:
  /// A cache line, since each word of a text is somewhere else.
  struct alignas(64) Term {
    std::uint64_t first_bytes = 0;  ///< Of the text, with zeros behind a shorter one.
    std::uint32_t text = 0;         ///< In `texts_`.
    std::uint32_t size = 0;
    DocId last_doc = 0;      ///< The document being added ...
    DocId flushed_doc = 0;   ///< ... and the one before it.
    std::uint32_t freq = 0;  ///< In `last_doc`; 0 if the term is new.
    std::uint32_t last_position = 0;
    ByteStream docs;
    ByteStream positions;
  };

  /// A word of a text that waits to be looked up with others, so that the processor can fetch what
  /// one needs while it works on another.
  struct Waiting {
    std::uint32_t text = 0;  ///< In `waiting_texts_`.
    std::uint32_t size = 0;
    std::uint32_t hash = 0;
    std::uint32_t position = 0;
  };

  void wait(std::string_view term, std::uint32_t position);
  void add_waiting(DocId doc);
  void add_occurrence(DocId doc, Term& term, std::uint32_t position);
  Term& intern(std::string_view term, std::uint32_t hash);
  void grow_table();
  void end_document(Term& term);
  void begin_document(DocId doc);
  void set_norm();
  std::string_view text_of(const Term& term) const noexcept {
    return std::string_view(texts_).substr(term.text, term.size);
  }
  /// The terms in the order of their bytes.
  std::vector<std::uint32_t> order_of_terms() const;
  void write_term(Term& term, PostingsWriter& postings, std::string& docs, std::string& positions);

  std::string name_;
  PostingsTraits traits_;
  bool has_norms_;
  ByteStreams& streams_;

  std::string texts_;
  std::vector<Term> terms_;
  /// Open addressing: an index into `terms_` plus one, and the hash, so that most of those that are
  /// passed over need not be looked at.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = 0;
  };
  std::vector<Slot> slots_;
  std::vector<Waiting> waiting_;
  std::string waiting_texts_;

  std::uint32_t doc_count_ = 0;
  DocId doc_ = kBeforeFirst;
  std::uint32_t length_ = 0;    ///< Tokens of `doc_`, those beside others not counted.
  std::uint32_t position_ = 0;  ///< Where its next text begins.
  std::vector<std::uint8_t> norms_;
  std::vector<std::uint32_t> found_positions_;
};

}  // namespace hornbeam::search
