#include "hornbeam/search/segment/field_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "hornbeam/search/codec/small_float.h"
#include "hornbeam/search/store/byte_reader.h"

namespace hornbeam::search {
namespace {

/// More words do not find what was fetched for them any more.
constexpr std::size_t kMostWaiting = 256;

template <class Number>
Number load(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

std::uint32_t hash_of(std::string_view text) {
  // Two words that cover a short text, and what is between them of a long one; multiplied to twice
  // their size and folded ("wyhash").
  constexpr std::uint64_t kFirst = 0xA0761D6478BD642F;
  constexpr std::uint64_t kSecond = 0xE7037ED1A0B428DB;
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const char* const bytes = text.data();
  const std::size_t size = text.size();
  std::uint64_t seed = kFirst ^ size;
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (size >= 8) {
    for (std::size_t at = 0; at + 16 < size; at += 8) {
      seed = fold(load<std::uint64_t>(bytes + at) ^ kSecond, seed);
    }
    head = load<std::uint64_t>(bytes + (size > 16 ? size - 16 : 0));
    tail = load<std::uint64_t>(bytes + size - 8);
  } else if (size >= 4) {
    head = load<std::uint32_t>(bytes);
    tail = load<std::uint32_t>(bytes + size - 4);
  } else if (size > 0) {
    head = static_cast<unsigned char>(bytes[0]);
    tail = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[size / 2])) << 8 |
           static_cast<unsigned char>(bytes[size - 1]);
  }
  const std::uint64_t hash = fold(head ^ kSecond, tail ^ seed);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

/// The first eight bytes, with zeros behind a shorter text.
std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), std::min(text.size(), sizeof bytes));
  return bytes;
}

}  // namespace

FieldBuffer::FieldBuffer(std::string name, PostingsTraits traits, bool has_norms,
                         ByteStreams& streams)
    : name_(std::move(name)), traits_(traits), has_norms_(has_norms), streams_(streams) {
  grow_table();
}

void FieldBuffer::begin_document(DocId doc) {
  if (doc == doc_) return;
  set_norm();
  doc_ = doc;
  length_ = 0;
  position_ = 0;
  ++doc_count_;
}

void FieldBuffer::set_norm() {
  if (!has_norms_ || doc_ == kBeforeFirst) return;
  norms_.resize(doc_ + 1);
  norms_[doc_] = int_to_byte4(length_);
}

void FieldBuffer::add_text(DocId doc, std::string_view text, const Analyzer& analyzer) {
  const bool is_first = doc != doc_;
  std::uint32_t position = is_first ? 0 : position_ + analyzer.position_increment_gap();
  bool has_tokens = false;
  // Of a text that could not be read to its end.
  waiting_.clear();
  waiting_texts_.clear();
  const StreamEnd end = analyzer.analyze(text, [&](const Token& token) {
    if (!has_tokens && is_first) begin_document(doc);
    // Positions count from 0: the first increment of a field, usually 1, leads there.
    position += token.position_increment;
    if (!has_tokens && is_first && position > 0) --position;
    has_tokens = true;
    if (token.position_increment > 0) ++length_;
    wait(token.term, position);
    if (waiting_.size() == kMostWaiting) add_waiting(doc);
  });
  add_waiting(doc);
  if (has_tokens || !is_first) position_ = position + end.position_increment;
}

void FieldBuffer::add_term(DocId doc, std::string_view term) {
  begin_document(doc);
  ++length_;
  add_occurrence(doc, intern(term, hash_of(term)), position_++);
}

void FieldBuffer::wait(std::string_view term, std::uint32_t position) {
  const std::uint32_t hash = hash_of(term);
  __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  waiting_.push_back({.text = static_cast<std::uint32_t>(waiting_texts_.size()),
                      .size = static_cast<std::uint32_t>(term.size()),
                      .hash = hash,
                      .position = position});
  waiting_texts_.append(term);
}

void FieldBuffer::add_waiting(DocId doc) {
  for (const Waiting& word : waiting_) {
    const std::uint32_t number = slots_[word.hash & (slots_.size() - 1)].number;
    if (number != 0) __builtin_prefetch(&terms_[number - 1]);
  }
  const std::string_view texts = waiting_texts_;
  for (const Waiting& word : waiting_) {
    add_occurrence(doc, intern(texts.substr(word.text, word.size), word.hash), word.position);
  }
  waiting_.clear();
  waiting_texts_.clear();
}

