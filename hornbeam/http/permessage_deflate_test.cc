#include "hornbeam/http/permessage_deflate.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hornbeam::http {
namespace {

constexpr std::size_t kNoLimit = std::size_t{1} << 30;

std::string random_text(std::mt19937& random, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    // Repeats from near and far, so that the window matters.
    if (text.size() > 20 && random() % 3 == 0) {
      text += text.substr(random() % (text.size() - 10), 3 + random() % 300);
    } else {
      text += static_cast<char>('a' + random() % 26);
    }
  }
  text.resize(size);
  return text;
}

std::string inflate_all(MessageInflater& inflater, std::string_view compressed, std::size_t step) {
  std::string out;
  for (; !compressed.empty(); compressed.remove_prefix(std::min(step, compressed.size()))) {
    EXPECT_EQ(inflater.append(out, compressed.substr(0, step), kNoLimit), InflateResult::kOk);
  }
  EXPECT_EQ(inflater.finish(out, kNoLimit), InflateResult::kOk);
  return out;
}

TEST(PermessageDeflate, GivesBackEveryMessageForEveryWindow) {
  std::mt19937 random(7);
  for (std::uint8_t bits = 8; bits <= 15; ++bits) {
    for (const auto context : {MessageDeflater::Context::kFresh, MessageDeflater::Context::kKept}) {
      MessageDeflater deflater(bits, context);
      // The inflater has no larger window than was agreed: a look too far back would show.
      MessageInflater inflater(bits);
      for (const std::size_t size : {0, 1, 5, 100, 255, 256, 1000, 40'000, 0, 0, 200'000, 3}) {
        const std::string message = random_text(random, size);
        std::string compressed;
        deflater.append(compressed, message);
        ASSERT_FALSE(compressed.empty());
        ASSERT_TRUE(inflate_all(inflater, compressed, 1 + random() % 5000) == message);
        if (context == MessageDeflater::Context::kFresh) inflater.reset();
      }
    }
  }
}

