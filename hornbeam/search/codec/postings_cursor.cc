#include "hornbeam/search/codec/postings_cursor.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "hornbeam/search/codec/patched_block.h"

namespace hornbeam::search {

PostingsCursor::PostingsCursor(std::string_view postings, const TermEntry& entry,
                               PostingsTraits traits, DocId doc_count)
    : entry_(entry), traits_(traits), doc_count_(doc_count) {
  ByteReader in(postings, entry.offset);
  block_count_ = (entry.doc_freq + kBlockSize - 1) / kBlockSize;
  if (entry.doc_freq > 1) {
    const std::size_t blocks_size = in.varint();
    const std::size_t impacts_size = in.varint();
    if (block_count_ > 1) skips_ = in.raw(block_count_ * sizeof(SkipEntry));
    blocks_ = in.raw(blocks_size);
    impacts_ = in.raw(impacts_size);
  }
  positions_ = {in.position(), in.left()};
}

SkipEntry PostingsCursor::skip(std::size_t block) const {
  SkipEntry found{.last_doc = kLastDoc};
  if (!skips_.empty()) std::memcpy(&found, &skips_[block * sizeof found], sizeof found);
  return found;
}

DocId PostingsCursor::end() {
  block_ = block_count_;
  at_ = count_ = 0;
  return doc_ = kNoMoreDocs;
}

DocId PostingsCursor::next_block() {
  if (doc_ == kNoMoreDocs || block_ + 1 >= block_count_) return end();
  decode_block(block_ + 1);
  at_ = 0;
  return doc_ = docs_[0];
}

void PostingsCursor::decode_block(std::size_t block) {
  block_ = block;
  has_freqs_decoded_ = !traits_.has_freqs;
  has_positions_found_ = false;
  if (entry_.doc_freq == 1) {
    count_ = 1;
    docs_.fill(kNoMoreDocs);
    docs_[0] = entry_.singleton;
    freqs_[0] = static_cast<std::uint32_t>(entry_.total_term_freq);
    has_freqs_decoded_ = true;
    if (entry_.singleton >= doc_count_) throw std::out_of_range("a document is not there");
    return;
  }
  const DocId base = block == 0 ? 0 : skip(block - 1).last_doc;
  ByteReader in(blocks_, skip(block).block_offset);
  count_ = std::min<std::size_t>(kBlockSize, entry_.doc_freq - block * kBlockSize);
  if (count_ < kBlockSize) {
    decode_tail(in, base);
    return check_block(base, 32);
  }
  const unsigned width = in.u8();
  if (width > 32) throw std::out_of_range("a document delta is wider than 32 bits");
  unpack_block(in.raw(packed_size(width)).data(), width, docs_.data());
  add_up(docs_.data(), base);
  check_block(base, width);
  packed_freqs_ = in.position();
  if (!traits_.has_freqs) freqs_.fill(1);
}

void PostingsCursor::check_block(DocId base, unsigned width) const {
  const DocId last = docs_[count_ - 1];
  // Sums of a whole block of numbers of that width do not go round twice.
  constexpr unsigned kWidestSafe = 25;
  bool rises = last >= base && last < doc_count_;
  if (width > kWidestSafe) rises &= std::is_sorted(docs_.data(), docs_.data() + count_);
  if (width > kWidestSafe) rises &= docs_[0] >= base;
  // So the next block, which begins there, goes on behind this one.
  if (!skips_.empty()) rises &= last == skip(block_).last_doc;
  if (!rises) throw std::out_of_range("the documents of a term do not rise");
}

void PostingsCursor::decode_tail(ByteReader in, DocId base) {
  has_freqs_decoded_ = true;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::uint64_t coded = in.varint();
    freqs_[i] = 1;
    if (traits_.has_freqs && (coded & 1) == 0) freqs_[i] = in.varint32();
    base += static_cast<DocId>(traits_.has_freqs ? coded >> 1 : coded);
    docs_[i] = base;
  }
  // `advance` looks at whole steps.
  std::fill(docs_.begin() + static_cast<std::ptrdiff_t>(count_), docs_.end(), kNoMoreDocs);
}

void PostingsCursor::decode_freqs() {
  ByteReader in({packed_freqs_, static_cast<std::size_t>(blocks_.end() - packed_freqs_)});
  read_patched_block(in, freqs_.data());
  for (std::uint32_t& freq : freqs_) ++freq;
  has_freqs_decoded_ = true;
}

std::size_t PostingsCursor::find_block(std::size_t from, DocId target) const {
  // Most often it is near: steps that double, then halves.
  std::size_t step = 1;
  while (from + step < block_count_ && skip(from + step - 1).last_doc < target) {
    from += step;
    step *= 2;
  }
  std::size_t end = std::min(from + step, block_count_);
  while (from < end) {
    const std::size_t middle = from + (end - from) / 2;
    if (skip(middle).last_doc < target) {
      from = middle + 1;
    } else {
      end = middle;
    }
  }
  return from;
}

