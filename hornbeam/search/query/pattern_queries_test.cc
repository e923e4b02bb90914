#include <gtest/gtest.h>

#include "hornbeam/search/query/term_matchers.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

using testing::matches;

bool regexp_matches(std::string_view pattern, std::string_view term) {
  const auto matcher = match_regexp(pattern, LetterCase::kMatters);
  EXPECT_TRUE(matcher) << pattern;
  if (!matcher) return false;
  const bool is_within =
      term >= matcher->lower && (matcher->upper.empty() || term <= matcher->upper);
  return is_within && matcher->matches(term);
}

TEST(WildcardMatcher, MatchesAsTheWholeTerm) {
  struct Case {
    const char* pattern;
    const char* term;
    bool expected;
  };
  const Case cases[] = {
      {"*", "", true},       {"*", "any", true},         {"a*c", "abc", true},
      {"a*c", "ac", true},   {"a*c", "acd", false},      {"?", "é", true},
      {"??", "é", false},    {"a*b*c", "aXbYbZc", true}, {"\\*", "*", true},
      {"\\*", "x", false},   {"a\\?b", "a?b", true},     {"*aab", "aaaaaaaaaaab", true},
      {"f?x*", "fox", true}, {"", "a", false},           {"\\\\\\*", "\\*", true},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(match_wildcard(one.pattern, LetterCase::kMatters).matches(one.term), one.expected)
        << one.pattern << " on " << one.term;
  }
  EXPECT_TRUE(match_wildcard("A*d", LetterCase::kIgnored).matches("abcD"));
}

TEST(RegexpMatcher, ReadsLucenesSyntax) {
  EXPECT_TRUE(regexp_matches("f.x", "fox"));
  EXPECT_FALSE(regexp_matches("f.x", "foxes"));
  EXPECT_TRUE(regexp_matches("^a$", "^a$"));
  EXPECT_TRUE(regexp_matches("\"a.b\"c", "a.bc"));
  EXPECT_FALSE(regexp_matches("\"a.b\"", "axb"));
  EXPECT_TRUE(regexp_matches("a@", "anything"));
  EXPECT_FALSE(regexp_matches("a#", "a"));
  EXPECT_TRUE(regexp_matches("v<1-20>", "v13"));
  EXPECT_FALSE(regexp_matches("v<1-20>", "v21"));
  EXPECT_TRUE(regexp_matches("v<01-20>", "v05"));
  EXPECT_TRUE(regexp_matches("[a-c]+&.*b.*", "abc"));
  EXPECT_FALSE(regexp_matches("[a-c]+&.*b.*", "ac"));
  EXPECT_TRUE(regexp_matches("~ab", "abc"));
  EXPECT_FALSE(regexp_matches("~(ab|cd)", "cd"));
  EXPECT_TRUE(regexp_matches("a+?", ""));
  EXPECT_TRUE(regexp_matches("(ab){2,3}", "ababab"));
  EXPECT_TRUE(regexp_matches("[^a-c\\]]", "d"));
  EXPECT_TRUE(regexp_matches("\\d{4}", "2024"));
}

TEST(RegexpMatcher, BoundsThePartOfTheDictionary) {
  const auto matcher = match_regexp("quick.*", LetterCase::kMatters);
  ASSERT_TRUE(matcher);
  EXPECT_EQ(matcher->lower, "quick");
  EXPECT_FALSE(matcher->upper.empty());
}

TEST(RegexpMatcher, RefusesWhatIsWrongOrTooMuch) {
  for (const char* const pattern : {"(", "a)", "[a", "\"a", "a{", "a{x}", "<1-", "v<1-5000000>",
                                    "((((a{1000}){1000}){1000}))", "(a&b)", "a\\"}) {
    const auto matcher = match_regexp(pattern, LetterCase::kMatters);
    ASSERT_FALSE(matcher) << pattern;
    EXPECT_EQ(matcher.error().code, "illegal_argument_exception");
  }
}

std::optional<std::uint32_t> distance(std::string_view a, std::string_view b,
                                      const FuzzyOptions& options = {.fuzziness = {.edits = 2}}) {
  return FuzzyMatcher(a, options).distance(b);
}

