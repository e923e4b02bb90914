#include "hornbeam/search/testing/test_indices.h"

#include <gtest/gtest.h>

#include "hornbeam/search/query/planner.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search::testing {

TestIndices::TestIndices(std::string_view mapping, Layout layout) : layout_(layout) {
  for (std::size_t i = 0; i < layout.indices; ++i) {
    auto index =
        Index::open(std::make_unique<CrashDirectory>(), {.shard = {.merges_in_background = false}});
    EXPECT_TRUE(index);
    EXPECT_TRUE((*index)->put_mapping(mapping));
    all_.push_back(std::move(*index));
  }
}

void TestIndices::add(std::string_view json) {
  add_to(next_id_ % layout_.indices, json);
}

void TestIndices::add_to(std::size_t index, std::string_view json) {
  const auto outcome = all_[index]->put(std::to_string(next_id_), json);
  ASSERT_TRUE(outcome) << outcome.error().message;
  if (++next_id_ % layout_.documents_per_segment == 0) refresh();
}

void TestIndices::refresh() {
  for (const auto& each : all_) each->refresh();
}

std::string TestIndices::run(std::string_view aggregations, std::string_view query,
                             AggregationOptions options) const {
  const auto json = base::JsonDocument::parse(aggregations);
  const auto query_json = base::JsonDocument::parse(query);
  EXPECT_TRUE(json && query_json) << aggregations;
  if (!json || !query_json) return "no JSON";
  const auto asked = parse_aggregations(json->root());
  if (!asked) return asked.error().code + ": " + asked.error().message;
  const auto parsed_query = parse_query(query_json->root());
  if (!parsed_query) return parsed_query.error().message;
  AggregationRun run(*asked, options);
  for (const auto& each : all_) {
    const auto snapshot = each->shard().snapshot();
    const auto registry = std::make_shared<const AnalyzerRegistry>();
    Mapping mapping(registry);
    const auto mapping_json = base::JsonDocument::parse(each->mapping());
    EXPECT_TRUE(mapping_json && mapping.add(mapping_json->root()));
    const Bm25Options bm25;
    const auto plan = plan_query(*parsed_query, *snapshot, mapping, bm25);
    if (!plan) return plan.error().message;
    const auto collected = run.collect(**plan, {.snapshot = *snapshot,
                                                .mapping = mapping,
                                                .bm25 = bm25,
                                                .name = "test",
                                                .is_only = all_.size() == 1});
    if (!collected) return collected.error().code + ": " + collected.error().message;
  }
  const auto result = run.result();
  return result ? *result : result.error().code + ": " + result.error().message;
}

}  // namespace hornbeam::search::testing
