#include "hornbeam/search/score/bm25_lanes.h"

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

TEST(Bm25Lanes, GiveTheSameBitsEightAtOnceAsOneByOne) {
  const bm25_lanes::Score eight_at_once = bm25_lanes::eight_at_once();
  if (!eight_at_once) GTEST_SKIP() << "this processor scores one by one";
  std::mt19937 random(3);
  std::array<float, 256> inverse{};
  for (float& one : inverse) one = 1.0F / (0.3F + static_cast<float>(random() % 100'000) * 1e-3F);
  std::vector<std::uint8_t> norms(10'000);
  for (std::uint8_t& norm : norms) norm = static_cast<std::uint8_t>(random());
  for (std::size_t count = 0; count <= 128; ++count) {
    std::vector<std::uint32_t> docs(count);
    std::vector<std::uint32_t> freqs(count);
    for (std::uint32_t& doc : docs) doc = static_cast<std::uint32_t>(random() % norms.size());
    for (std::uint32_t& freq : freqs)
      freq = 1 + (static_cast<std::uint32_t>(random()) >> (1 + random() % 30));
    const bm25_lanes::Factors factors{.weight = 0.1F + static_cast<float>(count),
                                      .inverse = inverse.data(),
                                      .norms = norms.data()};
    std::vector<float> expected(count + 1, -1.0F);
    std::vector<float> found(count + 1, -1.0F);
    bm25_lanes::score_one_by_one(factors, docs.data(), freqs.data(), count, expected.data());
    eight_at_once(factors, docs.data(), freqs.data(), count, found.data());
    EXPECT_EQ(std::memcmp(expected.data(), found.data(), expected.size() * sizeof(float)), 0)
        << count;
  }
}

}  // namespace
}  // namespace hornbeam::search