DocId PostingsCursor::advance(DocId target) {
  const bool is_in_block = doc_ < kBeforeFirst && target <= docs_[count_ - 1];
  if (!is_in_block) {
    if (doc_ == kNoMoreDocs) return doc_;
    const std::size_t block = find_block(block_ + 1, target);
    if (block >= block_count_) return end();
    decode_block(block);
    at_ = 0;
    if (docs_[count_ - 1] < target) return end();
  }
  // In steps of sixteen, then all of one at once. Ends: the last document is not before the target.
  constexpr std::size_t kStep = 16;
  std::size_t step = at_ / kStep * kStep;
  while (docs_[step + kStep - 1] < target) step += kStep;
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < kStep; ++i) before += docs_[step + i] < target ? 1 : 0;
  at_ = step + before;
  return doc_ = docs_[at_];
}

std::size_t PostingsCursor::next_docs(std::span<DocId> docs) {
  std::size_t given = 0;
  while (given < docs.size() && next() != kNoMoreDocs) {
    const std::size_t count = std::min(docs.size() - given, count_ - at_);
    std::copy_n(&docs_[at_], count, &docs[given]);
    given += count;
    at_ += count - 1;
    doc_ = docs_[at_];
  }
  return given;
}

PostingsCursor::Run PostingsCursor::take_run(DocId end, bool with_freqs) {
  if (with_freqs && !has_freqs_decoded_) decode_freqs();
  const std::size_t first = at_;
  if (docs_[count_ - 1] < end) {
    at_ = count_;
  } else {
    while (docs_[at_] < end) ++at_;
  }
  return {.docs = std::span(docs_).subspan(first, at_ - first),
          .freqs = with_freqs ? &freqs_[first] : nullptr};
}

void PostingsCursor::find_positions() {
  if (!has_freqs_decoded_) decode_freqs();
  position_count_ = 0;
  for (std::size_t i = 0; i < count_; ++i) position_count_ += freqs_[i];
  chunk_in_ = ByteReader(positions_, skip(block_).positions_offset);
  // A packed block of equal numbers takes two bytes.
  if (position_count_ / (kBlockSize / 2) > chunk_in_.left()) {
    throw std::out_of_range("a position is missing");
  }
  chunk_ = 0;
  decoded_chunk_ = static_cast<std::size_t>(-1);
  has_positions_found_ = true;
  position_doc_ = 0;
  position_start_ = 0;
}

void PostingsCursor::read_chunk() {
  const std::size_t left = position_count_ - chunk_ * kBlockSize;
  if (left >= kBlockSize) {
    read_patched_block(chunk_in_, position_deltas_.data());
  } else {
    for (std::size_t i = 0; i < left; ++i) position_deltas_[i] = chunk_in_.varint32();
  }
  decoded_chunk_ = chunk_++;
}

std::span<const std::uint32_t> PostingsCursor::positions() {
  if (!has_positions_found_) find_positions();
  for (; position_doc_ < at_; ++position_doc_) position_start_ += freqs_[position_doc_];
  const std::size_t count = freqs_[at_];
  if (found_positions_.size() < count) found_positions_.resize(count);
  std::uint32_t position = 0;
  std::size_t at = position_start_;
  for (std::size_t i = 0; i < count;) {
    const std::size_t chunk = at / kBlockSize;
    for (; chunk_ < chunk; ++chunk_) skip_patched_block(chunk_in_);
    if (decoded_chunk_ != chunk) read_chunk();
    const std::size_t end = std::min(count, i + kBlockSize - at % kBlockSize);
    for (; i < end; ++i) found_positions_[i] = position += position_deltas_[at++ % kBlockSize];
  }
  return std::span(found_positions_).first(count);
}

DocId PostingsCursor::block_end(DocId target) {
  if (block_ < block_count_) shallow_block_ = std::max(shallow_block_, block_);
  while (shallow_block_ + 1 < block_count_ && skip(shallow_block_).last_doc < target) {
    ++shallow_block_;
  }
  if (shallow_block_ + 1 == block_count_) return kLastDoc;
  return skip(shallow_block_).last_doc;
}

void PostingsCursor::block_impacts(std::vector<Impact>& impacts) const {
  if (skips_.empty() || !traits_.has_freqs) return term_impacts(impacts);
  ByteReader in(impacts_, skip(shallow_block_).impacts_offset);
  read_impacts(in, impacts);
}

void PostingsCursor::term_impacts(std::vector<Impact>& impacts) const {
  impacts.clear();
  if (entry_.doc_freq == 1) {
    // The norm of the one document is not at hand: the shortest field bounds it.
    impacts.push_back({.freq = static_cast<std::uint32_t>(entry_.total_term_freq), .norm = 0});
  } else if (traits_.has_freqs) {
    ByteReader in(impacts_);
    read_impacts(in, impacts);
  } else {
    impacts.push_back({.freq = 1, .norm = 0});
  }
}

}  // namespace hornbeam::search