TEST(PermessageDeflate, GivesBackBytesThatCannotBeCompressed) {
  std::mt19937 random(8);
  std::string message(300'000, '\0');
  for (char& byte : message) byte = static_cast<char>(random());
  MessageDeflater deflater(15);
  std::string compressed = "in front";
  deflater.append(compressed, message);
  MessageInflater inflater(15);
  EXPECT_TRUE(inflate_all(inflater, std::string_view(compressed).substr(8), 4096) == message);
}

TEST(PermessageDeflate, CompressesAsTheSpecificationShows) {
  MessageDeflater deflater(15, MessageDeflater::Context::kKept);
  std::string first;
  std::string second;
  deflater.append(first, "Hello");
  deflater.append(second, "Hello");
  EXPECT_EQ(first, std::string("\xF2\x48\xCD\xC9\xC9\x07\x00", 7));
  EXPECT_EQ(second, std::string("\xF2\x00\x11\x00\x00", 5));
}

TEST(PermessageDeflate, StopsABombAtTheLimit) {
  MessageDeflater deflater(15, MessageDeflater::Context::kFresh, 9);
  std::string bomb;
  deflater.append(bomb, std::string(std::size_t{64} << 20, '\0'));
  EXPECT_LT(bomb.size(), 70'000U);  // 1024 : 1
  MessageInflater inflater(15);
  std::string out;
  EXPECT_EQ(inflater.append(out, bomb, 1'000'000), InflateResult::kTooBig);
  EXPECT_EQ(out.size(), 1'000'000U);
  EXPECT_LT(out.capacity(), 4'000'000U);
}

TEST(PermessageDeflate, TakesAMessageOfExactlyTheLimit) {
  MessageDeflater deflater(15);
  std::string compressed;
  deflater.append(compressed, std::string(100'000, 'x'));
  MessageInflater inflater(15);
  std::string out;
  EXPECT_EQ(inflater.append(out, compressed, 100'000), InflateResult::kOk);
  EXPECT_EQ(inflater.finish(out, 100'000), InflateResult::kOk);
  EXPECT_EQ(out.size(), 100'000U);
  out.clear();
  inflater.reset();
  EXPECT_EQ(inflater.append(out, compressed, 99'999), InflateResult::kTooBig);
}

struct Negotiation {
  std::string name;
  std::string offer;
  std::string response;  // empty: declined
  DeflatePolicy policy = {};
};

std::vector<Negotiation> negotiations() {
  const DeflatePolicy keep = {.server_context_takeover = true, .client_context_takeover = true};
  const DeflatePolicy small = {.server_max_window_bits = 10, .client_max_window_bits = 9};
  const std::string fresh =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  return {
      {"a plain offer gets no takeover both ways", "permessage-deflate", fresh},
      {"a plain offer gets takeover under a policy that keeps windows", "permessage-deflate",
       "permessage-deflate", keep},
      {"what the client forbids itself is confirmed",
       "permessage-deflate; client_no_context_takeover",
       "permessage-deflate; client_no_context_takeover", keep},
      {"what the client asks of the server is granted",
       "permessage-deflate; server_no_context_takeover",
       "permessage-deflate; server_no_context_takeover", keep},
      {"what a browser sends is accepted", "permessage-deflate; client_max_window_bits", fresh},
      {"a smaller server window is granted and confirmed",
       "permessage-deflate; server_max_window_bits=10", fresh + "; server_max_window_bits=10"},
      {"the smallest server window is granted", "permessage-deflate; server_max_window_bits=8",
       fresh + "; server_max_window_bits=8"},
      {"the largest server window is confirmed too",
       "permessage-deflate; server_max_window_bits=15", fresh + "; server_max_window_bits=15"},
      {"the policy may make the server window smaller", "permessage-deflate",
       fresh + "; server_max_window_bits=10", small},
      {"the policy may make the client window smaller if the client can be told",
       "permessage-deflate; client_max_window_bits",
       fresh + "; server_max_window_bits=10; client_max_window_bits=9", small},
      {"a client window smaller than the policy's stays",
       "permessage-deflate; client_max_window_bits=8",
       fresh + "; server_max_window_bits=10; client_max_window_bits=8", small},
      {"a value may be quoted", "permessage-deflate; server_max_window_bits=\"10\"",
       fresh + "; server_max_window_bits=10"},
      {"white space is no matter", "permessage-deflate ;\tserver_max_window_bits = 10 ",
       fresh + "; server_max_window_bits=10"},
      {"the first offer that is understood is taken",
       "permessage-deflate; unheard_of, permessage-deflate; server_max_window_bits=9, "
       "permessage-deflate",
       fresh + "; server_max_window_bits=9"},
      {"other extensions are passed over", "x-webkit-deflate-frame, permessage-deflate", fresh},
      {"another extension alone is declined", "x-webkit-deflate-frame", ""},
      {"an unknown parameter is declined", "permessage-deflate; unheard_of", ""},
      {"a parameter given twice is declined",
       "permessage-deflate; client_max_window_bits; client_max_window_bits", ""},
      {"a flag given twice is declined",
       "permessage-deflate; server_no_context_takeover; server_no_context_takeover", ""},
      {"a flag with a value is declined", "permessage-deflate; server_no_context_takeover=1", ""},
      {"a server window without a value is declined", "permessage-deflate; server_max_window_bits",
       ""},
      {"a window of 7 bits is declined", "permessage-deflate; server_max_window_bits=7", ""},
      {"a window of 16 bits is declined", "permessage-deflate; client_max_window_bits=16", ""},
      {"a window of 260 bits is declined", "permessage-deflate; client_max_window_bits=260", ""},
      {"a window with a leading zero is declined", "permessage-deflate; server_max_window_bits=010",
       ""},
      {"a window with a sign is declined", "permessage-deflate; server_max_window_bits=+10", ""},
      {"a window that is no number is declined", "permessage-deflate; server_max_window_bits=ten",
       ""},
  };
}

TEST(PermessageDeflate, NegotiatesAsTheTableSays) {
  for (const Negotiation& row : negotiations()) {
    const auto offers = parse_extensions(row.offer);
    ASSERT_TRUE(offers) << row.name;
    const auto agreement = negotiate_deflate(*offers, row.policy);
    EXPECT_EQ(agreement ? agreement->response : "", row.response) << row.name;
  }
}

TEST(PermessageDeflate, AgreesOnWhatItAnswers) {
  const auto offers = parse_extensions("permessage-deflate; server_max_window_bits=9");
  const auto agreement = negotiate_deflate(*offers, {});
  ASSERT_TRUE(agreement);
  EXPECT_EQ(agreement->parameters, (DeflateParameters{.server_max_window_bits = 9}));
}

}  // namespace
}  // namespace hornbeam::http
