// What can a hostile client do to a lobby? Each line of the input is a message of one of two
// clients, chosen by its first byte. Every answer must be JSON in UTF-8, every error one that the
// protocol knows, and the log one that the rules allow.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "hornbeam/base/check.h"
#include "hornbeam/base/json_view.h"
#include "hornbeam/base/loop.h"
#include "hornbeam/live/memory_game_log.h"
#include "hornbeam/live/session.h"

namespace hornbeam::live {
namespace {

/// The closed set of docs/design/live.md.
constexpr std::array<std::string_view, 12> kCodes = {
    "bad_json",  "unknown_action", "too_big",      "rate_limited", "no_such_game", "full",
    "bad_token", "not_your_turn",  "illegal_move", "stale",        "game_over",    "busy"};

class CheckingClient final : public Client {
 public:
  void send(std::string_view message) override {
    const auto document = base::JsonDocument::parse(message);
    base::check(document.has_value(), "every answer is JSON");
    const auto code = document->root().find("data")->find("code");
    const bool is_known = !code || std::ranges::count(kCodes, code->find_string().value_or("")) > 0;
    base::check(is_known, "every error has a code of the closed set");
  }
  void close(std::uint16_t, std::string_view) override {}
};

class Fuzzed {
 public:
  void run(std::string_view input) {
    one_.open();
    two_.open();
    while (!input.empty()) {
      const auto end = std::min(input.find('\n'), input.size());
      const std::string_view line = input.substr(0, end);
      input.remove_prefix(std::min(end + 1, input.size()));
      if (line.empty()) continue;
      base::run((line[0] % 2 == 0 ? one_ : two_).receive(line.substr(1)));
    }
    base::run(one_.close());
    base::run(two_.close());
    check_logs();
  }

 private:
  void check_logs() {
    for (GameId id = kFirstGame;; ++id) {
      auto events = base::run(log_.read(id, 0));
      if (events.empty()) break;
      GameRecord record(id, games_);
      for (Event& event : events) record.apply(std::move(event));  // Throws if it is broken.
    }
    base::check(lobby_.room_count() == 0, "nobody is left in a room");
  }

  MemoryGameLog log_;
  GameCatalog games_ = standard_games();
  InProcessWakeups wakeups_;
  Lobby lobby_{log_, games_, wakeups_, {.credits = {.capacity = 0}}};
  Session one_{lobby_, std::make_shared<CheckingClient>()};
  Session two_{lobby_, std::make_shared<CheckingClient>()};
};

}  // namespace
}  // namespace hornbeam::live

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  hornbeam::live::Fuzzed().run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
