#include "hornbeam/search/query/sort_values.h"

#include <cmath>

#include <gtest/gtest.h>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::ids;

class SortValues : public ::testing::Test {
 protected:
  SortValues()
      : index_(testing::new_index(R"({"properties": {"n": {"type": "long"},
            "u": {"type": "unsigned_long"}, "d": {"type": "date"}, "r": {"type": "double"},
            "ip": {"type": "ip"}, "at": {"type": "geo_point"}, "t": {"type": "text"}}})")) {
    testing::put_all(*index_, {R"({"n": [1, 9], "u": 18446744073709551615, "r": 0.5,
                                   "d": "2020-01-01", "ip": "10.0.0.9", "at": "0,0"})",
                               R"({"n": [4, 5], "u": 2, "d": "2021-01-01", "ip": "9.0.0.10",
                                   "at": "0,1"})",
                               R"({"u": 9223372036854775808, "r": 7, "at": "0,3"})"});
  }
  std::string sorted(const std::string& key, const std::string& more = "") {
    return ids(*index_, R"({"sort": [)" + key + "]" + more + "}");
  }
  SortValue first(const std::string& key) {
    const auto found = index_->search(R"({"size": 1, "sort": [)" + key + "]}");
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found->hits.at(0).sort.at(0);
  }
  std::unique_ptr<Index> index_;
};

TEST_F(SortValues, SeveralValuesCountAsTheModeSays) {
  EXPECT_EQ(sorted(R"({"n": "asc"})"), "1 2 3");
  EXPECT_EQ(sorted(R"({"n": {"order": "asc", "mode": "max"}})"), "2 1 3");
  EXPECT_EQ(sorted(R"({"n": {"order": "desc", "mode": "min"}})"), "2 1 3");
  EXPECT_EQ(first(R"({"n": {"mode": "sum"}})"), SortValue(std::int64_t{9}));
  EXPECT_EQ(first(R"({"n": {"mode": "median"}})"), SortValue(std::int64_t{5}));
  EXPECT_EQ(first(R"({"n": {"mode": "avg", "numeric_type": "double"}})"), SortValue(4.5));
  EXPECT_EQ(sorted(R"({"n": {"mode": "best"}})"),
            "illegal_argument_exception: Unknown SortMode [best]");
}

TEST_F(SortValues, DocumentsWithoutValueAreFirstOrLastOrHaveOne) {
  EXPECT_EQ(sorted(R"({"n": {"missing": "_first"}})"), "3 1 2");
  EXPECT_EQ(sorted(R"({"n": {"missing": 3}})"), "1 3 2");
  EXPECT_EQ(first(R"({"n": {"missing": "_first"}})"),
            SortValue(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(first(R"({"r": {"missing": "_first"}})"), SortValue(-HUGE_VAL));
}

TEST_F(SortValues, UnsignedLongsAreComparedAsSuch) {
  EXPECT_EQ(sorted(R"({"u": "asc"})"), "2 3 1");
  EXPECT_EQ(first(R"({"u": "desc"})"), SortValue(std::uint64_t{18446744073709551615U}));
  EXPECT_EQ(sorted(R"({"u": "asc"})", R"(, "search_after": [9223372036854775808])"), "1");
  EXPECT_EQ(sorted(R"({"u": "asc"})", R"(, "search_after": [2])"), "3 1");
}

TEST_F(SortValues, DatesAreShownAndReadInAFormat) {
  EXPECT_EQ(first(R"({"d": {"order": "desc", "format": "yyyy"}})"), SortValue("2021"));
  EXPECT_EQ(first(R"({"d": "asc"})"), SortValue(std::int64_t{1'577'836'800'000}));
  EXPECT_EQ(sorted(R"({"d": "asc"})", R"(, "search_after": ["2020-01-01"])"), "2 3");
  EXPECT_EQ(sorted(R"({"d": "asc"})", R"(, "search_after": ["no date"])"),
            "illegal_argument_exception: Failed to parse search_after value for field [d].");
}

TEST_F(SortValues, AddressesAreShownAsText) {
  EXPECT_EQ(sorted(R"({"ip": "asc"})"), "2 1 3");
  EXPECT_EQ(first(R"({"ip": "asc"})"), SortValue("9.0.0.10"));
  EXPECT_EQ(sorted(R"({"ip": "asc"})", R"(, "search_after": ["9.0.0.10"])"), "1 3");
}

TEST_F(SortValues, PlacesAreOrderedByTheirDistance) {
  const std::string key = R"({"_geo_distance": {"at": {"lat": 0, "lon": 2.9}, "unit": "km"}})";
  EXPECT_EQ(sorted(key), "3 2 1");
  EXPECT_NEAR(std::get<double>(first(key)), 11.12, 0.01);
  EXPECT_EQ(sorted(R"({"_geo_distance": {"n": [0, 0]}})"),
            "illegal_argument_exception: field [n] isn't a geo point");
}

TEST_F(SortValues, FieldsThatCannotBeSortedByAreRefused) {
  EXPECT_EQ(sorted(R"("nowhere")"),
            "query_shard_exception: No mapping found for [nowhere] in order to sort on");
  EXPECT_EQ(sorted(R"({"nowhere": {"unmapped_type": "long"}})"), "1 2 3");
  EXPECT_EQ(sorted(R"("t")").substr(0, 57),
            "illegal_argument_exception: Text fields are not optimised");
}

TEST(SortedIndices, AnIndexWithoutTheFieldIsLast) {
  const auto with = testing::new_index(R"({"properties": {"n": {"type": "integer"}}})");
  const auto without = testing::new_index();
  testing::put_all(*with, {R"({"n": 2})", R"({"n": 1})"});
  testing::put_all(*without, {R"({"a": 1})"});
  const std::vector<SearchTarget> targets = {without->target(), with->target()};
  SearchRequest request;
  request.sort = {{.field = "n"}};
  const auto found = execute_search(targets, request, 0);
  ASSERT_TRUE(found) << found.error().message;
  std::string order;
  for (const Hit& hit : found->hits) order += std::to_string(hit.target) + hit.id + " ";
  EXPECT_EQ(order, "12 11 01 ");
}

TEST(SortedIndices, UnsignedLongsAreNotComparedWithOthers) {
  const auto one = testing::new_index(R"({"properties": {"n": {"type": "unsigned_long"}}})");
  const auto other = testing::new_index(R"({"properties": {"n": {"type": "long"}}})");
  const std::vector<SearchTarget> targets = {one->target(), other->target()};
  SearchRequest request;
  request.sort = {{.field = "n"}};
  const auto found = execute_search(targets, request, 0);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "illegal_argument_exception");
}

}  // namespace
}  // namespace hornbeam::search
