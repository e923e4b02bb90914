#include <gtest/gtest.h>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::ids;

TEST(MetaFields, ExistsFindsValuesThatAreInNoColumn) {
  const auto index = testing::new_index(R"({"properties": {
      "number": {"type": "long", "doc_values": false},
      "word": {"type": "keyword", "doc_values": false},
      "place": {"type": "geo_point", "doc_values": false},
      "bytes": {"type": "binary"},
      "hidden": {"type": "keyword", "doc_values": false, "index": false},
      "object": {"properties": {"inner": {"type": "keyword", "doc_values": false}}}}})");
  testing::put_all(*index, {R"({"number": 1, "word": "a", "hidden": "a"})",
                            R"({"number": [1, 2], "place": "1,2", "bytes": "YQ=="})",
                            R"({"word": null, "object": {"inner": "b"}})"});
  const auto with = [&](const std::string& field) {
    return ids(*index, R"({"query": {"exists": {"field": ")" + field + R"("}}})");
  };
  EXPECT_EQ(with("number"), "1 2");
  EXPECT_EQ(with("word"), "1");
  EXPECT_EQ(with("place"), "2");
  EXPECT_EQ(with("bytes"), "2");
  EXPECT_EQ(with("hidden"), "");
  EXPECT_EQ(with("object"), "3");
  EXPECT_EQ(with("obj"), "");
  EXPECT_EQ(with("_id"), "1 2 3");
  EXPECT_EQ(with("_index"), "1 2 3");
  EXPECT_EQ(with("_source"), "query_shard_exception: The _source field is not searchable");
}

TEST(MetaFields, NamesOfFieldsWithIgnoredValuesAreFound) {
  const auto index = testing::new_index(R"({"properties": {
      "date": {"type": "date", "ignore_malformed": true},
      "ip": {"type": "ip", "ignore_malformed": true},
      "short": {"type": "keyword", "ignore_above": 3}}})");
  testing::put_all(
      *index, {R"({"date": "2020-01-01", "ip": ":::1"})", R"({"date": "no date", "ip": "::1"})",
               R"({"date": "no date", "ip": "no address", "short": "long"})"});
  EXPECT_EQ(ids(*index, R"({"query": {"exists": {"field": "_ignored"}}})"), "1 2 3");
  EXPECT_EQ(ids(*index, R"({"query": {"term": {"_ignored": "date"}}})"), "2 3");
  EXPECT_EQ(ids(*index, R"({"query": {"terms": {"_ignored": ["ip", "short"]}}})"), "1 3");
}

TEST(MetaFields, TheIndexIsFoundByItsName) {
  const auto index = testing::new_index();
  testing::put_all(*index, {R"({"a": 1})"});
  std::vector<SearchTarget> targets = {index->target()};
  targets.front().name = "books";
  const auto count = [&](const std::string& name) {
    const SearchRequest request{.query = {TermQuery{.field = "_index", .value = name}}};
    return execute_search(targets, request, 0)->total.value;
  };
  EXPECT_EQ(count("books"), 1U);
  EXPECT_EQ(count("others"), 0U);
}

}  // namespace
}  // namespace hornbeam::search
