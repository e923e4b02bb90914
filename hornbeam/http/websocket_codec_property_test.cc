// Properties that must hold for every message and every way of cutting it: random conversations are
// encoded, cut and decoded, and damaged ones must give the same events however their bytes arrive.

#include <algorithm>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/http/permessage_deflate.h"
#include "hornbeam/http/utf8.h"
#include "hornbeam/http/websocket_codec.h"

namespace hornbeam::http {
namespace {

using Random = std::mt19937;

struct Said {
  WebSocketEvent::Kind kind;
  std::string payload;

  friend bool operator==(const Said&, const Said&) = default;
};

struct Setting {
  WebSocketRole role = WebSocketRole::kServer;
  bool is_compressed = false;
  MessageDeflater::Context context = MessageDeflater::Context::kFresh;
};

std::size_t random_size(Random& random) {
  constexpr std::size_t kSizes[] = {0, 1, 3, 20, 64, 125, 126, 130, 1000, 65535, 65536, 70'000};
  const std::size_t pick = random() % 40;
  return pick < std::size(kSizes) ? kSizes[pick] : random() % 200;
}

std::string random_text(Random& random, std::size_t size) {
  constexpr std::string_view kCharacters[] = {
      "a", "b", " ", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x8E\xB2"};
  std::string text;
  const unsigned variety = random() % 2 == 0 ? 3 : std::size(kCharacters);
  while (text.size() < size) text += kCharacters[random() % variety];
  return text;
}

std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % 256);
  return bytes;
}

// Writes a conversation as a peer would, with messages in random fragments and pings and pongs
// between them.
class Writer {
 public:
  Writer(Setting setting, Random& random)
      : setting_(setting), random_(random), deflater_(15, setting.context, 1) {}

  void write_message() {
    const bool is_text = random_() % 2 == 0;
    const std::size_t size = random_size(random_);
    std::string payload = is_text ? random_text(random_, size) : random_bytes(random_, size);
    std::string on_wire = payload;
    const bool is_compressed = setting_.is_compressed && random_() % 3 != 0;
    if (is_compressed) {
      on_wire.clear();
      deflater_.append(on_wire, payload);
    }
    write_fragments(is_text ? Opcode::kText : Opcode::kBinary, on_wire, is_compressed);
    said.push_back({is_text ? WebSocketEvent::Kind::kText : WebSocketEvent::Kind::kBinary,
                    std::move(payload)});
  }

  std::string bytes;
  std::vector<Said> said;

 private:
  void write_fragments(Opcode opcode, std::string_view payload, bool is_compressed) {
    while (true) {
      const bool is_last = random_() % 3 != 0;
      const std::size_t size = is_last ? payload.size() : random_() % (payload.size() + 1);
      auto bits = is_last ? FrameBits::kFinal : FrameBits::kMore;
      if (is_compressed && opcode != Opcode::kContinuation) {
        bits = is_last ? FrameBits::kFinalCompressed : FrameBits::kMoreCompressed;
      }
      write_frame(opcode, payload.substr(0, size), bits);
      if (is_last) return;
      payload.remove_prefix(size);
      opcode = Opcode::kContinuation;
      if (random_() % 3 == 0) write_control();
    }
  }

  void write_control() {
    const std::string payload = random_bytes(random_, random_() % 126);
    const bool is_ping = random_() % 2 == 0;
    write_frame(is_ping ? Opcode::kPing : Opcode::kPong, payload, FrameBits::kFinal);
    said.push_back({is_ping ? WebSocketEvent::Kind::kPing : WebSocketEvent::Kind::kPong, payload});
  }

  void write_frame(Opcode opcode, std::string_view payload, FrameBits bits) {
    if (setting_.role == WebSocketRole::kClient) return append_frame(bytes, opcode, payload, bits);
    MaskKey key;
    for (auto& octet : key) octet = static_cast<std::uint8_t>(random_());
    append_masked_frame(bytes, key, opcode, payload, bits);
  }

  Setting setting_;
  Random& random_;
  MessageDeflater deflater_;
};

WebSocketDecoder decoder_for(const Setting& setting) {
  WebSocketDecoder decoder({}, setting.role);
  const bool is_fresh = setting.context == MessageDeflater::Context::kFresh;
  if (setting.is_compressed) {
    decoder.enable_deflate(
        {.server_no_context_takeover = is_fresh, .client_no_context_takeover = is_fresh});
  }
  return decoder;
}

std::vector<Said> decode(const Setting& setting, std::string_view sent, std::size_t most,
                         Random& random) {
  WebSocketDecoder decoder = decoder_for(setting);
  std::vector<Said> said;
  while (!sent.empty()) {
    const std::size_t size = std::min<std::size_t>(sent.size(), 1 + random() % most);
    const auto buffer = std::make_unique<char[]>(size);
    std::ranges::copy(sent.substr(0, size), buffer.get());
    std::span<char> bytes(buffer.get(), size);
    while (const auto event = decoder.next(bytes)) {
      // The words of a failure are for people, and may be others when it is found out in another
      // way.
      const bool is_failure = event->kind == WebSocketEvent::Kind::kFailure;
      said.push_back(
          {event->kind, is_failure ? std::to_string(event->code) : std::string(event->payload)});
    }
    sent.remove_prefix(size);
  }
  return said;
}

std::vector<Setting> settings() {
  using enum MessageDeflater::Context;
  return {{WebSocketRole::kServer, false, kFresh},
          {WebSocketRole::kClient, false, kFresh},
          {WebSocketRole::kServer, true, kFresh},
          {WebSocketRole::kServer, true, kKept},
          {WebSocketRole::kClient, true, kKept}};
}

TEST(WebSocketCodecProperty, EveryConversationComesBackHoweverItIsCut) {
  Random random(41);
  for (const Setting& setting : settings()) {
    for (int round = 0; round < 40; ++round) {
      Writer writer(setting, random);
      for (int i = 0; i < 10; ++i) writer.write_message();
      for (const std::size_t most : {writer.bytes.size(), std::size_t{7}, std::size_t{3000}}) {
        ASSERT_TRUE(decode(setting, writer.bytes, most, random) == writer.said);
      }
    }
  }
}

TEST(WebSocketCodecProperty, DamagedConversationsGiveTheSameEventsHoweverTheyAreCut) {
  Random random(42);
  int failures = 0;
  for (const Setting& setting : settings()) {
    for (int round = 0; round < 400; ++round) {
      Writer writer(setting, random);
      for (int i = 0; i < 3; ++i) writer.write_message();
      std::string& bytes = writer.bytes;
      // Near the front, where heads are; at most 4 KB of the rest, to be quick.
      bytes.resize(std::min<std::size_t>(bytes.size(), 4096));
      for (unsigned flips = 1 + random() % 3; flips > 0; --flips) {
        const std::size_t at = random() % std::min<std::size_t>(bytes.size(), 300);
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
      }
      const auto whole = decode(setting, bytes, bytes.size() * 1000, random);
      failures += !whole.empty() && whole.back().kind == WebSocketEvent::Kind::kFailure;
      ASSERT_TRUE(decode(setting, bytes, 1, random) == whole);
      ASSERT_TRUE(decode(setting, bytes, 50, random) == whole);
      for (const Said& each : whole) {
        if (each.kind == WebSocketEvent::Kind::kText) ASSERT_TRUE(is_utf8(each.payload));
      }
    }
  }
  EXPECT_GT(failures, 500);
}

}  // namespace
}  // namespace hornbeam::http
