#include "hornbeam/http/utf8.h"

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

// The oracle: encodes code points, rather than deciding about bytes.
std::string encode(unsigned point) {
  const auto tail = [](unsigned bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xC0 | point >> 6), tail(point)};
  if (point < 0x10000) {
    return {static_cast<char>(0xE0 | point >> 12), tail(point >> 6), tail(point)};
  }
  return {static_cast<char>(0xF0 | point >> 18), tail(point >> 12), tail(point >> 6), tail(point)};
}

bool is_scalar(unsigned point) {
  return point < 0xD800 || (point > 0xDFFF && point < 0x110000);
}

bool is_utf8_byte_by_byte(std::string_view bytes) {
  Utf8Validator validator;
  for (const char& byte : bytes) {
    if (!validator.feed(std::string_view(&byte, 1))) return false;
  }
  return validator.complete();
}

TEST(Utf8Validator, TakesEveryScalarValueAndNoSurrogate) {
  for (unsigned point = 0; point < 0x120000; ++point) {
    // Behind it enough for the quick path, which needs four bytes.
    const std::string bytes = encode(point) + "abc";
    ASSERT_EQ(is_utf8(bytes), is_scalar(point)) << point;
    ASSERT_EQ(is_utf8_byte_by_byte(bytes), is_scalar(point)) << point;
  }
}

TEST(Utf8Validator, TakesExactlyTheTwoByteFormsThatEncodeSomething) {
  std::vector<bool> is_good(0x10000);
  for (unsigned first = 0; first < 0x80; ++first) {
    for (unsigned second = 0; second < 0x80; ++second) is_good[first << 8 | second] = true;
  }
  for (unsigned point = 0x80; point < 0x800; ++point) {
    const std::string bytes = encode(point);
    is_good[static_cast<std::uint8_t>(bytes[0]) << 8 | static_cast<std::uint8_t>(bytes[1])] = true;
  }
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    const std::string bytes = {static_cast<char>(pair >> 8), static_cast<char>(pair)};
    ASSERT_EQ(is_utf8(bytes), is_good[pair]) << pair;
    ASSERT_EQ(is_utf8("0123456789abcde" + bytes + "wxyz"), is_good[pair]) << pair;
    ASSERT_EQ(is_utf8_byte_by_byte(bytes), is_good[pair]) << pair;
  }
}

TEST(Utf8Validator, AgreesWithItselfHoweverBytesAreSplit) {
  std::mt19937 random(20'260'101);
  // Bytes near the borders of the grammar, so that much of what comes is nearly right.
  constexpr unsigned char kOctets[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                       0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
                                       0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5};
  int good = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes;
    for (unsigned size = random() % 12; size > 0; --size) {
      bytes += static_cast<char>(kOctets[random() % std::size(kOctets)]);
      if (random() % 2 == 0) bytes += encode(0x80 + random() % 0x20000);
    }
    const bool expected = is_utf8_byte_by_byte(bytes);
    good += expected;
    ASSERT_EQ(is_utf8(bytes), expected);
    const std::size_t cut = bytes.empty() ? 0 : random() % bytes.size();
    Utf8Validator validator;
    const bool fed = validator.feed(bytes.substr(0, cut)) && validator.feed(bytes.substr(cut));
    ASSERT_EQ(fed && validator.complete(), expected);
  }
  EXPECT_GT(good, 1000);
}

TEST(Utf8Validator, FindsOneWrongByteAtEveryPlaceInLongAscii) {
  for (std::size_t size = 1; size < 70; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(is_utf8(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\xFF';
      EXPECT_FALSE(is_utf8(text)) << size << " " << at;
      text[at] = 'a';
    }
  }
}

TEST(Utf8Validator, RefusesAtTheFirstByteThatCannotContinue) {
  struct Row {
    std::string_view bytes;
    std::size_t wrong_at;
  };
  for (const Row& row : {Row{"\xE0\x9F\x80", 1}, Row{"\xED\xA0\x80", 1}, Row{"\xF0\x8F\xBF\xBF", 1},
                         Row{"\xF4\x90\x80\x80", 1}, Row{"\xC1\x80", 0}, Row{"\xF5\x80", 0},
                         Row{"a\xE2\x82z", 3}, Row{"\xF0\x9F\x8Ez", 3}}) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed(row.bytes.substr(0, row.wrong_at)));
    EXPECT_FALSE(validator.feed(row.bytes.substr(row.wrong_at, 1)));
  }
}

TEST(Utf8Validator, IsCompleteOnlyBetweenCharacters) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.complete());
  EXPECT_TRUE(validator.feed("\xE2\x82"));
  EXPECT_FALSE(validator.complete());
  EXPECT_TRUE(validator.feed("\xAC"));
  EXPECT_TRUE(validator.complete());
  EXPECT_TRUE(validator.feed("\xE2"));
  validator.reset();
  EXPECT_TRUE(validator.complete() && validator.feed("a"));
}

}  // namespace
}  // namespace hornbeam::http
