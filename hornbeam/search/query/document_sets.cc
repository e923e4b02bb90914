#include "hornbeam/search/query/document_sets.h"

#include <algorithm>
#include <bit>
#include <map>

#include "hornbeam/search/mapping/meta_fields.h"

namespace hornbeam::search {
namespace {

/// Collects documents in any order.
class DocumentSet {
 public:
  explicit DocumentSet(const SegmentView& view)
      : segment_(*view.segment), words_(segment_.doc_count() / 64 + 1) {}

  void add(DocId doc) { words_[doc / 64] |= std::uint64_t{1} << (doc % 64); }
  void add(const FieldTerms& field, const TermEntry& entry) {
    // The cursor refuses a document that the segment does not have.
    const bool is_there = entry.singleton < segment_.doc_count();
    if (entry.doc_freq == 1 && is_there) return add(entry.singleton);
    PostingsCursor postings = segment_.postings(field, entry);
    for (DocId doc = postings.next(); doc != kNoMoreDocs; doc = postings.leave_run()) {
      for (const DocId one : postings.take_run(kNoMoreDocs, false).docs) add(one);
    }
  }

  std::vector<DocId> take() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
    std::vector<DocId> docs;
    docs.reserve(count);
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (std::uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        docs.push_back(static_cast<DocId>(word * 64) + static_cast<DocId>(std::countr_zero(bits)));
      }
    }
    return docs;
  }

 private:
  const Segment& segment_;
  std::vector<std::uint64_t> words_;
};

/// Calls `visit` on the terms that match until it gives false.
template <class Visit>
void for_each_term(const FieldTerms& dictionary, const TermMatcher& matcher, const Visit& visit) {
  FieldTerms::Cursor terms = dictionary.cursor();
  for (bool is_at_term = matcher.lower.empty() ? terms.next() : terms.seek(matcher.lower);
       is_at_term && (matcher.upper.empty() || terms.term() <= matcher.upper);
       is_at_term = terms.next()) {
    if (matcher.matches(terms.term()) && !visit(terms)) return;
  }
}

/// The documents with a value that `matches`, of a field that has a column and no terms.
template <class Matches>
std::vector<DocId> documents_of_column(const SegmentView& view, std::string_view field,
                                       const Matches& matches) {
  std::vector<DocId> docs;
  const Column* const column = view.segment->column(field);
  for (DocId doc = 0; column && doc < view.segment->doc_count(); ++doc) {
    const auto [begin, end] = column->range(doc);
    bool is_found = false;
    for (std::size_t i = begin; i < end && !is_found; ++i) {
      const std::int64_t value = column->value(i);
      is_found = column->kind() == ColumnKind::kKeyword
                     ? matches(column->term(static_cast<std::size_t>(value)))
                     : matches(std::string_view(number_term(value)));
    }
    if (is_found) docs.push_back(doc);
  }
  return docs;
}

bool is_or_is_below(std::string_view name, std::string_view field) {
  return name == field || (name.starts_with(field) && name.substr(field.size()).starts_with('.'));
}

}  // namespace

bool TermRange::has(std::string_view term) const noexcept {
  const int above = lower ? term.compare(lower->term) : 1;
  const int below = upper ? term.compare(upper->term) : -1;
  return (above > 0 || (above == 0 && lower->is_included)) &&
         (below < 0 || (below == 0 && upper->is_included));
}

std::vector<DocId> documents_of_terms(const SegmentView& view, std::string_view field,
                                      const std::vector<std::string>& terms) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) {
    return documents_of_column(view, field, [&terms](std::string_view term) {
      return std::ranges::binary_search(terms, term);
    });
  }
  DocumentSet found(view);
  for (const std::string& term : terms) {
    if (const auto entry = dictionary->find(term)) found.add(*dictionary, *entry);
  }
  return found.take();
}

std::vector<DocId> documents_of_matching(const SegmentView& view, std::string_view field,
                                         const TermMatcher& matcher) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) return documents_of_column(view, field, matcher.matches);
  DocumentSet found(view);
  for_each_term(*dictionary, matcher, [&](const FieldTerms::Cursor& terms) {
    found.add(*dictionary, terms.entry());
    return true;
  });
  return found.take();
}

std::vector<ExpandedTerm> first_terms(const Snapshot& snapshot, std::string_view field,
                                      const TermMatcher& matcher, std::size_t count) {
  std::map<std::string, std::uint64_t> found;
  for (const SegmentView& view : snapshot.segments) {
    const FieldTerms* const dictionary = view.segment->terms(field);
    if (!dictionary) continue;
    std::size_t taken = 0;
    for_each_term(*dictionary, matcher, [&](const FieldTerms::Cursor& terms) {
      found[terms.term()] += terms.entry().doc_freq;
      return ++taken < count;
    });
  }
  std::vector<ExpandedTerm> first;
  for (const auto& [term, doc_freq] : found) {
    if (first.size() == count) break;
    first.push_back({.term = term, .doc_freq = doc_freq});
  }
  return first;
}