TEST(FuzzyMatcher, CountsEdits) {
  EXPECT_EQ(distance("fox", "fox"), 0U);
  EXPECT_EQ(distance("fox", "fux"), 1U);
  EXPECT_EQ(distance("fox", "foxes"), 2U);
  EXPECT_EQ(distance("fox", "ox"), 1U);
  EXPECT_EQ(distance("ab", "ba"), 1U);
  EXPECT_EQ(distance("ab", "ba", {.fuzziness = {.edits = 2}, .transpositions = false}), 2U);
  EXPECT_EQ(distance("ab", "ba", {.fuzziness = {.edits = 1}, .transpositions = false}),
            std::nullopt);
  EXPECT_EQ(distance("café", "cafe"), 1U);
  EXPECT_EQ(distance("quick", "slow"), std::nullopt);
  EXPECT_EQ(distance("quick", "uqick", {.fuzziness = {.edits = 2}, .prefix_length = 1}),
            std::nullopt);
  EXPECT_EQ(distance("", "ab"), 2U);
}

/// The whole table, as it is in textbooks.
std::uint32_t plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::uint32_t>> d(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1));
  for (std::uint32_t i = 0; i <= a.size(); ++i) {
    for (std::uint32_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(FuzzyMatcher, AgreesWithTheWholeTable) {
  std::uint32_t state = 7;
  const auto word = [&state] {
    std::string made;
    state = state * 1'664'525 + 1'013'904'223;
    for (std::uint32_t length = state >> 29; length > 0; --length) {
      state = state * 1'664'525 + 1'013'904'223;
      made += static_cast<char>('a' + (state >> 30));
    }
    return made;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = word();
    const std::string b = word();
    for (const std::uint32_t edits : {0U, 1U, 2U}) {
      const std::uint32_t plain = plain_distance(a, b);
      const auto expected = plain <= edits ? std::optional(plain) : std::nullopt;
      ASSERT_EQ(distance(a, b, {.fuzziness = {.edits = edits}}), expected) << a << " " << b;
    }
  }
}

TEST(Fuzziness, ReadsAuto) {
  const auto automatic = Fuzziness::parse("AUTO");
  ASSERT_TRUE(automatic);
  EXPECT_EQ(automatic->edits_for(2), 0U);
  EXPECT_EQ(automatic->edits_for(5), 1U);
  EXPECT_EQ(automatic->edits_for(6), 2U);
  EXPECT_EQ(Fuzziness::parse("auto:1,2")->edits_for(2), 2U);
  EXPECT_EQ(Fuzziness::parse("1")->edits_for(99), 1U);
  EXPECT_FALSE(Fuzziness::parse("3"));
  EXPECT_FALSE(Fuzziness::parse("AUTO:5"));
  EXPECT_FALSE(Fuzziness::parse("AUTO,"));
}

class PatternQueries : public ::testing::Test {
 protected:
  PatternQueries() : index_(testing::new_index(R"({"properties": {"tag": {"type": "keyword"}}})")) {
    testing::put_all(*index_, {R"({"title": "quick brown fox", "tag": "AbCd", "n": 1})",
                               R"({"title": "quick brown emu", "tag": "ABCD"})",
                               R"({"title": "quickly jumping foxes", "tag": "*"})",
                               R"({"title": "lazy dog", "tag": "x.y"})"});
  }
  std::unique_ptr<Index> index_;
};

TEST_F(PatternQueries, FindTerms) {
  struct Case {
    const char* query;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"wildcard": {"title": "qu*k"}})", "1 2"},
      {R"({"wildcard": {"title": {"value": "fo?*"}}})", "1 3"},
      {R"({"wildcard": {"tag": {"value": "abcd", "case_insensitive": true}}})", "1 2"},
      {R"({"wildcard": {"tag": "\\*"}})", "3"},
      {R"({"prefix": {"tag": {"value": "ab", "case_insensitive": true}}})", "1 2"},
      {R"({"term": {"tag": {"value": "abcd", "case_insensitive": true}}})", "1 2"},
      {R"({"regexp": {"title": "quick(ly)?"}})", "1 2 3"},
      {R"({"regexp": {"tag": {"value": "ab.*", "case_insensitive": true}}})", "1 2"},
      {R"({"fuzzy": {"title": "quik"}})", "1 2"},
      {R"({"fuzzy": {"title": {"value": "fxo", "fuzziness": 1}}})", "1"},
      {R"({"match": {"title": {"query": "browm lzay", "fuzziness": "AUTO"}}})", "1 2 4"},
      {R"({"match_phrase_prefix": {"title": "brown f"}})", "1"},
      {R"({"match_phrase_prefix": {"title": "qui"}})", "1 2 3"},
      {R"({"match_bool_prefix": {"title": "lazy fo"}})", "1 3 4"},
      {R"({"match_bool_prefix": {"title": {"query": "brown fo", "operator": "and"}}})", "1"},
      {R"({"wildcard": {"nowhere": "*"}})", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(matches(*index_, one.query), one.expected) << one.query;
}

TEST_F(PatternQueries, ScoreTheirBoost) {
  const auto found = index_->search(R"({"query": {"wildcard": {"title":
      {"value": "qu*", "boost": 2.5}}}})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hits.size(), 3U);
  for (const Hit& hit : found->hits) EXPECT_EQ(hit.score, 2.5F);
}

