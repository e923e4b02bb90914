#include "hornbeam/search/analysis/registry.h"

#include <gtest/gtest.h>

#include "hornbeam/search/analysis/analyze_report.h"
#include "hornbeam/search/analysis/offset_map.h"

namespace hornbeam::search {
namespace {

using Terms = std::vector<std::string>;

base::Result<AnalyzerRegistry> parse(std::string_view json) {
  return AnalyzerRegistry::parse(base::JsonDocument::parse(json).value().root());
}

/// What an analyzer with this body makes of the text, or why there is none.
Terms made_terms(std::string_view body, std::string_view text) {
  const auto document = base::JsonDocument::parse(body).value();
  const auto made = AnalyzerRegistry().make(document.root());
  return made ? (*made)->terms(text) : Terms{made.error().message};
}

TEST(AnalyzerRegistryTest, ReadsCustomAnalyzers) {
  const auto registry = parse(R"({
    "char_filter": {"and": {"type": "mapping", "mappings": ["& => and"]}},
    "tokenizer": {"words": {"type": "pattern", "pattern": "[ ,]+"}},
    "filter": {"short": {"type": "length", "max": "5"}},
    "analyzer": {"mine": {"tokenizer": "words", "char_filter": "and",
                          "filter": ["lowercase", "short"], "position_increment_gap": 7},
                 "default": {"type": "stop", "stopwords": ["x"]}}})");
  ASSERT_TRUE(registry) << registry.error().message;
  const auto mine = registry->find("mine");
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->terms("Salt & Pepper,Oil"), (Terms{"salt", "and", "oil"}));
  EXPECT_EQ(mine->position_increment_gap(), 7u);
  EXPECT_EQ(registry->default_analyzer()->terms("the x"), Terms{"the"});
  EXPECT_EQ(AnalyzerRegistry().default_analyzer()->name(), "standard");
}

TEST(AnalyzerRegistryTest, LeavesWordsOutOfStemming) {
  const auto registry =
      parse(R"({"analyzer": {"e": {"type": "english", "stem_exclusion": ["skies"]}}})");
  ASSERT_TRUE(registry);
  EXPECT_EQ(registry->find("e")->terms("The skies' dogs"), (Terms{"skies", "dog"}));
}

TEST(AnalyzerRegistryTest, RefusesInOpenSearchsWords) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {R"({"analyzer": {"a": {"type": "latin"}}})", "Unknown analyzer type [latin] for [a]"},
      {R"({"analyzer": {"a": {}}})",
       "analyzer [a] must specify either an analyzer type, or a tokenizer"},
      {R"({"analyzer": {"a": {"tokenizer": "standard", "filter": ["f"]}}})",
       "Custom Analyzer [a] failed to find filter under name [f]"},
      {R"({"analyzer": {"a": {"tokenizer": "t"}}})",
       "Custom Analyzer [a] failed to find tokenizer under name [t]"},
      {R"({"analyzer": {"a": {"tokenizer": "standard", "char_filter": "c"}}})",
       "Custom Analyzer [a] failed to find char_filter under name [c]"},
      {R"({"tokenizer": {"t": {"type": "cut"}}})", "Unknown tokenizer type [cut] for [t]"},
      {R"({"filter": {"f": {"type": "length", "min": "few"}}})",
       "Failed to parse value [few] for setting [min]"},
      {R"({"filter": {"f": {"type": "unique", "only_on_same_position": 1}}})",
       "Failed to parse value [1] as only [true] or [false] are allowed."},
      {R"({"filter": {"f": {"type": "stemmer", "language": "klingon"}}})",
       "Invalid stemmer class specified: klingon"},
      {R"({"char_filter": {"c": {"type": "mapping", "mappings": ["a"]}}})",
       "Invalid Mapping Rule : [a]"},
      {R"({"char_filter": {"c": {"type": "pattern_replace"}}})",
       "pattern is missing for [c] char filter of type 'pattern_replace'"},
      {R"({"tokenizer": {"t": {"type": "ngram", "min_gram": 1, "max_gram": 5}}})",
       "The difference between max_gram and min_gram in NGram Tokenizer must be less than or equal "
       "to: [1] but was [4]. This limit can be set by changing the [index.max_ngram_diff] index "
       "level setting."},
  };
  for (const auto& [json, message] : kCases) {
    const auto registry = parse(json);
    ASSERT_FALSE(registry) << json;
    EXPECT_EQ(registry.error().message, message);
    EXPECT_EQ(registry.error().code, "illegal_argument_exception");
  }
}

