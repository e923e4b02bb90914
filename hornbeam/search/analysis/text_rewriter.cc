#include "hornbeam/search/analysis/text_rewriter.h"

#include <algorithm>

#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

void move(TextPlace& place, std::uint32_t units, std::size_t bytes) {
  place.offset += units;
  place.byte += static_cast<std::uint32_t>(bytes);
}

}  // namespace

void TextRewriter::copy_to(std::size_t end) {
  const std::string_view piece = text_.substr(from_.byte, end - from_.byte);
  const std::uint32_t units = utf16_length(piece);
  changed_.append(piece);
  move(from_, units, piece.size());
  move(to_, units, piece.size());
}

void TextRewriter::replace(std::size_t bytes, std::string_view replacement) {
  const std::string_view piece = text_.substr(from_.byte, bytes);
  const std::uint32_t old_units = utf16_length(piece);
  const std::uint32_t new_units = utf16_length(replacement);
  changed_.append(replacement);
  const TextPlace begin = from_;
  if (!replacement.empty()) offsets_.add(to_, begin, true);
  move(from_, old_units, piece.size());
  if (new_units <= old_units) {
    move(to_, new_units, replacement.size());
    offsets_.add(to_, from_);
    return;
  }
  // What is past the old length stays at its last code unit, until the end of both.
  const std::uint32_t last = old_units == 0 ? 0 : old_units - 1;
  TextPlace inner = to_;
  for (std::size_t at = 0; at < replacement.size();) {
    const CodePoint code_point = decode(replacement, at);
    at += code_point.bytes;
    move(inner, code_point.units(), code_point.bytes);
    const std::uint32_t within = std::min(inner.offset - to_.offset, last);
    const bool is_end = at == replacement.size();
    offsets_.add(inner, is_end ? from_ : TextPlace{begin.offset + within, begin.byte}, !is_end);
  }
  to_ = inner;
}

}  // namespace hornbeam::search
