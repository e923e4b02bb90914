#include "hornbeam/search/query/document_sets.h"

#include <bit>

namespace hornbeam::search {
namespace {

/// Collects documents in any order.
class DocumentSet {
 public:
  explicit DocumentSet(const SegmentView& view)
      : segment_(*view.segment), words_(segment_.doc_count() / 64 + 1) {}

  void add(DocId doc) { words_[doc / 64] |= std::uint64_t{1} << (doc % 64); }
  void add(const FieldTerms& field, const TermEntry& entry) {
    PostingsCursor postings = segment_.postings(field, entry);
    while (postings.next() != kNoMoreDocs) add(postings.doc());
  }

  std::vector<DocId> take() const {
    std::vector<DocId> docs;
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

bool is_or_is_below(std::string_view name, std::string_view field) {
  return name == field || (name.starts_with(field) && name.substr(field.size()).starts_with('.'));
}

}  // namespace

std::vector<DocId> documents_of_terms(const SegmentView& view, std::string_view field,
                                      const std::vector<std::string>& terms) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) return {};
  DocumentSet found(view);
  for (const std::string& term : terms) {
    if (const auto entry = dictionary->find(term)) found.add(*dictionary, *entry);
  }
  return found.take();
}

std::vector<DocId> documents_of_prefix(const SegmentView& view, std::string_view field,
                                       std::string_view prefix) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) return {};
  DocumentSet found(view);
  FieldTerms::Cursor terms = dictionary->cursor();
  for (bool is_at_term = terms.seek(prefix); is_at_term && terms.term().starts_with(prefix);
       is_at_term = terms.next()) {
    found.add(*dictionary, terms.entry());
  }
  return found.take();
}

std::vector<DocId> documents_in_range(const SegmentView& view, std::string_view field,
                                      const TermRange& range) {
  const FieldTerms* const dictionary = view.segment->terms(field);
  if (!dictionary) return {};
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
