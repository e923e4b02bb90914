#include "hornbeam/search/codec/term_dictionary.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace hornbeam::search {

namespace {

/// Throws std::out_of_range if a field's terms lie behind the end of the blocks there are.
void check(const FieldInfo& info, std::uint64_t all_blocks) {
  const bool has_blocks =
      info.first_block <= all_blocks && info.block_count <= all_blocks - info.first_block;
  const bool has_terms = has_blocks && info.term_count <= info.block_count * kTermsPerBlock;
  if (!has_terms) throw std::out_of_range("a block of terms is missing");
  if (info.postings.has_positions && !info.postings.has_freqs) {
    throw std::out_of_range("a field has positions and no frequencies");
  }
}

}  // namespace

FieldTerms::FieldTerms(const FieldInfo& info, std::string_view terms, std::string_view index)
    : info_(info), terms_(terms), index_(index) {}

std::uint64_t FieldTerms::block_offset(std::size_t block) const {
  std::uint64_t offset;
  std::memcpy(&offset, index_.data() + (info_.first_block + block) * sizeof offset, sizeof offset);
  return offset;
}

std::string_view FieldTerms::first_term(std::size_t block) const {
  return ByteReader(terms_, block_offset(block)).text();
}

void FieldTerms::Cursor::begin_block(std::size_t block) {
  next_index_ = block * kTermsPerBlock;
  in_ = ByteReader(terms_->terms_, terms_->block_offset(block));
}

bool FieldTerms::Cursor::next() {
  const FieldInfo& info = terms_->info_;
  if (next_index_ >= info.term_count) return false;
  if (next_index_ % kTermsPerBlock == 0) {
    begin_block(next_index_ / kTermsPerBlock);
    term_ = in_.text();
    entry_.offset = 0;
    entry_.singleton = 0;
  } else {
    const std::uint8_t sizes = in_.u8();
    const std::size_t shared = sizes >> 4 == kLongSize ? in_.varint() : sizes >> 4;
    const std::size_t own = (sizes & 15) == kLongSize ? in_.varint() : sizes & 15;
    term_.resize(std::min(shared, term_.size()));
    term_.append(in_.raw(own));
  }
  ++next_index_;
  entry_.doc_freq = in_.varint32();
  entry_.total_term_freq = entry_.doc_freq + (info.postings.has_freqs ? in_.varint() : 0);
  if (entry_.doc_freq == 1) {
    // Without a sign, for what is not from our writer may be anything.
    entry_.singleton += static_cast<DocId>(in_.zigzag());
  }
  if (has_postings(info.postings, entry_.doc_freq)) entry_.offset += in_.varint();
  return true;
}

bool FieldTerms::Cursor::seek(std::string_view target) {
  // The last block whose first term is not behind the target.
  std::size_t low = 0;
  std::size_t high = terms_->info_.block_count;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (terms_->first_term(middle) <= target) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (terms_->info_.block_count == 0) return false;
  begin_block(low == 0 ? 0 : low - 1);
  while (next()) {
    if (term_ >= target) return true;
  }
  return false;
}

std::optional<TermEntry> FieldTerms::find(std::string_view term) const {
  Cursor found = cursor();
  if (!found.seek(term) || found.term() != term) return std::nullopt;
  return found.entry();
}

std::vector<FieldTerms> read_term_dictionary(const SealedFile& file) {
  const std::string_view terms = file.structure("terms");
  const std::string_view index = file.structure("term_index");
  return file.read("fields", [&](ByteReader& in) {
    std::vector<FieldTerms> fields;
    for (std::uint64_t count = in.varint(); count > 0; --count) {
      FieldInfo info{.name = std::string(in.text())};
      const std::uint8_t flags = in.u8();
      info.postings = {.has_freqs = (flags & 1) != 0, .has_positions = (flags & 2) != 0};
      info.has_norms = (flags & 4) != 0;
      info.doc_count = in.varint32();
      for (std::uint64_t* number : {&info.sum_total_term_freq, &info.sum_doc_freq, &info.term_count,
                                    &info.first_block, &info.block_count}) {
        *number = in.varint();
      }
      check(info, index.size() / sizeof(std::uint64_t));
      fields.emplace_back(info, terms, index);
    }
    return fields;
  });
}

}  // namespace hornbeam::search
