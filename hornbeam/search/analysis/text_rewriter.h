#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "hornbeam/search/analysis/offset_map.h"

namespace hornbeam::search {

/// Copies a text piece by piece, for char filters, and notes where its length changes.
class TextRewriter {
 public:
  TextRewriter(std::string_view text, std::string& changed, OffsetMap& offsets)
      : text_(text), changed_(changed), offsets_(offsets) {}

  /// Up to which byte the text has been read.
  std::size_t at() const noexcept { return from_.byte; }

  /// Copies what is before the byte `end`. Requires: a code point begins there, not before `at()`.
  void copy_to(std::size_t end);

  /// Puts `replacement` in the place of the next `bytes`. Places inside the replacement keep up
  /// with those of the text as long as both go on, as Lucene has it.
  void replace(std::size_t bytes, std::string_view replacement);

 private:
  std::string_view text_;
  std::string& changed_;
  OffsetMap& offsets_;
  TextPlace from_;
  TextPlace to_;
};

}  // namespace hornbeam::search
