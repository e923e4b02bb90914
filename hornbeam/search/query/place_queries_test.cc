#include <gtest/gtest.h>

#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;

class PlaceQueries : public ::testing::Test {
 protected:
  PlaceQueries()
      : index_(testing::new_index(R"({"properties": {"at": {"type": "geo_point"},
            "n": {"type": "long"}}})")) {
    testing::put_all(*index_, {R"({"at": "48.8566,2.3522"})", R"({"at": [4.8357, 45.764]})",
                               R"({"at": [[179.5, -17], [0, 0]]})", R"({"n": 1})"});
  }
  std::unique_ptr<Index> index_;
};

TEST_F(PlaceQueries, PlacesWithinADistanceMatch) {
  const auto near = [&](const std::string& distance) {
    return matches(*index_, R"({"geo_distance": {"distance": )" + distance +
                                R"(, "at": {"lat": 48.8049, "lon": 2.1204}}})");
  };
  EXPECT_EQ(near(R"("20km")"), "1");
  EXPECT_EQ(near(R"("10km")"), "");
  EXPECT_EQ(near(R"(20000)"), "1");
  EXPECT_EQ(near(R"(20, "unit": "km")"), "1");
  EXPECT_EQ(near(R"("300mi")"), "1 2");
  EXPECT_EQ(near(R"("20 leagues")"),
            "illegal_argument_exception: No distance unit match [leagues]");
}

TEST_F(PlaceQueries, PlacesInABoxMatch) {
  const auto inside = [&](const std::string& box) {
    return matches(*index_, R"({"geo_bounding_box": {"at": )" + box + "}}");
  };
  EXPECT_EQ(inside(R"({"top_left": [2, 50], "bottom_right": [5, 40]})"), "1 2");
  EXPECT_EQ(inside(R"({"top": 47, "left": 4, "bottom": 45, "right": 5})"), "2");
  EXPECT_EQ(inside(R"({"top_right": "1,1", "bottom_left": "-1,-1"})"), "3");
  EXPECT_EQ(inside(R"json({"wkt": "BBOX (2, 5, 50, 40)"})json"), "1 2");
  EXPECT_EQ(inside(R"({"top_left": [179, 0], "bottom_right": [-179, -20]})"), "3");
  EXPECT_EQ(inside(R"({"top": 1, "left": 4, "bottom": 45, "right": 5})").substr(0, 48),
            "illegal_argument_exception: top is below bottom ");
  EXPECT_EQ(inside(R"({"top": 1, "left": 4})"),
            "parse_exception: failed to parse bounding box. a side of it is missing");
}

TEST_F(PlaceQueries, NearerPlacesAndDatesScoreMore) {
  const auto index = testing::new_index(R"({"properties": {"at": {"type": "geo_point"},
      "d": {"type": "date"}, "n": {"type": "long"}}})");
  testing::put_all(*index, {R"({"at": [0, 1], "d": "2020-01-03"})", R"({"n": 1})",
                            R"({"at": [[0, 9], [0, 0]], "d": "2020-01-02"})"});
  const auto found = [&](const std::string& feature) {
    return testing::ids(*index, R"({"query": {"distance_feature": {)" + feature + "}}}");
  };
  EXPECT_EQ(found(R"("field": "at", "pivot": "1km", "origin": [0, 0])"), "3 1");
  EXPECT_EQ(found(R"("field": "d", "pivot": "1d", "origin": "2020-01-04")"), "1 3");
  EXPECT_EQ(found(R"("field": "d", "pivot": "1d")"),
            "illegal_argument_exception: Required [origin]");
  EXPECT_EQ(found(R"("field": "n", "pivot": "1d", "origin": "now")").substr(0, 55),
            "illegal_argument_exception: Illegal data type of [long]");
  const auto result = index->search(R"({"query": {"distance_feature": {"field": "d",
      "pivot": "1d", "origin": "2020-01-04", "boost": 3}}})");
  ASSERT_TRUE(result);
  EXPECT_FLOAT_EQ(result->hits.at(0).score.value(), 1.5F);
  EXPECT_FLOAT_EQ(result->hits.at(1).score.value(), 1);
}

TEST_F(PlaceQueries, OtherFieldsAreRefused) {
  const auto in = [&](const std::string& rest) {
    return matches(*index_, R"({"geo_distance": {"distance": "1km", )" + rest + "}}");
  };
  EXPECT_EQ(in(R"("n": "0,0")"), "query_shard_exception: field [n] is not a geo_point field");
  EXPECT_EQ(in(R"("none": "0,0")"), "query_shard_exception: failed to find geo field [none]");
  EXPECT_EQ(in(R"("none": "0,0", "ignore_unmapped": true)"), "");
}

}  // namespace
}  // namespace hornbeam::search
