#include "arena/load/load_watcher.h"

#include <fmt/format.h>

#include "arena/load/load_message.h"

namespace arena {
namespace {

constexpr std::chrono::milliseconds kRefusedPause{1000};

}  // namespace

std::optional<std::string> LoadWatcher::next_to_say(Time now) {
  const std::int64_t game = table_.game();
  if (game == game_ || game < 0 || now < due_) return std::nullopt;
  game_ = game;
  seq_ = -1;
  return fmt::format(R"({{"action":"watch","v":1,"game_id":{}}})", game);
}

void LoadWatcher::take(std::string_view text, Time now) {
  const LoadMessage message(text);
  if (message.action == "error") {
    tally_.count_error(message.code.empty() ? "without code" : message.code);
    game_ = kNoGame;
    due_ = now + kRefusedPause;
    return;
  }
  if (message.game != game_ || message.seq < 0) return;
  if (message.action == "state") {
    seq_ = message.seq;
    return;
  }
  if (message.action != "move" && message.action != "end") return;
  // Whatever came before the state is in it.
  if (seq_ < 0) return;
  if (message.seq != seq_ && message.seq != seq_ + 1) ++tally_.reordered;
  const bool is_new = message.seq > seq_;
  seq_ = std::max(seq_, message.seq);
  if (!is_new || message.move.empty()) return;
  ++tally_.watched;
  const auto sent = table_.sent_at({message.by, message.move});
  if (sent) tally_.watch_latency.record(std::chrono::nanoseconds(now - *sent));
}

}  // namespace arena
