#include "hornbeam/search/analysis/synonym_filter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"

namespace hornbeam::search {
namespace {

base::Result<std::shared_ptr<const Analyzer>> make(std::string_view filter) {
  const std::string body =
      R"({"tokenizer": "whitespace", "filter": [)" + std::string(filter) + "]}";
  return AnalyzerRegistry().make(base::JsonDocument::parse(body).value().root());
}

/// The tokens as "term/start-end/increment/length".
std::string stream(std::string_view filter, std::string_view text) {
  const auto analyzer = make(filter);
  if (!analyzer) return analyzer.error().message;
  std::string out;
  (*analyzer)->analyze(text, [&](const Token& token) {
    out += fmt::format("{}{}/{}-{}/{}/{}", out.empty() ? "" : " ", token.term, token.start_offset,
                       token.end_offset, token.position_increment, token.position_length);
  });
  return out;
}

// What Lucene 8.7 gives.
TEST(SynonymFilterTest, PutsPhrasesInAGraphAsLuceneDoes) {
  constexpr std::string_view kFilter = R"({"type": "synonym_graph", "synonyms": [
      "tv, television, tele vision set", "wi fi => wifi", "i pod => ipod, i-pod player",
      "foo, bar"]})";
  EXPECT_EQ(stream(kFilter, "my tv on wi fi now"),
            "my/0-2/1/1 television/3-5/1/3 tele/3-5/0/1 tv/3-5/0/3 vision/3-5/1/1 set/3-5/1/1 "
            "on/6-8/1/1 wifi/9-14/1/1 now/15-18/1/1");
  EXPECT_EQ(stream(kFilter, "i pod tele vision set x"),
            "ipod/0-5/1/2 i-pod/0-5/0/1 player/0-5/1/1 tv/6-21/1/3 television/6-21/0/3 "
            "tele/6-10/0/1 vision/11-17/1/1 set/18-21/1/1 x/22-23/1/1");
  EXPECT_EQ(stream(kFilter, "wi foo tele vision bar"),
            "wi/0-2/1/1 bar/3-6/1/1 foo/3-6/0/1 tele/7-11/1/1 vision/12-18/1/1 foo/19-22/1/1 "
            "bar/19-22/0/1");
}

TEST(SynonymFilterTest, ReadsRulesWithThePartsBeforeIt) {
  EXPECT_EQ(stream(R"("lowercase", {"type": "synonym", "synonyms": "TV, Television"})", "TV"),
            "television/0-2/1/1 tv/0-2/0/1");
}

TEST(SynonymFilterTest, TakesTheFirstOfEqualsWhereItDoesNotExpand) {
  EXPECT_EQ(stream(R"({"type": "synonym", "expand": false, "synonyms": ["# sizes", "big, large"]})",
                   "large big"),
            "big/0-5/1/1 big/6-9/1/1");
}

TEST(SynonymFilterTest, RefusesWhatItCannotKeep) {
  EXPECT_EQ(stream(R"({"type": "synonym"})", ""),
            "synonym requires either `synonyms` or `synonyms_path` to be configured");
  EXPECT_EQ(stream(R"({"type": "synonym", "synonyms": ["wi fi, wifi"]})", ""),
            "the synonym filter is for single words; mend: name those of several words in a filter "
            "of type [synonym_graph]");
  EXPECT_EQ(stream(R"("stop", {"type": "synonym", "synonyms": ["the, a"]})", ""),
            "failed to build synonyms: term: the was completely eliminated by analyzer");
}

}  // namespace
}  // namespace hornbeam::search
