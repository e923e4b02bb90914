#include "hornbeam/search/codec/term_dictionary_writer.h"

#include <algorithm>

#include "hornbeam/base/check.h"

namespace hornbeam::search {

void TermDictionaryWriter::begin_field(std::string name, PostingsTraits traits, bool has_norms,
                                       std::uint32_t doc_count) {
  fields_.push_back({.name = std::move(name),
                     .postings = traits,
                     .has_norms = has_norms,
                     .doc_count = doc_count,
                     .first_block = block_offsets_.size()});
  last_term_.clear();
}

void TermDictionaryWriter::add(std::string_view term, const TermEntry& entry) {
  FieldInfo& field = fields_.back();
  base::check(field.term_count == 0 || last_term_ < term, "the terms of a field rise");
  if (field.term_count % kTermsPerBlock == 0) {
    block_offsets_.push_back(terms_.size());
    ++field.block_count;
    terms_.text(term);
    last_offset_ = 0;
    last_singleton_ = 0;
  } else {
    const auto differs = std::ranges::mismatch(last_term_, term).in2;
    const auto shared = static_cast<std::size_t>(differs - term.begin());
    add_sizes(shared, term.size() - shared);
    terms_.raw(term.data() + shared, term.size() - shared);
  }
  terms_.varint(entry.doc_freq);
  if (field.postings.has_freqs) terms_.varint(entry.total_term_freq - entry.doc_freq);
  if (entry.doc_freq == 1) {
    terms_.zigzag(std::int64_t{entry.singleton} - last_singleton_);
    last_singleton_ = entry.singleton;
  }
  if (has_postings(field.postings, entry.doc_freq)) {
    terms_.varint(entry.offset - last_offset_);
    last_offset_ = entry.offset;
  }
  last_term_ = term;
  ++field.term_count;
  field.sum_doc_freq += entry.doc_freq;
  field.sum_total_term_freq += entry.total_term_freq;
}

/// How many bytes a term shares with the one before, and how many are its own, in one byte if both
/// are few.
void TermDictionaryWriter::add_sizes(std::size_t shared, std::size_t own) {
  terms_.u8(static_cast<std::uint8_t>(std::min(shared, kLongSize) << 4 | std::min(own, kLongSize)));
  if (shared >= kLongSize) terms_.varint(shared);
  if (own >= kLongSize) terms_.varint(own);
}

void TermDictionaryWriter::finish(SealedFileWriter& out) {
  out.begin("terms");
  out.append(terms_.view());
  out.begin("term_index");
  out.append({reinterpret_cast<const char*>(block_offsets_.data()),
              block_offsets_.size() * sizeof(std::uint64_t)});
  ByteWriter fields;
  fields.varint(fields_.size());
  for (const FieldInfo& field : fields_) {
    fields.text(field.name);
    fields.u8(static_cast<std::uint8_t>(field.postings.has_freqs |
                                        field.postings.has_positions << 1 | field.has_norms << 2));
    for (const std::uint64_t number :
         {std::uint64_t{field.doc_count}, field.sum_total_term_freq, field.sum_doc_freq,
          field.term_count, field.first_block, field.block_count}) {
      fields.varint(number);
    }
  }
  out.begin("fields");
  out.append(fields.view());
}

}  // namespace hornbeam::search
