#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;

TEST(Normalizers, KeywordsAndWhatIsAskedOfThemAreMadeAlike) {
  const auto index = testing::new_index(R"({"properties": {
      "k": {"type": "keyword", "normalizer": "lowercase"}}})");
  testing::put_all(*index, {R"({"k": "Red Fox"})", R"({"k": "red*fox"})"});
  EXPECT_EQ(matches(*index, R"({"term": {"k": "RED fox"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"terms": {"k": ["Red Fox", "none"]}})"), "1");
  EXPECT_EQ(matches(*index, R"({"match": {"k": "RED FOX"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"prefix": {"k": "RED"}})"), "1 2");
  EXPECT_EQ(matches(*index, R"({"wildcard": {"k": "R*X"}})"), "1 2");
  EXPECT_EQ(matches(*index, R"({"wildcard": {"k": "RED\\*FOX"}})"), "2");
  EXPECT_EQ(matches(*index, R"({"regexp": {"k": "R.D.*OX"}})"), "1 2");
  EXPECT_EQ(matches(*index, R"({"fuzzy": {"k": "RED FOX"}})"), "1 2");
}

TEST(Normalizers, QueriesHaveAnAnalyzerOfTheirOwn) {
  const auto index = testing::new_index(R"({"properties": {
      "t": {"type": "text", "analyzer": "standard", "search_analyzer": "keyword"}}})");
  testing::put_all(*index, {R"({"t": "red fox"})"});
  EXPECT_EQ(matches(*index, R"({"match": {"t": "red fox"}})"), "");
  EXPECT_EQ(matches(*index, R"({"match": {"t": "red"}})"), "1");
  EXPECT_EQ(matches(*index, R"({"match": {"t": {"query": "red fox", "analyzer": "standard"}}})"),
            "1");
}

TEST(Normalizers, UnknownOnesAreRefused) {
  const auto index = testing::new_index();
  const auto put =
      index->put_mapping(R"({"properties": {"k": {"type": "keyword", "normalizer": "mine"}}})");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, "normalizer [mine] not found for field [k]");
}

}  // namespace
}  // namespace hornbeam::search
