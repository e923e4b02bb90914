#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/highlight/passages.h"
#include "hornbeam/search/query/execute_search.h"
#include "hornbeam/search/testing/new_index.h"

namespace hornbeam::search {
namespace {

class Highlight : public ::testing::Test {
 protected:
  Highlight()
      : index_(testing::new_index(R"({"properties": {
            "text": {"type": "text", "fields": {"other": {"type": "text"}}},
            "stopped": {"type": "text", "analyzer": "stop",
                        "fields": {"plain": {"type": "text", "analyzer": "standard"}}},
            "tag": {"type": "keyword", "ignore_above": 3}}})")) {}

  /// The fragments of the first hit as "field: fragment | fragment", fields on lines.
  std::string show(std::string_view document, std::string_view query, std::string_view highlight) {
    EXPECT_TRUE(index_->put("1", document));
    index_->refresh();
    const auto found =
        index_->search(fmt::format(R"({{"query": {}, "highlight": {}}})", query, highlight));
    if (!found) return found.error().code + ": " + found.error().message;
    if (found->hits.empty()) return "no hit";
    std::string all;
    for (const auto& [field, fragments] : found->hits[0].highlight) {
      all += fmt::format("{}{}: {}", all.empty() ? "" : "\n", field, fmt::join(fragments, " | "));
    }
    return all;
  }
  std::unique_ptr<Index> index_;
};

constexpr std::string_view kFox = R"({"text": "The quick brown fox is brown."})";
constexpr std::string_view kFields = R"({"fields": {"text": {}}})";

TEST_F(Highlight, MarksTermsInAllFields) {
  EXPECT_EQ(show(kFox, R"({"multi_match": {"query": "quick brown fox", "fields": ["text*"]}})",
                 R"({"type": "unified", "fields": {"*": {}}})"),
            "text: The <em>quick</em> <em>brown</em> <em>fox</em> is <em>brown</em>.\n"
            "text.other: The <em>quick</em> <em>brown</em> <em>fox</em> is <em>brown</em>.");
}

TEST_F(Highlight, MarksPhrasesWhereTheyAre) {
  EXPECT_EQ(show(R"({"text": "brown fox, quick brown fox, fox quick"})",
                 R"({"match_phrase": {"text": "quick brown"}})", kFields),
            "text: brown fox, <em>quick</em> <em>brown</em> fox, fox quick");
  EXPECT_EQ(show(R"({"text": "quick red fox and a fox"})",
                 R"({"match_phrase": {"text": {"query": "quick fox", "slop": 1}}})", kFields),
            "text: <em>quick</em> red <em>fox</em> and a fox");
}

TEST_F(Highlight, MarksPatterns) {
  EXPECT_EQ(show(kFox, R"({"prefix": {"text": "br"}})", kFields),
            "text: The quick <em>brown</em> fox is <em>brown</em>.");
  EXPECT_EQ(show(kFox, R"({"fuzzy": {"text": "quik"}})", kFields),
            "text: The <em>quick</em> brown fox is brown.");
  EXPECT_EQ(show(kFox, R"({"query_string": {"query": "text:f?x -text:green"}})", kFields),
            "text: The quick brown <em>fox</em> is brown.");
}

TEST_F(Highlight, LeavesOutWhatMustNotMatch) {
  EXPECT_EQ(show(kFox, R"({"bool": {"must": {"term": {"text": "fox"}},
      "must_not": {"match_phrase": {"text": "fox quick"}}}})",
                 kFields),
            "text: The quick brown <em>fox</em> is brown.");
}

TEST_F(Highlight, FollowsItsOptions) {
  const char* const fox = R"({"match": {"text": "fox"}})";
  EXPECT_EQ(show(kFox, fox, R"({"pre_tags": ["["], "post_tags": ["]"], "fields": {"text": {}}})"),
            "text: The quick brown [fox] is brown.");
  EXPECT_EQ(show(kFox, fox, R"({"tags_schema": "styled", "fields": [{"text": {}}]})"),
            "text: The quick brown <em class=\"hlt1\">fox</em> is brown.");
  EXPECT_EQ(show(R"({"text": "<b>fox</b> & 'co'"})", fox,
                 R"({"encoder": "html", "fields": {"text": {}}})"),
            "text: &lt;b&gt;<em>fox</em>&lt;&#x2F;b&gt; &amp; &#x27;co&#x27;");
  EXPECT_EQ(show(kFox, R"({"match_all": {}})",
                 R"({"fields": {"text": {"highlight_query": {"match": {"text": "quick"}}}}})"),
            "text: The <em>quick</em> brown fox is brown.");
  EXPECT_EQ(show(kFox, R"({"match_all": {}})", kFields), "");
  EXPECT_EQ(show(kFox, R"({"match_all": {}})", R"({"no_match_size": 6, "fields": {"text": {}}})"),
            "text: The quick");
  EXPECT_EQ(show(kFox, R"({"match": {"text.other": "fox"}})", kFields), "");
  EXPECT_EQ(show(kFox, R"({"match": {"text.other": "fox"}})",
                 R"({"require_field_match": false, "fields": {"text": {}}})"),
            "text: The quick brown <em>fox</em> is brown.");
}

