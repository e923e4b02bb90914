#include "hornbeam/search/analysis/analyzer.h"

#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"

namespace hornbeam::search {
namespace {

using Terms = std::vector<std::string>;

Terms terms(std::string_view analyzer, std::string_view text) {
  return AnalyzerRegistry().find(analyzer)->terms(text);
}

TEST(AnalyzerTest, CutsAtWhiteSpaceAndCountsBothWays) {
  std::vector<Token> tokens;
  const StreamEnd end =
      AnalyzerRegistry().find("whitespace")->analyze("né 𝒳y z ", [&](const Token& token) {
        tokens.push_back(token);
      });
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[1].start_offset, 3u);
  EXPECT_EQ(tokens[1].end_offset, 6u);
  EXPECT_EQ(tokens[1].start_byte, 4u);
  EXPECT_EQ(tokens[1].end_byte, 9u);
  EXPECT_EQ(end.end_offset, 9u);
  EXPECT_EQ(end.end_byte, 12u);
}

TEST(AnalyzerTest, ReadsBytesThatAreNoUtf8AsReplacementCharacters) {
  std::vector<Token> tokens;
  AnalyzerRegistry().find("whitespace")->analyze("a\xFF b\xE2\x82 c", [&](const Token& token) {
    tokens.push_back(token);
    tokens.back().term = "";
  });
  EXPECT_EQ(terms("whitespace", "a\xFF b\xE2\x82 c"), (Terms{"a\uFFFD", "b\uFFFD", "c"}));
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[2].start_byte, 7u);
  EXPECT_EQ(tokens[2].end_byte, 8u);
  EXPECT_EQ(tokens[2].start_offset, 6u);
}

TEST(AnalyzerTest, CutsWordsAtTheLongestThatFits) {
  EXPECT_EQ(terms("whitespace", std::string(300, 'a')),
            (Terms{std::string(255, 'a'), std::string(45, 'a')}));
}

TEST(AnalyzerTest, TakesTheWholeTextAsAKeyword) {
  EXPECT_EQ(terms("keyword", "New York"), Terms{"New York"});
}

}  // namespace
}  // namespace hornbeam::search
