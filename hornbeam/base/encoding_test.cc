#include "hornbeam/base/encoding.h"

#include <random>

#include <gtest/gtest.h>

namespace hornbeam::base {
namespace {

TEST(Encoding, DecodesPercentEscapesAndLeavesBadOnes) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
}

TEST(Encoding, EncodesPathsAndQueries) {
  EXPECT_EQ(percent_encode("/a b/\xC3\xBC;x", kPathSafe), "/a%20b/%C3%BC;x");
  EXPECT_EQ(percent_encode("a&b=c/~"), "a%26b%3Dc%2F~");
}

TEST(Encoding, Base64UrlRoundsTripAndRefusesOtherSpellings) {
  EXPECT_EQ(base64url_encode("\xFF\xFE\xFD"), "__79");
  EXPECT_EQ(base64url_encode("a"), "YQ");
  EXPECT_EQ(base64url_decode("YQ"), "a");
  for (const char* wrong : {"Y", "YR", "YQ==", "Y Q", "YQ\n"}) {
    EXPECT_FALSE(base64url_decode(wrong)) << wrong;
  }
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& each : bytes) each = static_cast<char>(random());
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
  }
}

TEST(Encoding, KnowsUtf8) {
  EXPECT_TRUE(is_valid_utf8("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* wrong : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
                            "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_valid_utf8(wrong));
  }
  EXPECT_EQ(utf8_length("\xC3\xBC\xE2\x82\xAC"), 2U);
}

TEST(Encoding, KnowsUtf8WhereverInAText) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\x80';
    EXPECT_EQ(ascii_prefix(text), at);
    EXPECT_FALSE(is_valid_utf8(text)) << at;
    text.replace(at, 1, "\u20AC");
    EXPECT_EQ(ascii_prefix(text), at);
    EXPECT_TRUE(is_valid_utf8(text)) << at;
  }
  EXPECT_EQ(ascii_prefix(std::string(40, 'a')), 40U);
}

TEST(Encoding, EscapesHtmlAsMarkupSafeDoes) {
  EXPECT_EQ(html_escape("<a href=\"x\">'&'</a>"),
            "&lt;a href=&#34;x&#34;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

}  // namespace
}  // namespace hornbeam::base
