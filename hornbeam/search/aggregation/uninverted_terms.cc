#include "hornbeam/search/aggregation/uninverted_terms.h"

#include <vector>

namespace hornbeam::search::aggregation {

UninvertedTerms::UninvertedTerms(std::string bytes, DocId doc_count)
    : bytes_(std::move(bytes)), column_(ByteReader(bytes_), doc_count) {}

std::unique_ptr<const UninvertedTerms> UninvertedTerms::of(const Segment& segment,
                                                           std::string_view field) {
  const FieldTerms* const dictionary = segment.terms(field);
  if (!dictionary) return nullptr;
  std::vector<std::string> terms;
  std::vector<std::vector<std::uint32_t>> of_docs(segment.doc_count());
  FieldTerms::Cursor cursor = dictionary->cursor();
  while (cursor.next()) {
    PostingsCursor postings = segment.postings(*dictionary, cursor.entry());
    const auto number = static_cast<std::uint32_t>(terms.size());
    terms.push_back(cursor.term());
    while (postings.next() != kNoMoreDocs) of_docs[postings.doc()].push_back(number);
  }
  ColumnBuilder builder(ColumnKind::kKeyword);
  for (DocId doc = 0; doc < segment.doc_count(); ++doc) {
    for (const std::uint32_t term : of_docs[doc]) builder.add_keyword(doc, terms[term]);
  }
  ByteWriter out;
  builder.write(segment.doc_count(), out);
  return std::unique_ptr<const UninvertedTerms>(
      new UninvertedTerms(std::string(out.view()), segment.doc_count()));
}

}  // namespace hornbeam::search::aggregation
