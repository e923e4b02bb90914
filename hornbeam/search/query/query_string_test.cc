#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;

class QueryString : public ::testing::Test {
 protected:
  QueryString()
      : index_(testing::new_index(R"({"properties": {"tag": {"type": "keyword"},
            "n": {"type": "integer"}, "at": {"type": "date"}}})")) {
    testing::put_all(*index_,
                     {R"({"title": "quick brown fox", "tag": "a", "n": 1, "at": "2024-01-10"})",
                      R"({"title": "lazy brown dog", "tag": "b", "n": 5, "at": "2024-02-10"})",
                      R"({"title": "quick lazy bird", "tag": "a b", "n": 9})",
                      R"({"body": "fox and dog", "n": 12})"});
  }
  std::string find(std::string_view text, std::string_view options = "") {
    return matches(*index_,
                   fmt::format(R"({{"query_string": {{"query": "{}"{}}}}})", text, options));
  }
  std::string simple(std::string_view text, std::string_view options = "") {
    return matches(*index_,
                   fmt::format(R"({{"simple_query_string": {{"query": "{}"{}}}}})", text, options));
  }
  std::string text_of(std::string_view text) {
    QueryStringQuery query{.text = std::string(text), .fields = {{.name = "title"}}};
    return explain_query(index_->target(), {query}, 0).value();
  }
  std::unique_ptr<Index> index_;
};

TEST_F(QueryString, SpeaksLucenesSyntax) {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"quick", "1 3"},
      {"title:quick", "1 3"},
      {"title:quick AND title:lazy", "3"},
      {"title:(quick AND lazy)", "3"},
      {"title:quick -title:lazy", "1"},
      {"title:quick NOT title:lazy", "1"},
      {"+title:brown !title:fox", "2"},
      {"title:brown && title:dog || title:bird", "2"},
      {"title:\\\"brown fox\\\"", "1"},
      {"title:\\\"quick fox\\\"~1", "1"},
      {"title:qu*", "1 3"},
      {"title:QU*", "1 3"},
      {"title:b*d", "3"},
      {"title:/f.x/", "1"},
      {"title:/FOX/", "1"},
      {"title:quik~", "1 3"},
      {"title:fix~1", "1"},
      {"n:[1 TO 5]", "1 2"},
      {"n:{1 TO 9}", "2"},
      {"n:[5 TO 9}", "2"},
      {"n:[5 TO *]", "2 3 4"},
      {"n:>5", "3 4"},
      {"n:>=5 AND n:<9", "2"},
      {"at:[2024-01-01 TO 2024-01-31]", "1"},
      {"at:2024-02", "2"},
      {"tag:a\\\\ b", "3"},
      {"tag:\\\"a b\\\"", "3"},
      {"_exists_:tag", "1 2 3"},
      {"tag:*", "1 2 3"},
      {"*", "1 2 3 4"},
      {"*:*", "1 2 3 4"},
      {"(title:fox)^2 OR body:fox", "1 4"},
      {R"(ti\\*:fox)", "1"},
      {"fox", "1 4"},
      {"", ""},
      {"n:12", "4"},
  };
  for (const Case& one : cases) EXPECT_EQ(find(one.text), one.expected) << one.text;
}

TEST_F(QueryString, FollowsItsOptions) {
  EXPECT_EQ(find("quick lazy", R"(, "default_field": "title", "default_operator": "AND")"), "3");
  EXPECT_EQ(find("quick lazy bird", R"(, "fields": ["title"], "minimum_should_match": 2)"), "3");
  EXPECT_EQ(find("fox", R"(, "fields": ["title^2", "body"])"), "1 4");
  EXPECT_EQ(find("title:lazy\\\\-bi*"), "");
  EXPECT_EQ(find("title:lazy\\\\-bi*", R"(, "analyze_wildcard": true,
      "default_operator": "AND")"),
            "3");
  EXPECT_EQ(find("n:foo", R"(, "lenient": true)"), "");
  EXPECT_EQ(find("n:foo"), "");
  EXPECT_EQ(find("foo", R"(, "default_field": "n")").substr(0, 21), "query_shard_exception");
  EXPECT_EQ(find("fox", R"(, "fields": ["a", null])"),
            "parsing_exception: [query_string] field name in [fields] cannot be null");
}

TEST_F(QueryString, RefusesWhatIsNoQuery) {
  for (const char* const text : {"(a", "a)", "title:", "AND a", "a AND", "[1 TO", "n:[1 5]", "+",
                                 "/abc", "a^x", "\\\"abc"}) {
    EXPECT_EQ(find(text).substr(0, 46), "query_shard_exception: Failed to parse query [") << text;
  }
  std::string many;
  for (int i = 0; i < 1100; ++i) many += "a ";
  EXPECT_EQ(find(many), "too_many_clauses: maxClauseCount is set to 1024");
  const std::string deep = std::string(200, '(') + "a" + std::string(200, ')');
  EXPECT_EQ(find(deep).substr(0, 21), "query_shard_exception");
}

TEST_F(QueryString, IsPrintedAsLucenePrints) {
  EXPECT_EQ(text_of("foo bar"), "title:foo title:bar");
  EXPECT_EQ(text_of("foo AND -bar"), "+title:foo -title:bar");
  EXPECT_EQ(text_of("+foo (bar baz)^2"), "+title:foo ((title:bar)^2.0 (title:baz)^2.0)");
  EXPECT_EQ(text_of("\"a b\"~3"), "title:\"a b\"~3");
  EXPECT_EQ(text_of("*:*"), "*:*");
  EXPECT_EQ(text_of("BA*"), "title:ba*");
}

TEST_F(QueryString, HasASimpleSister) {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"quick + lazy", "3"},
      {"quick | dog", "1 2 3 4"},
      {"fox -quick", "1 2 4"},
      {"quick + -lazy", "1"},
      {"\\\"brown fox\\\"", "1"},
      {"\\\"quick fox\\\"~1", "1"},
      {"bir*", "3"},
      {"quik~", "1 3"},
      {"(quick + lazy) | dog", "2 3 4"},
      {"quick + (fox | bird)", "1 3"},
      {"((((", ""},
      {"\\\"open", ""},
      {"", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(simple(one.text), one.expected) << one.text;
  EXPECT_EQ(simple("quick lazy", R"(, "default_operator": "and", "fields": ["title"])"), "3");
  EXPECT_EQ(simple("bir*", R"(, "flags": "AND|OR")"), "");
  EXPECT_EQ(simple("a", R"(, "flags": "MAYBE")"),
            "illegal_argument_exception: Unknown simple_query_string flag [MAYBE]");
}

}  // namespace
}  // namespace hornbeam::search