void FieldBuffer::add_occurrence(DocId doc, Term& term, std::uint32_t position) {
  if (term.freq != 0 && term.last_doc == doc) {
    if (!traits_.has_freqs) return;
    ++term.freq;
  } else {
    end_document(term);
    term.last_doc = doc;
    term.freq = 1;
    term.last_position = 0;
  }
  if (!traits_.has_positions) return;
  streams_.append_varint(term.positions, position - term.last_position);
  term.last_position = position;
}

void FieldBuffer::end_document(Term& term) {
  if (term.freq == 0) return;
  const std::uint64_t delta = term.last_doc - term.flushed_doc;
  if (!traits_.has_freqs) {
    streams_.append_varint(term.docs, delta);
  } else if (term.freq == 1) {
    streams_.append_varint(term.docs, delta << 1 | 1);
  } else {
    streams_.append_varint(term.docs, delta << 1);
    streams_.append_varint(term.docs, term.freq);
  }
  term.flushed_doc = term.last_doc;
  term.freq = 0;
}

FieldBuffer::Term& FieldBuffer::intern(std::string_view text, std::uint32_t hash) {
  const std::uint64_t first = first_bytes(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].number != 0; at = (at + 1) & mask) {
    if (slots_[at].hash != hash) continue;
    Term& term = terms_[slots_[at].number - 1];
    const bool is_same = term.first_bytes == first && term.size == text.size() &&
                         (text.size() <= sizeof first ||
                          std::memcmp(&texts_[term.text + sizeof first], &text[sizeof first],
                                      text.size() - sizeof first) == 0);
    if (is_same) return term;
  }
  terms_.push_back({.first_bytes = first,
                    .text = static_cast<std::uint32_t>(texts_.size()),
                    .size = static_cast<std::uint32_t>(text.size())});
  texts_.append(text);
  slots_[at] = {.hash = hash, .number = static_cast<std::uint32_t>(terms_.size())};
  if (terms_.size() * 2 > slots_.size()) grow_table();
  return terms_.back();
}

void FieldBuffer::grow_table() {
  const std::vector<Slot> before =
      std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, slots_.size() * 2)));
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : before) {
    if (slot.number == 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::size_t FieldBuffer::memory() const noexcept {
  return texts_.capacity() + terms_.capacity() * sizeof(Term) + slots_.capacity() * sizeof(Slot) +
         norms_.capacity();
}

void FieldBuffer::write_term(Term& term, PostingsWriter& postings, std::string& docs,
                             std::string& positions) {
  end_document(term);
  streams_.read(term.docs, docs);
  streams_.read(term.positions, positions);
  ByteReader in(docs);
  ByteReader positions_in(positions);
  DocId doc = 0;
  while (!in.at_end()) {
    const std::uint64_t coded = in.varint();
    std::uint32_t freq = 1;
    if (traits_.has_freqs && (coded & 1) == 0) freq = in.varint32();
    doc += static_cast<DocId>(traits_.has_freqs ? coded >> 1 : coded);
    found_positions_.clear();
    std::uint32_t position = 0;
    for (std::uint32_t i = 0; traits_.has_positions && i < freq; ++i) {
      found_positions_.push_back(position += positions_in.varint32());
    }
    postings.add(doc, freq, found_positions_);
  }
}

std::vector<std::uint32_t> FieldBuffer::order_of_terms() const {
  // Most terms differ in their first bytes, which are compared as one number.
  struct Place {
    std::uint64_t first_bytes;
    std::uint32_t index;
  };
  std::vector<Place> places(terms_.size());
  for (std::uint32_t i = 0; i < terms_.size(); ++i) {
    // As a number of the same order.
    places[i] = {.first_bytes = __builtin_bswap64(terms_[i].first_bytes), .index = i};
  }
  std::ranges::sort(places, [this](const Place& a, const Place& b) {
    return a.first_bytes != b.first_bytes ? a.first_bytes < b.first_bytes
                                          : text_of(terms_[a.index]) < text_of(terms_[b.index]);
  });
  std::vector<std::uint32_t> order;
  order.reserve(places.size());
  for (const Place& place : places) order.push_back(place.index);
  return order;
}

void FieldBuffer::write(DocId doc_count, PostingsWriter& postings,
                        TermDictionaryWriter& dictionary) {
  set_norm();
  if (has_norms_) norms_.resize(doc_count);
  const std::vector<std::uint32_t> order = order_of_terms();
  dictionary.begin_field(name_, traits_, has_norms_, doc_count_);
  postings.begin_field(traits_, norms_);
  std::string docs;
  std::string positions;
  for (const std::uint32_t index : order) {
    write_term(terms_[index], postings, docs, positions);
    dictionary.add(text_of(terms_[index]), postings.end_term());
  }
}

}  // namespace hornbeam::search
