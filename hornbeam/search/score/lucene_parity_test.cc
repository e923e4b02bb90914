#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"
#include "hornbeam/search/score/search_plan.h"
#include "hornbeam/search/testing/crash_directory.h"
#include "hornbeam/search/testing/golden_runs.h"

// Lucene's own runs over test collections: the same documents, in the same order, with the same
// scores; and what trec_eval says of them.

namespace hornbeam::search {
namespace {

using testing::RunHit;

struct Configuration {
  std::string collection;
  std::string analyzer;
  std::string constants;
  Bm25Options options;
  testing::Quality expected;
};

/// How GoogleTest names it, rather than by its bytes.
void PrintTo(const Configuration& configuration, std::ostream* out) {
  *out << configuration.collection << ' ' << configuration.analyzer << ' '
       << configuration.constants;
}

class LuceneParity : public ::testing::TestWithParam<Configuration> {};

std::unique_ptr<Shard> index_texts(const std::vector<testing::CollectionText>& texts,
                                   const std::shared_ptr<const Analyzer>& analyzer) {
  auto shard = std::make_unique<Shard>(std::make_unique<testing::CrashDirectory>(),
                                       ShardOptions{.merges_in_background = false});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    IndexedDocument document{.id = texts[i].id, .source = "{}"};
    document.texts.push_back({.field = "text", .analyzer = analyzer, .text = texts[i].text});
    EXPECT_TRUE(shard->put(std::move(document)));
    if (i == texts.size() / 2) shard->refresh();
  }
  shard->refresh();
  return shard;
}

std::vector<RunHit> find(const Snapshot& snapshot, const Analyzer& analyzer,
                         const std::string& text, const Bm25Options& options) {
  BoolClauses clauses;
  for (std::string& term : analyzer.terms(text)) {
    clauses.should.push_back(plan_term(snapshot, "text", std::move(term), 1, options));
  }
  if (clauses.should.empty()) return {};
  TopDocsCollector collector{.top = TopDocs(1000), .count_limit = 0};
  search_plan(*plan_bool(std::move(clauses)), snapshot, collector);
  std::vector<RunHit> hits;
  for (const ScoredDoc& found : collector.top.take()) {
    const auto segment = std::ranges::upper_bound(snapshot.bases, found.doc) - 1;
    const auto at = static_cast<std::size_t>(segment - snapshot.bases.begin());
    const StoredDocuments& stored = snapshot.segments[at].segment->stored();
    hits.push_back({.id = std::string(stored.id(found.doc - *segment)), .score = found.score});
  }
  return hits;
}

/// How many of the first hundred are not where Lucene has them, ties aside.
std::size_t count_differences(const std::vector<RunHit>& ours, const std::vector<RunHit>& theirs) {
  std::size_t differences = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(100, theirs.size()); ++i) {
    const float score = theirs[i].score;
    const auto same = std::ranges::find(ours, theirs[i].id, &RunHit::id);
    const bool agrees = same != ours.end() && std::abs(same->score - score) <= 1e-4F &&
                        std::abs(ours[i].score - score) <= 1e-4F;
    differences += agrees ? 0 : 1;
  }
  return differences;
}

TEST_P(LuceneParity, ScoresAndOrdersAsLucene) {
  const std::optional<std::filesystem::path> conformance = testing::find_conformance();
  if (!conformance) GTEST_SKIP() << "HORNBEAM_CONFORMANCE names no folder with ir/";
  const Configuration& wanted = GetParam();
  const std::filesystem::path folder = *conformance / "ir" / wanted.collection;
  const AnalyzerRegistry analyzers;
  const std::shared_ptr<const Analyzer> analyzer = analyzers.find(wanted.analyzer);
  ASSERT_TRUE(analyzer);
  // Lucene's run over CISI was of title and text in one field.
  const bool title_counts = wanted.collection == "cisi";
  const auto shard =
      index_texts(testing::read_texts(folder / "docs.jsonl", title_counts), analyzer);
  const testing::Run golden = testing::read_run(
      folder / fmt::format("lucene87-{}-{}.run.gz", wanted.analyzer, wanted.constants));
  testing::Run run;
  std::size_t hits = 0;
  std::size_t differences = 0;
  for (const testing::CollectionText& query : testing::read_texts(folder / "queries.jsonl")) {
    run[query.id] = find(*shard->snapshot(), *analyzer, query.text, wanted.options);
    const auto theirs = golden.find(query.id);
    if (theirs == golden.end()) continue;
    EXPECT_EQ(run[query.id].size(), theirs->second.size()) << "query " << query.id;
    hits += std::min<std::size_t>(100, theirs->second.size());
    differences += count_differences(run[query.id], theirs->second);
  }
  RecordProperty("hits", static_cast<int>(hits));
  EXPECT_GT(hits, 5'000U);
  EXPECT_LE(static_cast<double>(differences), static_cast<double>(hits) * 0.001)
      << differences << " of " << hits;
  const testing::Quality quality =
      testing::evaluate(run, testing::read_judgements(folder / "qrels.trec"));
  EXPECT_NEAR(quality.map, wanted.expected.map, 0.0002);
  EXPECT_NEAR(quality.ndcg_at_10, wanted.expected.ndcg_at_10, 0.0002);
}

constexpr Bm25Options kDefault{};
constexpr Bm25Options kFlat{.k1 = 0.9F, .b = 0.4F};

INSTANTIATE_TEST_SUITE_P(
    Collections, LuceneParity,
    ::testing::Values(
        Configuration{"cranfield", "english", "1.2-0.75", kDefault, {.2952, .3738}},
        Configuration{"cranfield", "english", "0.9-0.4", kFlat, {.2790, .3560}},
        Configuration{"cranfield", "standard", "1.2-0.75", kDefault, {.2680, .3493}},
        Configuration{"cisi", "english", "1.2-0.75", kDefault, {.2083, .3710}},
        Configuration{"cisi", "english", "0.9-0.4", kFlat, {.1983, .3585}},
        Configuration{"cisi", "standard", "1.2-0.75", kDefault, {.1766, .3371}},
        Configuration{"nfcorpus-tokenised", "english", "1.2-0.75", kDefault, {.1547, .3323}},
        Configuration{"nfcorpus-tokenised", "english", "0.9-0.4", kFlat, {.1547, .3312}},
        Configuration{"nfcorpus-tokenised", "standard", "1.2-0.75", kDefault, {.1433, .3053}}),
    [](const auto& info) {
      std::string name =
          info.param.collection + "_" + info.param.analyzer + "_" + info.param.constants;
      std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
      return name;
    });

}  // namespace
}  // namespace hornbeam::search
