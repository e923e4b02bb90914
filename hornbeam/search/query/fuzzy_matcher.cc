#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/term_matchers.h"

// The distance is that of Lucene's automata: with transpositions "optimal string alignment", which
// edits no character twice. Of the table of both texts only the diagonals are looked at that the
// edits can reach: 2 * edits + 1 numbers in each row.

namespace hornbeam::search {
namespace {

constexpr std::uint32_t kMostEdits = 2;
constexpr std::size_t kDiagonals = 2 * kMostEdits + 1;
constexpr std::uint32_t kFar = 100;

using Row = std::array<std::uint32_t, kDiagonals + 2>;  // With a border at both sides.

std::u32string decode_all(std::string_view text) {
  std::u32string characters;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint character = decode_any(text, at);
    characters += character.value;
    at += character.bytes;
  }
  return characters;
}

/// The term's characters on the stack, since most terms are short.
class Characters {
 public:
  explicit Characters(std::string_view text) {
    if (text.size() > few_.size()) {
      many_ = decode_all(text);
      all_ = many_;
      return;
    }
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
      const CodePoint character = decode_any(text, at);
      few_[count] = character.value;
      at += character.bytes;
    }
    all_ = std::u32string_view(few_.data(), count);
  }
  Characters(const Characters&) = delete;
  Characters& operator=(const Characters&) = delete;
  std::u32string_view all() const { return all_; }

 private:
  std::array<char32_t, 64> few_;
  std::u32string many_;
  std::u32string_view all_;
};

struct Distance {
  std::uint32_t edits = kFar;       ///< Above the limit if it is more than that.
  std::size_t hopeless_length = 0;  ///< Characters of `a` after which nothing helps any more.
};

Distance banded_distance(std::u32string_view a, std::u32string_view b, std::uint32_t edits,
                         bool transpositions) {
  Row before{};
  Row last{};
  Row row{};
  before.fill(kFar);
  last.fill(kFar);
  // `row[d]` is the distance of the first i characters of a and the first j = i + d - 1 - edits of
  // b.
  for (std::size_t i = 0; i <= a.size(); ++i) {
    row.fill(kFar);
    std::uint32_t best = kFar;
    for (std::size_t d = 1; d <= 2 * edits + 1; ++d) {
      if (i + d < 1 + edits || i + d - 1 - edits > b.size()) continue;
      const std::size_t j = i + d - 1 - edits;
      std::uint32_t found = i == 0 ? static_cast<std::uint32_t>(j) : kFar;
      if (i > 0) found = std::min(found, last[d + 1] + 1);
      if (j > 0) found = std::min(found, row[d - 1] + 1);
      if (i > 0 && j > 0) found = std::min(found, last[d] + (a[i - 1] == b[j - 1] ? 0U : 1U));
      if (transpositions && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        found = std::min(found, before[d] + 1);
      }
      row[d] = found;
      best = std::min(best, found);
    }
    // A transposition looks two rows back, but finds there no less than the limit then.
    if (best > edits) return {.hopeless_length = i};
    before = last;
    last = row;
  }
  // Where the lengths differ by more than the edits there is no such diagonal.
  if (b.size() + edits < a.size() || a.size() + edits < b.size()) return {};
  return {.edits = last[b.size() + 1 + edits - a.size()]};
}

}  // namespace

FuzzyMatcher::FuzzyMatcher(std::string_view value, const FuzzyOptions& options)
    : value_(decode_all(value)),
      edits_(options.fuzziness.edits_for(value_.size())),
      transpositions_(options.transpositions) {
  prefix_characters_ = std::min(options.prefix_length, value_.size());
  std::size_t end = 0;
  for (std::size_t i = 0; i < prefix_characters_; ++i) end += decode(value, end).bytes;
  prefix_ = value.substr(0, end);
}

std::optional<std::uint32_t> FuzzyMatcher::distance(std::string_view term) const {
  return look_at(term).distance;
}

FuzzyMatcher::Look FuzzyMatcher::look_at(std::string_view term) const {
  if (!term.starts_with(prefix_)) return {};
  const Characters other(term.substr(prefix_.size()));
  const std::u32string_view mine = std::u32string_view(value_).substr(prefix_characters_);
  const Distance found = banded_distance(other.all(), mine, edits_, transpositions_);
  if (found.edits <= edits_) return {.distance = found.edits};
  if (found.hopeless_length == 0) return {};
  std::size_t end = prefix_.size();
  for (std::size_t i = 0; i < found.hopeless_length; ++i) end += decode_any(term, end).bytes;
  return {.hopeless_bytes = end};
}

float FuzzyMatcher::similarity(std::string_view term, std::uint32_t distance) const {
  const auto length = static_cast<std::size_t>(
      std::ranges::count_if(term, [](char byte) { return (byte & 0xC0) != 0x80; }));
  const std::size_t shorter = std::min(length, value_.size());
  return shorter == 0 ? 0.0F : 1.0F - static_cast<float>(distance) / static_cast<float>(shorter);
}

TermMatcher FuzzyMatcher::matcher() const {
  return {
      .lower = prefix_,
      .upper = behind_prefix(prefix_),
      .matches = [copy = *this](std::string_view term) { return copy.distance(term).has_value(); }};
}

}  // namespace hornbeam::search
