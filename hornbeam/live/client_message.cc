#include "hornbeam/live/client_message.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/base/json_view.h"

namespace hornbeam::live {
namespace {

using base::JsonView;

constexpr std::array<std::pair<std::string_view, Action>, 11> kActions = {{
    {"new", Action::kNew},
    {"join", Action::kJoin},
    {"move", Action::kMove},
    {"abort", Action::kAbort},
    {"hello", Action::kHello},
    {"resume", Action::kHello},
    {"watch", Action::kWatch},
    {"leave", Action::kLeave},
    {"resign", Action::kResign},
    {"rematch", Action::kRematch},
    {"ping", Action::kPing},
}};

/// Longest text of one key; a command id or a token is far shorter. Bytes.
constexpr std::size_t kMaxText = 64;

/// The first bytes of `text`, cut between characters.
std::string clip(std::string_view text) {
  if (text.size() <= kMaxText) return std::string(text);
  std::size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

std::unexpected<base::Error> bad_json(std::string message) {
  return base::error("bad_json", std::move(message));
}

base::Result<Action> read_action(JsonView root) {
  const auto value = root.find("action");
  const auto name = value ? value->find_string() : std::nullopt;
  if (!name) return bad_json("A message has an \"action\", such as {\"action\": \"new\"}.");
  for (const auto& [known, action] : kActions) {
    if (known == *name) return action;
  }
  return base::error("unknown_action", fmt::format("Unknown Action: {}", clip(*name)));
}

/// Reads text keys into one message, remembering the first that is no short text.
class KeyReader {
 public:
  explicit KeyReader(JsonView root) : root_(root) {}

  void text(std::string_view key, std::string& target) {
    const auto value = root_.find(key);
    if (!value || value->is_null()) return;
    const auto found = value->find_string();
    if (!found || found->size() > kMaxText) return complain(key, "a text of at most 64 bytes");
    target = *found;
  }

  void number(std::string_view key, std::optional<Seq>& target) {
    const auto value = root_.find(key);
    if (!value || value->is_null()) return;
    target = value->find_int();
    if (!target) complain(key, "a whole number");
  }

  /// The classic client sends the number of a game as a number or as what was typed into a field.
  void game(std::string_view key, ClientMessage& message) {
    const auto value = root_.find(key);
    if (!value || value->is_null()) return;
    message.game = value->find_int();
    if (const auto typed = value->find_string()) {
      message.game_text = clip(*typed);
      GameId id = 0;
      const char* const end = typed->data() + typed->size();
      const auto [after, failure] = std::from_chars(typed->data(), end, id);
      if (failure == std::errc() && after == end) message.game = id;
    } else {
      message.game_text = message.game ? std::to_string(*message.game) : clip(value->text());
    }
  }

  const std::string& complaint() const { return complaint_; }

 private:
  void complain(std::string_view key, std::string_view wanted) {
    if (complaint_.empty()) complaint_ = fmt::format("\"{}\" is {}.", key, wanted);
  }

  JsonView root_;
  std::string complaint_;
};

base::Result<void> read_opponent(JsonView root, ClientMessage& message) {
  std::string opponent;
  std::string level;
  KeyReader keys(root);
  keys.text("opponent", opponent);
  keys.text("level", level);
  if (!keys.complaint().empty()) return bad_json(keys.complaint());
  message.wants_bot = opponent == "bot";
  if (level.empty()) return {};
  const auto known = bot_level_from(level);
  if (!known) return bad_json("\"level\" is \"easy\", \"medium\" or \"perfect\".");
  message.level = *known;
  return {};
}

base::Result<ClientMessage> read_message(JsonView root) {
  const auto action = read_action(root);
  if (!action) return std::unexpected(action.error());
  ClientMessage message;
  message.action = *action;
  message.is_extended = root.find("v").has_value();
  KeyReader keys(root);
  keys.game("game", message);
  keys.game("game_id", message);
  keys.text("player_move", message.move);
  keys.text("cid", message.command_id);
  keys.text("token", message.token);
  keys.text("kind", message.kind);
  keys.text("side", message.side);
  keys.number("seq", message.seen);
  keys.number("last_seq", message.last_seq);
  if (!keys.complaint().empty()) return bad_json(keys.complaint());
  if (const auto read = read_opponent(root, message); !read) return std::unexpected(read.error());
  return message;
}

}  // namespace

base::Result<ClientMessage> parse_client_message(std::string_view text) {
  if (text.size() > kMaxClientMessage) {
    return base::error("too_big",
                       fmt::format("A message is at most {} bytes long.", kMaxClientMessage));
  }
  const auto document = base::JsonDocument::parse(text);
  if (!document) return bad_json(fmt::format("That is no JSON: {}", document.error().message()));
  return read_message(document->root());
}

}  // namespace hornbeam::live
