#include "hornbeam/search/codec/postings_writer.h"

#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/search/codec/patched_block.h"

namespace hornbeam::search {

PostingsWriter::PostingsWriter(SealedFileWriter& out) : out_(out) {
  out_.begin("postings");
}

void PostingsWriter::begin_field(PostingsTraits traits, std::span<const std::uint8_t> norms) {
  traits_ = traits;
  norms_ = norms;
}

void PostingsWriter::add(DocId doc, std::uint32_t freq, std::span<const std::uint32_t> positions) {
  base::check(entry_.doc_freq == 0 || doc > last_doc_, "the documents of a term rise");
  if (count_ == kBlockSize) end_block();
  deltas_[count_] = doc - last_doc_;
  freqs_[count_] = freq;
  last_doc_ = doc;
  ++count_;
  ++entry_.doc_freq;
  entry_.total_term_freq += traits_.has_freqs ? freq : 1;
  if (traits_.has_freqs) block_impacts_.add(freq, norms_.empty() ? 0 : norms_[doc]);
  if (!traits_.has_positions) return;
  std::uint32_t last = 0;
  for (const std::uint32_t position : positions) {
    position_deltas_.push_back(position - last);
    last = position;
  }
}

void PostingsWriter::end_block() {
  SkipEntry skip{.last_doc = last_doc_,
                 .block_offset = static_cast<std::uint32_t>(blocks_.size()),
                 .impacts_offset = static_cast<std::uint32_t>(impacts_.size()),
                 .positions_offset = static_cast<std::uint32_t>(positions_.size())};
  skips_.push_back(skip);
  if (count_ == kBlockSize) {
    std::string packed;
    const unsigned doc_width = width_of(deltas_.data(), kBlockSize);
    packed.push_back(static_cast<char>(doc_width));
    pack_block(deltas_.data(), doc_width, packed);
    if (traits_.has_freqs) {
      for (std::uint32_t& freq : freqs_) --freq;
      write_patched_block(freqs_.data(), packed);
    }
    blocks_.raw(packed.data(), packed.size());
  } else {
    write_tail();
  }
  if (traits_.has_freqs) block_impacts_.write(impacts_);
  term_impacts_.add(block_impacts_);
  block_impacts_.clear();
  if (traits_.has_positions) write_positions();
  count_ = 0;
}

void PostingsWriter::write_tail() {
  for (std::size_t i = 0; i < count_; ++i) {
    const std::uint64_t delta = deltas_[i];
    if (!traits_.has_freqs) {
      blocks_.varint(delta);
    } else if (freqs_[i] == 1) {
      blocks_.varint(delta << 1 | 1);
    } else {
      blocks_.varint(delta << 1);
      blocks_.varint(freqs_[i]);
    }
  }
}

void PostingsWriter::write_positions() {
  std::size_t at = 0;
  std::string packed;
  for (; at + kBlockSize <= position_deltas_.size(); at += kBlockSize) {
    write_patched_block(&position_deltas_[at], packed);
  }
  positions_.raw(packed.data(), packed.size());
  for (; at < position_deltas_.size(); ++at) positions_.varint(position_deltas_[at]);
  position_deltas_.clear();
}

TermEntry PostingsWriter::end_term() {
  base::check(count_ != 0, "a term is in a document");
  end_block();
  entry_.offset = out_.size();
  entry_.singleton = entry_.doc_freq == 1 ? last_doc_ : 0;
  write_term();
  blocks_.clear();
  impacts_.clear();
  positions_.clear();
  skips_.clear();
  term_impacts_.clear();
  last_doc_ = 0;
  return std::exchange(entry_, {});
}

void PostingsWriter::write_term() {
  if (entry_.doc_freq > 1) {
    ByteWriter of_term;
    if (traits_.has_freqs && skips_.size() > 1) term_impacts_.write(of_term);
    ByteWriter head;
    head.varint(blocks_.size());
    head.varint(of_term.size() + impacts_.size());
    if (skips_.size() > 1) {
      for (SkipEntry& skip : skips_) {
        skip.impacts_offset += static_cast<std::uint32_t>(of_term.size());
      }
      head.raw(skips_.data(), skips_.size() * sizeof(SkipEntry));
    }
    out_.append(head.view());
    out_.append(blocks_.view());
    out_.append(of_term.view());
    out_.append(impacts_.view());
  }
  out_.append(positions_.view());
}

}  // namespace hornbeam::search
