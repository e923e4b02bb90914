#include "hornbeam/search/query/term_vectors.h"

#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

TEST(TermVectors, AreWhatADocumentSays) {
  const auto index = testing::new_index(R"({"properties": {"tag": {"type": "keyword"}}})");
  const std::string fox = R"({"text": "The quick brown fox is brown.", "tag": ["b", "a"]})";
  testing::put_all(*index, {fox, R"({"text": "brown"})"});
  const auto document = base::JsonDocument::parse(fox);
  const auto vectors = term_vectors(index->target(), document->root(), {});
  ASSERT_EQ(vectors.size(), 1U);
  EXPECT_EQ(vectors[0].field, "text");
  EXPECT_EQ(vectors[0].doc_count, 2U);
  EXPECT_EQ(vectors[0].sum_doc_freq, 6U);
  EXPECT_EQ(vectors[0].sum_total_term_freq, 7U);
  ASSERT_EQ(vectors[0].terms.size(), 5U);
  const TermVector& brown = vectors[0].terms[0];
  EXPECT_EQ(brown.term, "brown");
  EXPECT_EQ(brown.doc_freq, 2U);
  EXPECT_EQ(brown.total_term_freq, 3U);
  ASSERT_EQ(brown.places.size(), 2U);
  EXPECT_EQ(brown.places[0].position, 2U);
  EXPECT_EQ(brown.places[0].start_offset, 10U);
  EXPECT_EQ(brown.places[1].end_offset, 28U);

  const auto asked = term_vectors(index->target(), document->root(), {"ta*", "tag"});
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].terms.at(0).term, "a");
  EXPECT_EQ(asked[0].terms.at(0).places.at(0).start_offset, 2U);
}

TEST(TermVectors, KeepValuesApart) {
  const auto index = testing::new_index(R"({"properties": {"text": {"type": "text"}}})");
  const auto document = base::JsonDocument::parse(R"({"text": ["one two", "two"]})");
  const auto vectors = term_vectors(index->target(), document->root(), {"text"});
  ASSERT_EQ(vectors.size(), 1U);
  const std::vector<TermVector::Place>& two = vectors[0].terms.at(1).places;
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].position, 1U);
  EXPECT_EQ(two[1].position, 102U);
  EXPECT_EQ(two[1].start_offset, 8U);
  EXPECT_EQ(vectors[0].terms[1].doc_freq, 0U);
}

}  // namespace
}  // namespace hornbeam::search