TEST(AnalyzerRegistryTest, MakesAnalyzersForOneCall) {
  const std::pair<std::string_view, std::pair<std::string_view, Terms>> kCases[] = {
      {R"({"tokenizer": "keyword", "filter": ["lowercase"]})", {"A B", {"a b"}}},
      {R"({"filter": ["uppercase"]})", {"a ß", {"A ß"}}},
      {R"({"tokenizer": "standard", "filter": {"type": "stop", "stopwords": "foo, buzz"}})",
       {"foo bar buzz", {"bar"}}},
      {R"({"tokenizer": "path_hierarchy"})", {"/a/b/", {"/a", "/a/b", "/a/b/"}}},
      {R"({"tokenizer": {"type": "path_hierarchy", "delimiter": "-", "replacement": "/",
           "skip": 1}})",
       {"one-two-three", {"/two", "/two/three"}}},
      {R"({"tokenizer": "ngram"})", {"né€", {"n", "né", "é", "é€", "€"}}},
      {R"({"tokenizer": {"type": "edge_ngram", "min_gram": 2, "max_gram": 3,
           "token_chars": ["letter"]}})",
       {"quick 2f", {"qu", "qui"}}},
      {R"({"tokenizer": {"type": "pattern", "pattern": "'([^']+)'", "group": 1}})",
       {"a 'b' 'c d'", {"b", "c d"}}},
      {R"({"tokenizer": "whitespace", "filter": ["reverse", {"type": "truncate", "length": 2}]})",
       {"añb", {"bñ"}}},
      {R"({"tokenizer": "whitespace", "filter": ["unique", {"type": "limit",
           "max_token_count": 2}]})",
       {"a a b c", {"a", "b"}}},
      {R"({"tokenizer": "standard", "filter": [{"type": "elision", "articles": ["l"],
           "articles_case": true}]})",
       {"L'avion d'or", {"avion", "d'or"}}},
      {R"({"tokenizer": "standard", "filter": ["apostrophe", "decimal_digit"]})",
       {"Ankara'ya ١٢", {"Ankara", "12"}}},
      {R"({"tokenizer": "standard", "filter": [{"type": "keyword_marker", "keywords": ["Cats"],
           "ignore_case": true}, "porter_stem"]})",
       {"cats dogs", {"cats", "dog"}}},
      {R"({"tokenizer": "standard", "filter": [{"type": "stemmer", "language": "german"}]})",
       {"aufeinanderschlügen", {"aufeinanderschlug"}}},
      {R"({"tokenizer": "standard", "filter": [{"type": "snowball", "language": "Dutch"}]})",
       {"lichamelijkheden", {"licham"}}},
      {R"({"tokenizer": "standard", "filter": [{"type": "edge_ngram", "min_gram": 1,
           "max_gram": 3, "preserve_original": true}]})",
       {"word", {"w", "wo", "wor", "word"}}},
      {R"({"tokenizer": "keyword", "char_filter": [{"type": "pattern_replace",
           "pattern": "(\\d+)-\\d+", "replacement": "$1!"}]})",
       {"12-34", {"12!"}}},
      {R"({"tokenizer": "keyword", "char_filter": "html_strip"})",
       {"<p>I&apos;m <b title='>'>so</b> &#x68;appy!</p><!-- no --><script>a < b</script> 1 < 2 "
        "&x;",
        {"\nI'm so happy!\n\n 1 < 2 &x;"}}},
      {R"({"tokenizer": "nope"})", {"", {"failed to find global tokenizer under [nope]"}}},
      {R"({"filter": ["nope"]})", {"", {"failed to find global filter under [nope]"}}},
  };
  for (const auto& [body, outcome] : kCases) {
    EXPECT_EQ(made_terms(body, outcome.first), outcome.second) << body;
  }
}

TEST(AnalyzerRegistryTest, TellsPlacesBeforeCharFilters) {
  const auto document = base::JsonDocument::parse(R"({"tokenizer": "whitespace",
      "char_filter": [{"type": "mapping", "mappings": ["é => ee", "xx => y"]}]})");
  const auto made = AnalyzerRegistry().make(document.value().root());
  ASSERT_TRUE(made);
  std::vector<TextPlace> ends;
  (*made)->analyze("né xx b",
                   [&](const Token& token) { ends.push_back({token.end_offset, token.end_byte}); });
  EXPECT_EQ(ends, (std::vector<TextPlace>{{2, 3}, {5, 6}, {7, 8}}));
}

TEST(AnalyzeReportTest, GoesOnBehindAGapFromValueToValue) {
  const std::string values[] = {"The Foo", "bar the"};
  const auto tokens = analyze_values(*AnalyzerRegistry().find("stop"), values);
  ASSERT_TRUE(tokens);
  EXPECT_EQ(*tokens, (std::vector<AnalyzedToken>{{"foo", 4, 7, "word", 1, 1},
                                                 {"bar", 8, 11, "word", 102, 1}}));
}

TEST(AnalyzeReportTest, ShowsWhatEachPartMakes) {
  const auto document = base::JsonDocument::parse(
      R"({"tokenizer": "standard", "filter": [{"type": "stop", "stopwords": ["foo", "buzz"]}]})");
  const auto made = AnalyzerRegistry().make(document.value().root());
  ASSERT_TRUE(made);
  const std::string values[] = {"foo bar buzz"};
  const auto detail = explain_values(**made, values);
  ASSERT_TRUE(detail);
  EXPECT_TRUE(detail->custom_analyzer);
  EXPECT_EQ(detail->tokenizer.name, "standard");
  EXPECT_EQ(detail->tokenizer.tokens.size(), 3u);
  ASSERT_EQ(detail->tokenfilters.size(), 1u);
  EXPECT_EQ(detail->tokenfilters[0].tokens.size(), 1u);
}

TEST(AnalyzeReportTest, RefusesTooManyTokens) {
  const std::string values[] = {"This should fail as it exceeds limit"};
  const auto tokens = analyze_values(*AnalyzerRegistry().find("standard"), values, 3);
  ASSERT_FALSE(tokens);
  EXPECT_EQ(
      tokens.error().message,
      "The number of tokens produced by calling _analyze has exceeded the allowed maximum of "
      "[3]. This limit can be set by changing the [index.analyze.max_token_count] index level "
      "setting.");
}

}  // namespace
}  // namespace hornbeam::search
