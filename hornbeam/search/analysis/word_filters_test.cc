#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"

// Filters that join, split and fold words.
namespace hornbeam::search {
namespace {

using Terms = std::vector<std::string>;

/// "term/increment/length" of each token that this analyzer gives, or why there is none.
Terms tokens(std::string_view body, std::string_view text) {
  const auto document = base::JsonDocument::parse(body).value();
  const auto made = AnalyzerRegistry().make(document.root());
  if (!made) return {made.error().message};
  Terms found;
  (*made)->analyze(text, [&](const Token& token) {
    found.push_back(std::string(token.term) + "/" + std::to_string(token.position_increment) + "/" +
                    std::to_string(token.position_length));
  });
  return found;
}

TEST(AsciiFolding, PutsLettersAsTheNearestAscii) {
  EXPECT_EQ(tokens(R"({"tokenizer": "standard", "filter": ["asciifolding"]})",
                   "déjà Straße Æther ﬁn naïve İzmir ½"),
            (Terms{"deja/1/1", "Strasse/1/1", "AEther/1/1", "fin/1/1", "naive/1/1", "Izmir/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "standard",
                       "filter": [{"type": "asciifolding", "preserve_original": true}]})",
                   "açaí plain"),
            (Terms{"acai/1/1", "açaí/0/1", "plain/1/1"}));
}

TEST(Shingles, StandBesideTheWordsThatTheyBeginWith) {
  EXPECT_EQ(
      tokens(R"({"tokenizer": "standard", "filter": ["shingle"]})", "please divide this"),
      (Terms{"please/1/1", "please divide/0/2", "divide/1/1", "divide this/0/2", "this/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "standard",
                       "filter": [{"type": "shingle", "min_shingle_size": 2, "max_shingle_size": 3,
                                   "output_unigrams": false, "token_separator": "+"}]})",
                   "a b c"),
            (Terms{"a+b/1/1", "a+b+c/0/2", "b+c/1/1"}));
}

TEST(Shingles, HaveFillersForDroppedWords) {
  EXPECT_EQ(
      tokens(R"({"tokenizer": "standard", "filter": ["stop", "shingle"]})", "fox and the dog"),
      (Terms{"fox/1/1", "fox _/0/2", "_ dog/1/2", "dog/1/1"}));
}

TEST(Shingles, AreWordsIfThereAreTooFew) {
  const std::string_view body = R"({"tokenizer": "standard",
      "filter": [{"type": "shingle", "output_unigrams": false,
                  "output_unigrams_if_no_shingles": true}]})";
  EXPECT_EQ(tokens(body, "alone"), Terms{"alone/1/1"});
  EXPECT_EQ(tokens(body, "not alone"), Terms{"not alone/1/1"});
}

TEST(Shingles, AreLimited) {
  const Terms refused = tokens(R"({"filter": [{"type": "shingle", "max_shingle_size": 9}]})", "x");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_TRUE(refused[0].contains("must be less than or equal to: [3] but was [8]")) << refused[0];
}

// Expected: what Lucene 8.7's WordDelimiterGraphFilter gives.
TEST(WordDelimiter, SplitsAtCaseDigitsAndDelimiters) {
  EXPECT_EQ(tokens(R"({"tokenizer": "whitespace", "filter": ["word_delimiter_graph"]})",
                   "Super-Duper-XL500-42-AutoCoder's plain --- O'Neil's"),
            (Terms{"Super/1/1", "Duper/1/1", "XL/1/1", "500/1/1", "42/1/1", "Auto/1/1", "Coder/1/1",
                   "plain/1/1", "O/2/1", "Neil/1/1"}));
}

TEST(WordDelimiter, JoinsPartsBesideThem) {
  EXPECT_EQ(tokens(R"({"tokenizer": "whitespace",
                       "filter": [{"type": "word_delimiter_graph", "catenate_words": true,
                                   "catenate_numbers": true, "preserve_original": true}]})",
                   "Power-Shot500-42"),
            (Terms{"Power-Shot500-42/1/4", "PowerShot/0/2", "Power/0/1", "Shot/1/1", "50042/1/2",
                   "500/0/1", "42/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "whitespace",
                       "filter": [{"type": "word_delimiter_graph", "catenate_all": true,
                                   "generate_word_parts": false, "generate_number_parts": false}]})",
                   "wi-fi 802.11"),
            (Terms{"wifi/1/1", "80211/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "whitespace",
                       "filter": [{"type": "word_delimiter_graph", "split_on_case_change": false,
                                   "split_on_numerics": false, "protected_words": ["wi-fi"]}]})",
                   "PowerShot500 wi-fi"),
            (Terms{"PowerShot500/1/1", "wi-fi/1/1"}));
}

TEST(IcuFilters, FoldWhatIsTheSameToPeople) {
  EXPECT_EQ(tokens(R"({"tokenizer": "standard", "filter": ["icu_folding"]})",
                   "Ruß Μάϊος résumé ৭০৬ đis ELİF"),
            (Terms{"russ/1/1", "μαιοσ/1/1", "resume/1/1", "706/1/1", "dis/1/1", "elif/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "whitespace", "filter": ["icu_normalizer"]})", "Ⅷ ﬁN Ｗide"),
            (Terms{"viii/1/1", "fin/1/1", "wide/1/1"}));
}

TEST(WordChoice, KeepsWordsAndTypes) {
  EXPECT_EQ(tokens(R"({"tokenizer": "standard",
                       "filter": [{"type": "keep", "keep_words": ["Fox", "dog"],
                                   "keep_words_case": true}]})",
                   "the FOX and a dog"),
            (Terms{"FOX/2/1", "dog/3/1"}));
  const std::string_view types = R"({"tokenizer": "standard",
      "filter": [{"type": "keep_types", "types": ["<NUM>"], "mode": "exclude"}]})";
  EXPECT_EQ(tokens(types, "1 fox 2"), Terms{"fox/2/1"});
}

TEST(WordChoice, RepeatsJoinsAndRewritesTerms) {
  EXPECT_EQ(tokens(R"({"tokenizer": "standard",
                       "filter": ["keyword_repeat", "porter_stem", "remove_duplicates"]})",
                   "foxes run"),
            (Terms{"foxes/1/1", "fox/0/1", "run/1/1"}));
  EXPECT_EQ(tokens(R"({"tokenizer": "standard", "filter": ["lowercase", "fingerprint"]})",
                   "yes Yes no maybe no"),
            Terms{"maybe no yes/1/1"});
  EXPECT_EQ(tokens(R"x({"tokenizer": "whitespace",
                       "filter": [{"type": "pattern_replace", "pattern": "(\\d)(\\d)",
                                   "replacement": "$2-$1"}]})x",
                   "a12b 345"),
            (Terms{"a2-1b/1/1", "4-35/1/1"}));
}

}  // namespace
}  // namespace hornbeam::search