namespace {

// Terms that begin with what is hopeless are passed over: one by one, since the next ones are at
// hand, or by a leap if there are many.
void collect_near(const FieldTerms& dictionary, const FuzzyMatcher& matcher,
                  std::map<std::string, ExpandedTerm>& found) {
  constexpr std::size_t kLeap = 2 * kTermsPerBlock;
  FieldTerms::Cursor terms = dictionary.cursor();
  std::string hopeless;
  std::size_t passed = 0;
  bool is_at_term = matcher.prefix().empty() ? terms.next() : terms.seek(matcher.prefix());
  while (is_at_term && terms.term().starts_with(matcher.prefix())) {
    if (!hopeless.empty() && terms.term().starts_with(hopeless)) {
      const std::string behind = ++passed < kLeap ? std::string() : behind_prefix(hopeless);
      is_at_term = behind.empty() ? terms.next() : terms.seek(behind);
      continue;
    }
    passed = 0;
    const FuzzyMatcher::Look look = matcher.look_at(terms.term());
    hopeless.assign(terms.term(), 0, look.hopeless_bytes);
    if (look.distance) {
      ExpandedTerm& term = found[terms.term()];
      term.boost = matcher.similarity(terms.term(), *look.distance);
      term.doc_freq += terms.entry().doc_freq;
    }
    is_at_term = terms.next();
  }
}

}  // namespace

std::vector<ExpandedTerm> nearest_terms(const Snapshot& snapshot, std::string_view field,
                                        const FuzzyMatcher& matcher, std::size_t count) {
  std::map<std::string, ExpandedTerm> found;
  for (const SegmentView& view : snapshot.segments) {
    const FieldTerms* const dictionary = view.segment->terms(field);
    if (dictionary) collect_near(*dictionary, matcher, found);
  }
  std::vector<ExpandedTerm> nearest;
  for (auto& [term, expanded] : found) {
    expanded.term = term;
    nearest.push_back(std::move(expanded));
  }
  std::ranges::sort(nearest, [](const ExpandedTerm& a, const ExpandedTerm& b) {
    return a.boost != b.boost ? a.boost > b.boost : a.term < b.term;
  });
  if (nearest.size() > count) nearest.resize(count);
  return nearest;
}

std::vector<DocId> documents_in_range(const SegmentView& view, std::string_view field,
                                      const TermRange& range) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) {
    return documents_of_column(view, field,
                               [&range](std::string_view term) { return range.has(term); });
  }
  DocumentSet found(view);
  FieldTerms::Cursor terms = dictionary->cursor();
  bool is_at_term = range.lower ? terms.seek(range.lower->term) : terms.next();
  if (is_at_term && range.lower && !range.lower->is_included && terms.term() == range.lower->term) {
    is_at_term = terms.next();
  }
  for (; is_at_term; is_at_term = terms.next()) {
    if (range.upper) {
      const int order = terms.term().compare(range.upper->term);
      if (order > 0 || (order == 0 && !range.upper->is_included)) break;
    }
    found.add(*dictionary, terms.entry());
  }
  return found.take();
}

std::vector<DocId> documents_with(const SegmentView& view, std::string_view field) {
  DocumentSet found(view);
  const DocId count = view.segment->doc_count();
  for (const auto& [name, column] : view.segment->columns()) {
    if (!is_or_is_below(name, field)) continue;
    for (DocId doc = 0; doc < count; ++doc) {
      if (column.has(doc)) found.add(doc);
    }
  }
  if (const FieldTerms* const names = view.segment->terms(kFieldNamesField)) {
    FieldTerms::Cursor terms = names->cursor();
    for (bool is_at_term = terms.seek(field); is_at_term && terms.term().starts_with(field);
         is_at_term = terms.next()) {
      if (is_or_is_below(terms.term(), field)) found.add(*names, terms.entry());
    }
  }
  for (const FieldTerms& terms : view.segment->fields()) {
    const std::string& name = terms.info().name;
    if (!is_or_is_below(name, field)) continue;
    const std::span<const std::uint8_t> norms = view.segment->norms(name);
    for (DocId doc = 0; doc < norms.size(); ++doc) {
      if (norms[doc] != 0) found.add(doc);
    }
  }
  return found.take();
}

}  // namespace hornbeam::search
