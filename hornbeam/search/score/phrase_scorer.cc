#include "hornbeam/search/score/phrase_scorer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "hornbeam/search/codec/live_docs.h"
#include "hornbeam/search/score/top_docs.h"

namespace hornbeam::search {

PhraseScorer::PhraseScorer(std::vector<Term> terms, std::uint32_t slop,
                           std::shared_ptr<const Bm25> bm25, std::span<const std::uint8_t> norms)
    : terms_(std::move(terms)), slop_(slop), bm25_(std::move(bm25)), norms_(norms) {
  std::ranges::sort(terms_, {}, [](const Term& term) { return term.postings.cost(); });
  for (const Term& term : terms_) {
    repeats_ = repeats_ || std::ranges::count(terms_, term.word, &Term::word) > 1;
  }
  has_bounds_ = slop_ == 0 &&
                std::ranges::all_of(terms_, [](Term& term) { return term.postings.only_term(); });
}

bool PhraseScorer::align(DocId& doc) {
  for (Term& term : terms_) {
    DocId at = term.postings.doc();
    if (at == kBeforeFirst || at < doc) at = term.postings.advance(doc);
    if (at == doc) continue;
    doc = at;
    return false;
  }
  return true;
}

DocId PhraseScorer::find(DocId doc) {
  while (doc != kNoMoreDocs) {
    if (!align(doc)) continue;
    freq_ = count_occurrences();
    if (freq_ > 0) break;
    doc = terms_.front().postings.next();
  }
  return doc_ = doc;
}

DocId PhraseScorer::block_end(DocId target) {
  return has_bounds_ ? terms_.front().postings.only_term()->block_end(target)
                     : Scorer::block_end(target);
}

float PhraseScorer::max_score() {
  if (!has_bounds_) return bm25_->limit();
  const PostingsCursor& lead = *terms_.front().postings.only_term();
  if (max_block_ == lead.shallow_block()) return max_;
  max_block_ = lead.shallow_block();
  lead.block_impacts(impacts_);
  max_ = 0;
  for (const Impact& impact : impacts_) {
    const std::uint8_t norm = norms_.empty() ? std::uint8_t{1} : impact.norm;
    max_ = std::max(max_, bm25_->score(static_cast<float>(impact.freq), norm));
  }
  return max_;
}

/// Whether `doc`, where all terms are, may score above the bar: the phrase is there no more often
/// than any of its words.
bool PhraseScorer::may_compete(DocId doc, float bar) {
  if (!has_bounds_) return true;
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  for (Term& term : terms_) least = std::min(least, term.postings.only_term()->freq());
  return bm25_->score(static_cast<float>(least), norm_of(doc)) > bar;
}

float PhraseScorer::count_occurrences() {
  if (slop_ == 0) return count_exact(std::numeric_limits<std::uint32_t>::max());
  return repeats_ ? count_repeating() : count_sloppy();
}

void PhraseScorer::collect(const LiveDocs& live, DocId base, TopDocsCollector& collector) {
  PhrasePostings& lead = terms_.front().postings;
  DocId end = 0;
  bool is_end_known = false;
  // Each round moves forward.
  for (DocId doc = lead.next(); doc != kNoMoreDocs;) {
    const bool may_skip = collector.may_skip();
    if (may_skip) {
      if (!is_end_known || doc > end) {
        end = block_end(doc);
        is_end_known = true;
      }
      if (max_score() <= collector.top.bar()) {
        doc = lead.advance(end + 1);
        continue;
      }
    }
    if (!align(doc)) {
      if (doc != kNoMoreDocs && lead.doc() < doc) doc = lead.advance(doc);
      continue;
    }
    if (live.is_live(doc)) {
      const bool competes = may_compete(doc, collector.top.bar());
      if (competes) {
        freq_ = count_occurrences();
        if (freq_ > 0) collector.add(bm25_->score(freq_, norm_of(doc)), base + doc);
      } else if (!may_skip && count_exact(1) > 0) {
        ++collector.count.value;
      }
    }
    doc = lead.next();
  }
}

std::uint32_t PhraseScorer::count_pair(std::uint32_t most) {
  const std::span<const std::uint32_t> first = terms_[0].postings.positions();
  const std::span<const std::uint32_t> second = terms_[1].postings.positions();
  const std::int64_t distance = std::int64_t{terms_[1].offset} - terms_[0].offset;
  std::uint32_t count = 0;
  std::size_t at = 0;
  for (const std::uint32_t position : first) {
    if (position < terms_[0].offset) continue;
    const std::int64_t wanted = position + distance;
    while (at < second.size() && second[at] < wanted) ++at;
    if (at == second.size()) break;
    count += second[at] == wanted ? 1 : 0;
    if (count == most) break;
  }
  return count;
}

/// Counts occurrences, no more than `most`.
float PhraseScorer::count_exact(std::uint32_t most) {
  if (terms_.size() == 2) return static_cast<float>(count_pair(most));
  places_.assign(terms_.size(), 0);
  positions_.clear();
  for (Term& term : terms_) positions_.push_back(term.postings.positions());
  std::uint32_t count = 0;
  for (const std::uint32_t position : positions_.front()) {
    if (position < terms_.front().offset) continue;
    const std::uint32_t begin = position - terms_.front().offset;
    bool is_match = true;
    for (std::size_t i = 1; i < terms_.size() && is_match; ++i) {
      const std::uint32_t wanted = begin + terms_[i].offset;
      std::size_t& place = places_[i];
      while (place < positions_[i].size() && positions_[i][place] < wanted) ++place;
      if (place == positions_[i].size()) return static_cast<float>(count);
      is_match = positions_[i][place] == wanted;
    }
    count += is_match ? 1 : 0;
    if (count == most) break;
  }
  return static_cast<float>(count);
}

// As Lucene's SloppyPhraseMatcher for phrases that repeat no term: the terms' positions, less their
// offsets in the phrase, lie together where it matches; how far apart they are is the moves that it
// takes. The term that is furthest behind moves on; before it overtakes the next one, the distance
// it could reach is a match.
float PhraseScorer::count_sloppy() {
  places_.assign(terms_.size(), 0);
  positions_.clear();
  for (Term& term : terms_) positions_.push_back(term.postings.positions());
  float freq = 0;
  const auto add = [&](std::int64_t length) {
    if (length <= slop_) freq += 1.0F / (1.0F + static_cast<float>(length));
  };
  std::int64_t end = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < terms_.size(); ++i) end = std::max(end, place_of(i));
  while (true) {
    std::size_t last = 0;
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      if (place_of(i) < place_of(last)) last = i;
    }
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (i != last) next = std::min(next, place_of(i));
    }
    std::int64_t length = end - place_of(last);
    while (place_of(last) <= next) {
      length = end - place_of(last);
      if (++places_[last] == positions_[last].size()) {
        add(length);
        return freq;
      }
      end = std::max(end, place_of(last));
    }
    add(length);
  }
}