TEST_F(Highlight, CutsSentences) {
  const std::string text =
      "First comes a sentence without it. Then a fox is seen by the hunters in the wood. Nothing "
      "happens here at all, which takes a while to say. A fox and a fox meet. The end.";
  const std::string document = fmt::format(R"({{"text": "{}"}})", text);
  const char* const fox = R"({"match": {"text": "fox"}})";
  EXPECT_EQ(show(document, fox, R"({"fragment_size": 50, "fields": {"text": {}}})"),
            "text: Then a <em>fox</em> is seen by the hunters in the wood. | A <em>fox</em> and a "
            "<em>fox</em> meet. The end.");
  EXPECT_EQ(show(document, fox,
                 R"({"fragment_size": 50, "order": "score", "number_of_fragments": 1,
                     "fields": {"text": {}}})"),
            "text: A <em>fox</em> and a <em>fox</em> meet. The end.");
  EXPECT_EQ(show(document, fox, R"({"number_of_fragments": 0, "fields": {"text": {}}})").size(),
            text.size() + 3 * 9 + 6);
}

TEST_F(Highlight, KeepsValuesApart) {
  EXPECT_EQ(
      show(R"({"text": ["a fox", "no", "the fox"]})", R"({"match": {"text": "fox"}})", kFields),
      "text: a <em>fox</em> | the <em>fox</em>");
  EXPECT_EQ(show(R"({"text": ["quick", "brown"]})", R"({"match": {"text": "brown"}})",
                 R"({"fields": {"text": {"highlight_query":
                     {"match_phrase": {"text": "quick brown"}}}}})"),
            "");
}

TEST_F(Highlight, MarksWhatOtherFieldsMatch) {
  EXPECT_EQ(show(R"({"stopped": "What jumps over the lazy dog?"})",
                 R"({"multi_match": {"query": "the dog", "fields": ["stopped", "stopped.plain"]}})",
                 R"({"fields": {"stopped": {"matched_fields": ["stopped.plain"]}}})"),
            "stopped: What jumps over <em>the</em> lazy <em>dog</em>?");
}

TEST_F(Highlight, ShowsKeywordsWhole) {
  EXPECT_EQ(show(R"({"tag": ["123", "1234"]})", R"({"prefix": {"tag": "12"}})",
                 R"({"fields": {"tag": {"type": "plain"}}})"),
            "tag: <em>123</em>");
}

TEST_F(Highlight, BoundsHowFarTextsAreAnalysed) {
  EXPECT_TRUE(index_->put("1", R"({"text": "The quick brown fox went to the forest."})"));
  index_->refresh();
  SearchTarget target = index_->target();
  target.name = "test1";
  target.settings.max_analyzed_offset = 10;
  SearchRequest request{.query = {MatchQuery{.field = "text", .text = "quick fox"}}};
  request.highlight = {.fields = {{.name = "text"}}};
  const auto refused = execute_search({&target, 1}, request, 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "illegal_argument_exception");
  EXPECT_EQ(refused.error().message,
            "The length of [text] field of [1] doc of [test1] index has exceeded [10] - maximum "
            "allowed to be analyzed for highlighting. This maximum can be set by changing the "
            "[index.highlight.max_analyzed_offset] index level setting. For large texts, indexing "
            "with offsets or term vectors is recommended!");
  request.highlight->options.max_analyzer_offset = 10;
  EXPECT_EQ(execute_search({&target, 1}, request, 0)->hits[0].highlight["text"].front(),
            "The <em>quick</em> brown fox went to the forest.");
  request.highlight->options.type = "plain";
  EXPECT_EQ(execute_search({&target, 1}, request, 0)->hits[0].highlight["text"].front(),
            "The <em>quick</em> ");
}

TEST_F(Highlight, CountsInCharactersOfAnyScript) {
  EXPECT_EQ(show(R"({"text": "Ünïcödé 😀 fox — ✓ füchse"})", R"({"match": {"text": "füchse fox"}})",
                 kFields),
            "text: Ünïcödé 😀 <em>fox</em> — ✓ <em>füchse</em>");
}

}  // namespace
}  // namespace hornbeam::search
