#include "hornbeam/http/websocket_codec.h"

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/http/websocket_cases_all.h"

namespace hornbeam::http {
namespace {

using cases::Case;
using cases::Said;

Said said_by(const WebSocketEvent& event) {
  using enum WebSocketEvent::Kind;
  switch (event.kind) {
    case kText:
      return cases::text(std::string(event.payload));
    case kBinary:
      return cases::binary(std::string(event.payload));
    case kPing:
      return cases::ping(std::string(event.payload));
    case kPong:
      return cases::pong(std::string(event.payload));
    case kClose:
      return cases::closed(event.code, std::string(event.payload));
    case kFailure:
      return cases::failed(event.code);
  }
  return {};
}

WebSocketDecoder decoder_for(const Case& row) {
  WebSocketDecoder decoder;
  if (row.deflate != cases::Deflate::kOff) {
    decoder.enable_deflate({.client_no_context_takeover = row.deflate == cases::Deflate::kFresh});
  }
  return decoder;
}

// Feeds `piece` from a buffer of exactly its size, so that a sanitizer sees a read past its end.
void feed(WebSocketDecoder& decoder, std::string_view piece, std::vector<Said>& said) {
  const auto buffer = std::make_unique<char[]>(piece.size());
  std::ranges::copy(piece, buffer.get());
  std::span<char> bytes(buffer.get(), piece.size());
  while (const auto event = decoder.next(bytes)) said.push_back(said_by(*event));
  EXPECT_TRUE(bytes.empty());
}

std::vector<Said> run(WebSocketDecoder decoder, std::string_view sent, std::size_t step) {
  std::vector<Said> said;
  for (; !sent.empty(); sent.remove_prefix(std::min(step, sent.size()))) {
    feed(decoder, sent.substr(0, step), said);
  }
  return said;
}

void expect_said(const std::vector<Said>& said, const Case& row, const std::string& how) {
  ASSERT_EQ(said.size(), row.said.size()) << row.name << ", " << how;
  for (std::size_t i = 0; i < said.size(); ++i) {
    // Not EXPECT_EQ on the whole: nobody wants a megabyte printed.
    EXPECT_EQ(said[i].kind, row.said[i].kind) << row.name << ", " << how << ", event " << i;
    EXPECT_EQ(said[i].code, row.said[i].code) << row.name << ", " << how << ", event " << i;
    EXPECT_TRUE(said[i].payload == row.said[i].payload)
        << row.name << ", " << how << ", event " << i << ", " << said[i].payload.size() << " bytes";
  }
}

TEST(WebSocketDecoder, UnderstandsEveryCaseWhole) {
  for (const Case& row : cases::all_cases()) {
    expect_said(run(decoder_for(row), row.sent, row.sent.size()), row, "whole");
  }
}

TEST(WebSocketDecoder, UnderstandsEveryCaseByteByByte) {
  for (const Case& row : cases::all_cases()) {
    // A megabyte byte by byte shows nothing that 64 KiB do not: rows that long come eleven at a
    // time.
    const std::size_t step = row.sent.size() < 100'000 ? 1 : 11;
    expect_said(run(decoder_for(row), row.sent, step), row, "byte by byte");
  }
}

TEST(WebSocketDecoder, UnderstandsEveryCaseInOddPieces) {
  for (const Case& row : cases::all_cases()) {
    for (const std::size_t step : {2, 3, 5, 7, 13, 16, 64, 1000}) {
      if (step < 1000 && row.sent.size() > 10'000) continue;
      expect_said(run(decoder_for(row), row.sent, step), row,
                  "in pieces of " + std::to_string(step));
    }
  }
}

TEST(WebSocketDecoder, HasATableOfCasesWithNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Case& row : cases::all_cases()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
  EXPECT_GE(names.size(), 180U);
}

TEST(WebSocketDecoder, RefusesWrongTextAtTheByteThatMakesItWrong) {
  for (const auto& [name, bytes] : cases::bad_texts()) {
    WebSocketDecoder decoder;
    std::vector<Said> said;
    feed(decoder, cases::head(cases::kText, 1000), said);
    const std::string masked = cases::mask(bytes);
    feed(decoder, std::string_view(masked).substr(0, masked.size() - 1), said);
    EXPECT_TRUE(said.empty()) << name;
    feed(decoder, std::string_view(masked).substr(masked.size() - 1), said);
    EXPECT_EQ(said, std::vector{cases::failed(1007)}) << name;
  }
}

TEST(WebSocketDecoder, ParsesNothingAfterACloseOrFailure) {
  for (const Case& row : cases::all_cases()) {
    if (row.said.empty() || row.said.back().code == 0) continue;
    const std::string late = cases::frame(cases::kText, "late") + cases::frame(cases::kPing);
    expect_said(run(decoder_for(row), row.sent + late, row.sent.size()), row, "with more behind");
  }
}

TEST(WebSocketDecoder, ShowsAWholeMessageWhereItLies) {
  std::string sent = cases::frame(cases::kText, "hello");
  WebSocketDecoder decoder;
  std::span<char> bytes(sent);
  const auto event = decoder.next(bytes);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->payload.data(), sent.data() + 6);
}

TEST(WebSocketDecoder, GivesOneEventACallSoThatTheCallerMayStop) {
  std::string sent = cases::frame(cases::kText, "one") + cases::frame(cases::kText, "two");
  WebSocketDecoder decoder;
  std::span<char> bytes(sent);
  ASSERT_EQ(decoder.next(bytes)->payload, "one");
  // The caller puts the rest aside, and comes back with it in another place.
  std::string rest(bytes.begin(), bytes.end());
  EXPECT_EQ(rest.size(), sent.size() / 2);
  bytes = std::span(rest);
  EXPECT_EQ(decoder.next(bytes)->payload, "two");
  EXPECT_FALSE(decoder.next(bytes));
}

TEST(WebSocketDecoder, IsSmallAndIdleBetweenMessages) {
  static_assert(sizeof(WebSocketDecoder) <= 64);
  WebSocketDecoder decoder;
  EXPECT_TRUE(decoder.is_idle());
  std::vector<Said> said;
  const std::string sent = cases::frame(cases::kTextMore, "ab") + cases::frame(cases::kPing, "p") +
                           cases::frame(cases::kLast, "c");
  feed(decoder, std::string_view(sent).substr(0, 1), said);
  EXPECT_FALSE(decoder.is_idle());
  feed(decoder, std::string_view(sent).substr(1, 9), said);
  EXPECT_FALSE(decoder.is_idle());
  feed(decoder, std::string_view(sent).substr(10), said);
  EXPECT_TRUE(decoder.is_idle());
}

TEST(WebSocketDecoder, KeepsToTheLimitsItIsGiven) {
  const WebSocketLimits limits{.message_bytes = 100, .message_fragments = 3};
  const auto run_with_limits = [&](const std::string& sent) {
    return run(WebSocketDecoder(limits), sent, sent.size());
  };
  using namespace cases;
  EXPECT_EQ(run_with_limits(frame(kText, letters(100))), std::vector{text(letters(100))});
  EXPECT_EQ(run_with_limits(frame(kText, letters(101))), std::vector{failed(1009)});
  EXPECT_EQ(run_with_limits(frame(kTextMore, letters(100)) + frame(kMiddle) + frame(kLast)),
            std::vector{text(letters(100))});
  EXPECT_EQ(run_with_limits(frame(kTextMore, letters(100)) + frame(kLast, "x")),
            std::vector{failed(1009)});
  EXPECT_EQ(run_with_limits(frame(kTextMore) + frame(kMiddle) + frame(kMiddle) + frame(kLast)),
            std::vector{failed(1008)});
}

TEST(WebSocketDecoder, TakesMessagesOfSixteenMebibytes) {
  const std::string big = cases::octets(std::size_t{16} << 20);
  const WebSocketLimits limits{.message_bytes = big.size()};
  const std::string sent = cases::frame(cases::kBinary, big);
  for (const std::size_t step : {sent.size(), std::size_t{65536}}) {
    const auto said = run(WebSocketDecoder(limits), sent, step);
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(said[0].payload == big);
  }
}

TEST(WebSocketDecoder, TakesUnmaskedFramesAndRefusesMaskedOnesInAClient) {
  std::string sent;
  append_frame(sent, Opcode::kText, "hello");
  append_frame(sent, Opcode::kPing, "p");
  append_frame(sent, Opcode::kBinary, cases::octets(70'000));
  append_frame(sent, Opcode::kText, "gr\xC3\xBC\xC3\x9F");
  append_masked_frame(sent, {1, 2, 3, 4}, Opcode::kText, "masked");
  const std::vector<Said> expected = {cases::text("hello"), cases::ping("p"),
                                      cases::binary(cases::octets(70'000)),
                                      cases::text("gr\xC3\xBC\xC3\x9F"), cases::failed(1002)};
  for (const std::size_t step : {sent.size(), std::size_t{1}, std::size_t{1000}}) {
    EXPECT_TRUE(run(WebSocketDecoder({}, WebSocketRole::kClient), sent, step) == expected);
  }
}

}  // namespace
}  // namespace hornbeam::http