TEST_F(PatternQueries, PreferTheNearestTerm) {
  const auto found = index_->search(R"({"query": {"fuzzy": {"title":
      {"value": "quickli", "fuzziness": 2}}}})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->hits.size(), 3U);
  EXPECT_EQ(found->hits.front().id, "3");
}

TEST_F(PatternQueries, RefuseLongExpressionsAndNumbers) {
  const std::string pattern(1001, 'a');
  EXPECT_EQ(matches(*index_, R"({"regexp": {"title": ")" + pattern + R"("}})"),
            "illegal_argument_exception: The length of regex [1001] used in the Regexp Query "
            "request has exceeded the allowed maximum of [1000]. This maximum can be set by "
            "changing the [index.max_regex_length] index level setting.");
  EXPECT_EQ(matches(*index_, R"({"fuzzy": {"title": {"value": "a", "fuzziness": 3}}})"),
            "illegal_argument_exception: Valid edit distances are [0, 1, 2] but was [3]");
  EXPECT_EQ(matches(*index_, R"({"wildcard": {"n": "1*"}})"),
            "query_shard_exception: Can only use wildcard queries on keyword, text and wildcard "
            "fields - not on [n] which is of type [long]");
}

TEST(ColumnQueries, FindWhatHasNoTerms) {
  const auto index = testing::new_index(R"({"properties": {
      "fruit": {"type": "keyword", "index": false}, "n": {"type": "long", "index": false},
      "hidden": {"type": "keyword", "index": false, "doc_values": false}}})");
  testing::put_all(
      *index, {R"({"fruit": "apple", "n": 1, "hidden": "apple"})", R"({"fruit": "plum", "n": 2})",
               R"({"fruit": ["pear", "apple"], "n": [5, -3]})", R"({"n": -4})"});
  const std::pair<const char*, const char*> cases[] = {
      {R"({"term": {"fruit": "apple"}})", "1 3"},
      {R"({"term": {"fruit": {"value": "PLUM", "case_insensitive": true}}})", "2"},
      {R"({"terms": {"fruit": ["plum", "fig", "pear"]}})", "2 3"},
      {R"({"prefix": {"fruit": "p"}})", "2 3"},
      {R"({"range": {"fruit": {"gt": "pear", "lte": "plum"}}})", "2"},
      {R"({"term": {"n": 2}})", "2"},
      {R"({"terms": {"n": [1, 5]}})", "1 3"},
      {R"({"range": {"n": {"gte": -3, "lt": 2}}})", "1 3"},
      {R"({"range": {"n": {"lt": -3}}})", "4"},
      {R"({"term": {"hidden": "apple"}})", ""},
  };
  for (const auto& [query, expected] : cases) {
    EXPECT_EQ(matches(*index, query), expected) << query;
  }
}

}  // namespace
}  // namespace hornbeam::search
