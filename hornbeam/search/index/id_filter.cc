#include "hornbeam/search/index/id_filter.h"

#include "hornbeam/search/segment/segment.h"

namespace hornbeam::search {

IdFilter::IdFilter(const Segment& segment) : words_(segment.doc_count() / 4 + 1) {
  const FieldTerms* const ids = segment.terms(kIdField);
  if (!ids) return;
  for (FieldTerms::Cursor cursor = ids->cursor(); cursor.next();) {
    const std::uint64_t hash = hash_of(cursor.term());
    words_[word_of(hash)] |= bits_of(hash);
  }
}

std::uint64_t IdFilter::bits_of(std::uint64_t hash) noexcept {
  constexpr std::uint64_t kBit = 63;
  std::uint64_t bits = 0;
  for (int shift = 0; shift < 24; shift += 6) bits |= std::uint64_t{1} << (hash >> shift & kBit);
  return bits;
}

}  // namespace hornbeam::search