bool PhraseScorer::move_on(std::size_t term, std::int64_t& end) {
  if (++places_[term] == positions_[term].size()) return false;
  end = std::max(end, place_of(term));
  return true;
}

/// Moves on until no two places of the same word have the same position; false if there are no
/// more.
bool PhraseScorer::part_repeated(std::size_t term, std::int64_t& end) {
  const auto position_of = [this](std::size_t i) { return positions_[i][places_[i]]; };
  const auto order_of = [this](std::size_t i) { return std::pair(place_of(i), terms_[i].offset); };
  // Each round moves a term forward, so this comes to an end.
  while (true) {
    std::size_t other = 0;
    while (other < terms_.size() && (other == term || terms_[other].word != terms_[term].word ||
                                     position_of(other) != position_of(term))) {
      ++other;
    }
    if (other == terms_.size()) return true;
    if (order_of(other) < order_of(term)) term = other;
    if (!move_on(term, end)) return false;
  }
}

// The same for phrases that repeat a word, no two places of which may have the same position: the
// second place begins at the second position of its word, and so on.
float PhraseScorer::count_repeating() {
  places_.assign(terms_.size(), 0);
  positions_.clear();
  for (Term& term : terms_) positions_.push_back(term.postings.positions());
  std::int64_t end = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    places_[i] = static_cast<std::size_t>(std::ranges::count_if(terms_, [&](const Term& other) {
      return other.word == terms_[i].word && other.offset < terms_[i].offset;
    }));
    if (places_[i] >= positions_[i].size()) return 0;
    end = std::max(end, place_of(i));
  }
  float freq = 0;
  const auto add = [&](std::int64_t length) {
    if (length <= slop_) freq += 1.0F / (1.0F + static_cast<float>(length));
  };
  while (true) {
    std::size_t last = 0;
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      if (std::pair(place_of(i), terms_[i].offset) <
          std::pair(place_of(last), terms_[last].offset)) {
        last = i;
      }
    }
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (i != last) next = std::min(next, place_of(i));
    }
    std::int64_t length = end - place_of(last);
    do {
      length = std::min(length, end - place_of(last));
      if (!move_on(last, end) || !part_repeated(last, end)) {
        add(length);
        return freq;
      }
    } while (place_of(last) <= next);
    add(length);
  }
}

float PhraseScorer::score() {
  return bm25_->score(freq_, norm_of(doc_));
}

}  // namespace hornbeam::search
