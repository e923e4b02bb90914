#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

class SloppyPhrase : public ::testing::Test {
 protected:
  SloppyPhrase() : index_(testing::new_index(R"({"properties": {"t": {"type": "text"}}})")) {
    testing::put_all(*index_, {R"({"t": "a"})", R"({"t": "a a"})", R"({"t": "a b a"})",
                               R"({"t": "b a"})", R"({"t": "c a b c a"})"});
  }
  std::string find(std::string_view text, int slop) {
    return testing::matches(
        *index_,
        fmt::format(R"({{"match_phrase": {{"t": {{"query": "{}", "slop": {}}}}}}})", text, slop));
  }
  std::unique_ptr<Index> index_;
};

TEST_F(SloppyPhrase, NeedsAnOccurrenceForEachPlaceOfAWord) {
  EXPECT_EQ(find("a a", 0), "2");
  EXPECT_EQ(find("a a", 1), "2 3");
  EXPECT_EQ(find("a a", 2), "2 3 5");
  EXPECT_EQ(find("a b a", 0), "3");
  EXPECT_EQ(find("a b a", 1), "3 5");
  EXPECT_EQ(find("a a a", 100), "");
}

TEST_F(SloppyPhrase, LetsWordsChangePlaces) {
  EXPECT_EQ(find("a b", 0), "3 5");
  EXPECT_EQ(find("a b", 2), "3 4 5");
  EXPECT_EQ(find("b a", 1), "3 4 5");
  EXPECT_EQ(find("a b", 2'000'000'000), "3 4 5");
}

TEST_F(SloppyPhrase, ScoresWhatIsNearerMore) {
  const auto found =
      index_->search(R"({"query": {"match_phrase": {"t": {"query": "a a", "slop": 5}}}})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hits.size(), 3U);
  EXPECT_EQ(found->hits[0].id, "2");
  EXPECT_EQ(found->hits[2].id, "5");
}

}  // namespace
}  // namespace hornbeam::search
