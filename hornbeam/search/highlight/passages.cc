#include "hornbeam/search/highlight/passages.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include <unicode/brkiter.h>
#include <unicode/unistr.h>

namespace hornbeam::search {
namespace {

constexpr float kK1 = 1.2F;
constexpr float kB = 0.75F;
constexpr float kPivot = 87;  // The usual length of a passage, in characters.

std::unique_ptr<icu::BreakIterator> make_iterator(bool is_by_word) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale& root = icu::Locale::getRoot();
  std::unique_ptr<icu::BreakIterator> made(
      is_by_word ? icu::BreakIterator::createWordInstance(root, status)
                 : icu::BreakIterator::createSentenceInstance(root, status));
  if (U_FAILURE(status)) throw std::bad_alloc();
  return made;
}

/// Finds where the passage around a match begins and ends: a sentence and as many after it as fit;
/// a sentence that is too long is cut at words around the match.
class Boundaries {
 public:
  Boundaries(const std::u16string& text, const PassageOptions& options)
      : text_(text.data(), static_cast<std::int32_t>(text.size())),
        is_whole_(options.count == 0),
        most_(options.size > 0 ? options.size : 0) {
    if (is_whole_) return;
    main_ = make_iterator(options.is_by_word);
    main_->setText(text_);
    words_ = make_iterator(true);
    words_->setText(text_);
  }

  /// Requires: `match` rises.
  void find(std::int32_t match) {
    const std::int32_t length = text_.length();
    if (is_whole_) {
      start_ = 0;
      end_ = length;
      return;
    }
    const std::int32_t offset = match + 1;
    if (offset > window_start_ && offset < window_end_) {
      start_ = end_;
      end_ = window_end_;
    } else {
      start_ = before(*main_, offset);
      end_ = behind(*main_, match);
      grow();
      window_start_ = start_;
      window_end_ = end_;
    }
    if (most_ > 0 && end_ - start_ > most_) cut(offset);
    end_ = std::max(end_, offset);
    start_ = std::min(start_, match);
  }

  std::int32_t start() const { return start_; }
  std::int32_t end() const { return end_; }

 private:
  std::int32_t before(icu::BreakIterator& iterator, std::int32_t offset) {
    const std::int32_t found = iterator.preceding(offset);
    return found == icu::BreakIterator::DONE ? 0 : found;
  }
  std::int32_t behind(icu::BreakIterator& iterator, std::int32_t offset) {
    const std::int32_t found = iterator.following(offset);
    return found == icu::BreakIterator::DONE ? text_.length() : found;
  }
  void grow() {
    while (end_ - start_ < most_ && end_ < text_.length()) {
      const std::int32_t next = behind(*main_, end_);
      if (next - start_ > most_) return;
      end_ = next;
    }
  }
  void cut(std::int32_t offset) {
    const auto most = static_cast<std::int32_t>(std::min<std::int64_t>(most_, text_.length()));
    if (offset - most > start_) start_ = std::max(start_, before(*words_, offset - most));
    const std::int32_t left = std::max(0, most - (offset - start_));
    if (offset + left < window_end_) {
      end_ = std::min(window_end_, behind(*words_, offset + left));
    }
  }

  icu::UnicodeString text_;
  bool is_whole_;
  std::int64_t most_;
  std::unique_ptr<icu::BreakIterator> main_;
  std::unique_ptr<icu::BreakIterator> words_;
  std::int32_t window_start_ = -1;
  std::int32_t window_end_ = -1;
  std::int32_t start_ = -1;
  std::int32_t end_ = -1;
};

float score_of(const Passage& passage, std::size_t start_in_all, std::size_t length_of_all,
               const std::map<std::string, std::size_t>& freqs) {
  std::map<std::string_view, std::size_t> here;
  for (const HighlightMatch& match : passage.matches) ++here[match.term];
  const auto length = static_cast<float>(passage.end - passage.start);
  float score = 0;
  for (const auto& [term, count] : here) {
    const auto freq = static_cast<float>(count);
    const float tf = freq / (freq + kK1 * ((1 - kB) + kB * (length / kPivot)));
    const float docs = 1 + static_cast<float>(length_of_all) / kPivot;
    const auto freq_in_all = static_cast<float>(freqs.at(std::string(term)));
    const double rarity =
        std::log(1 + (static_cast<double>(docs) + 0.5) / (static_cast<double>(freq_in_all) + 0.5));
    score += tf * (kK1 + 1) * static_cast<float>(rarity);
  }
  const double place = std::log(static_cast<double>(kPivot) + static_cast<double>(start_in_all));
  return score * static_cast<float>(1 + 1 / place);
}

void add_passages(std::size_t value, const std::u16string& text,
                  const std::vector<HighlightMatch>& matches, const PassageOptions& options,
                  std::vector<Passage>& passages) {
  Boundaries boundaries(text, options);
  bool has_begun = false;
  for (const HighlightMatch& match : matches) {
    if (!has_begun || match.start >= passages.back().end) {
      boundaries.find(static_cast<std::int32_t>(match.start));
      passages.push_back({.value = value,
                          .start = static_cast<std::uint32_t>(boundaries.start()),
                          .end = static_cast<std::uint32_t>(boundaries.end())});
      has_begun = true;
    }
    passages.back().matches.push_back(match);
  }
}

}  // namespace

std::vector<Passage> find_passages(const std::vector<std::u16string>& values,
                                   const std::vector<std::vector<HighlightMatch>>& matches,
                                   const PassageOptions& options) {
  std::vector<Passage> passages;
  std::map<std::string, std::size_t> freqs;
  std::vector<std::size_t> starts;
  std::size_t length = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    starts.push_back(length);
    length += values[i].size() + 1;
    for (const HighlightMatch& match : matches[i]) ++freqs[match.term];
    if (!matches[i].empty()) add_passages(i, values[i], matches[i], options, passages);
  }
  for (Passage& passage : passages) {
    passage.score = score_of(passage, starts[passage.value] + passage.start, length, freqs);
  }
  const std::size_t count = options.count == 0 ? passages.size() : options.count;
  const auto place = [](const Passage& p) { return std::pair(p.value, p.start); };
  std::ranges::sort(passages, [&place](const Passage& a, const Passage& b) {
    return a.score != b.score ? a.score > b.score : place(a) < place(b);
  });
  if (passages.size() > count) passages.resize(count);
  if (!options.is_by_score) {
    std::ranges::sort(passages, {}, place);
  }
  return passages;
}

std::size_t beginning(std::u16string_view text, std::size_t size) {
  if (size >= text.size()) return text.size();
  const auto iterator = make_iterator(true);
  const icu::UnicodeString copy(text.data(), static_cast<std::int32_t>(text.size()));
  iterator->setText(copy);
  const std::int32_t end = iterator->following(static_cast<std::int32_t>(size));
  return end == icu::BreakIterator::DONE ? text.size() : static_cast<std::size_t>(end);
}

}  // namespace hornbeam::search
