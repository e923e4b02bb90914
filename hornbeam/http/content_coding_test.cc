#include "hornbeam/http/content_coding.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

using Flush = ContentEncoder::Flush;

constexpr ContentCoding kAll[] = {ContentCoding::kGzip, ContentCoding::kBrotli,
                                  ContentCoding::kZstd};

std::string some_text(std::size_t size) {
  std::mt19937 random(5);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 1000) + ' ';
  return text;
}

TEST(ContentCoding, ComesBackAsItWasWhateverThePieces) {
  const std::string text = some_text(200'000);
  for (const ContentCoding coding : kAll) {
    EXPECT_EQ(find_content_coding(to_string(coding)), coding);
    ContentEncoder encoder(coding);
    std::string packed;
    for (std::size_t at = 0; at < text.size(); at += 30'000) {
      encoder.append(packed, std::string_view(text).substr(at, 30'000), Flush::kNone);
    }
    encoder.append(packed, {}, Flush::kEnd);
    EXPECT_LT(packed.size(), text.size() / 2);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{777}, packed.size()}) {
      ContentDecoder decoder(coding, text.size());
      std::string out;
      for (std::size_t at = 0; at < packed.size(); at += piece) {
        EXPECT_FALSE(decoder.append(out, std::string_view(packed).substr(at, piece)));
      }
      EXPECT_TRUE(decoder.is_complete());
      EXPECT_TRUE(out == text);
    }
  }
}

TEST(ContentCoding, LetsWhatWasFlushedBeReadAtOnce) {
  for (const ContentCoding coding : kAll) {
    ContentEncoder encoder(coding);
    ContentDecoder decoder(coding, 1000);
    for (const std::string_view piece : {"first ", "second ", "third"}) {
      std::string packed, out;
      encoder.append(packed, piece, Flush::kSync);
      EXPECT_FALSE(decoder.append(out, packed));
      EXPECT_EQ(out, piece);
    }
  }
}

// Item 12 of the attack list: a body within the limit on the wire that is not within it any more.
TEST(ContentCoding, StopsAtTheLimitOfADecompressionBomb) {
  for (const ContentCoding coding : kAll) {
    ContentEncoder encoder(coding);
    std::string packed;
    encoder.append(packed, std::string(10 << 20, 'a'), Flush::kEnd);
    EXPECT_LT(packed.size(), 20'000U);
    ContentDecoder decoder(coding, 1 << 20);
    std::string out;
    const auto refused = decoder.append(out, packed);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 413);
    EXPECT_LE(out.size(), std::size_t{1} << 20);
  }
}

TEST(ContentCoding, RefusesWhatIsMalformedOrGoesOn) {
  for (const ContentCoding coding : kAll) {
    std::string out;
    EXPECT_EQ(
        ContentDecoder(coding, 100).append(out, "\xffhello, this is plain text").value().status,
        400);
    ContentEncoder encoder(coding);
    std::string packed;
    encoder.append(packed, "text", Flush::kEnd);
    EXPECT_EQ(ContentDecoder(coding, 100).append(out, packed + "more").value().status, 400);
  }
}

}  // namespace
}  // namespace hornbeam::http
