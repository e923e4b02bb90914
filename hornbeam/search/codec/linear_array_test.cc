#include "hornbeam/search/codec/linear_array.h"

#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::search {
namespace {

using Numbers = std::vector<std::uint64_t>;

std::string written(const Numbers& numbers) {
  ByteWriter out;
  LinearArray::write(numbers, out);
  return std::string(out.view());
}

Numbers read_back(const std::string& bytes) {
  ByteReader in(bytes);
  const LinearArray array(in);
  EXPECT_TRUE(in.at_end());
  Numbers found;
  for (std::size_t i = 0; i < array.size(); ++i) found.push_back(array[i]);
  return found;
}

TEST(LinearArray, ReadsBackNumbersOfEveryWidth) {
  std::mt19937_64 random(3);
  for (int width = 0; width < 64; ++width) {
    for (const std::size_t size : {0, 1, 2, 127, 128, 129, 300}) {
      Numbers numbers(size);
      for (std::uint64_t& number : numbers) number = width == 0 ? 0 : random() >> (64 - width);
      EXPECT_EQ(read_back(written(numbers)), numbers) << width << " bits, " << size << " numbers";
    }
  }
}

TEST(LinearArray, ReadsBackWhatRisesAndFallsSteeply) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const Numbers& numbers :
       {Numbers{0, kMost}, Numbers{kMost, 0}, Numbers{kMost, kMost}, Numbers{0, kMost, 1, kMost},
        Numbers{0, std::uint64_t{1} << 40, std::uint64_t{1} << 41}}) {
    EXPECT_EQ(read_back(written(numbers)), numbers);
  }
}

TEST(LinearArray, TakesABitForNumbersOnALine) {
  Numbers numbers(12'800);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 1'000'000 + 3 * i;
  EXPECT_LT(written(numbers).size(), numbers.size() / 7);
}

TEST(LinearArray, RefusesWhatIsNotThere) {
  const std::string whole = written({1, 5, 900, 3});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string part = whole.substr(0, size);
    EXPECT_THROW(read_back(part), std::out_of_range) << size;
  }
}

TEST(LinearArray, SaysWhetherItsNumbersRise) {
  const auto check = [](const Numbers& numbers, std::uint64_t most) {
    const std::string bytes = written(numbers);
    ByteReader in(bytes);
    LinearArray(in).check_rising(most);
  };
  EXPECT_NO_THROW(check({1, 1, 7}, 7));
  EXPECT_THROW(check({1, 1, 7}, 6), std::out_of_range);
  EXPECT_THROW(check({2, 1, 7}, 7), std::out_of_range);
}

}  // namespace
}  // namespace hornbeam::search
