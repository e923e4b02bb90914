#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/search/analysis/registry.h"

namespace hornbeam::search {
namespace {

TEST(AnalyzerTest, ManyThreadsShareOne) {
  const auto analyzer = AnalyzerRegistry().find("whitespace");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_EQ(analyzer->terms("one two\xFF").size(), 2u);
      }
    });
  }
}

}  // namespace
}  // namespace hornbeam::search
