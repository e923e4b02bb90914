#include "hornbeam/live/client_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/live/internal/flat_message.h"

namespace hornbeam::live {
namespace {

using base::JsonView;

constexpr std::array<std::pair<std::string_view, Action>, 21> kActions = {{
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
    {"draw-offer", Action::kOfferDraw},
    {"draw-accept", Action::kAcceptDraw},
    {"draw-decline", Action::kDeclineDraw},
    {"undo-offer", Action::kOfferUndo},
    {"undo-accept", Action::kAcceptUndo},
    {"undo-decline", Action::kDeclineUndo},
    {"chat", Action::kChat},
    {"list", Action::kList},
    {"quick", Action::kQuick},
    {"flag", Action::kFlag},
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

base::Error bad_json(std::string message) {
  return {"bad_json", std::move(message)};
}

std::optional<Action> find_action(std::string_view name) {
  for (const auto& [known, action] : kActions) {
    if (known == name) return action;
  }
  return std::nullopt;
}

/// Reads a message member by member, and remembers what is wrong with the first one that is.
class Reader {
 public:
  explicit Reader(ClientMessage& message) : message_(message) {}

  /// `object` is a `JsonView` or a `FlatMessage`.
  std::optional<base::Error> read(const auto& object) {
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [name, value] = object.member(i);
      if (name == "v") message_.is_extended = true;
      if (!value.is_null()) read_member(name, value);
    }
    if (!action_) return bad_json("A message has an \"action\", such as {\"action\": \"new\"}.");
    const auto action = find_action(*action_);
    if (!action) return base::Error{"unknown_action", "Unknown Action: " + clip(*action_)};
    if (!complaint_.empty()) return bad_json(complaint_);
    message_.action = *action;
    return std::nullopt;
  }

 private:
  void read_member(std::string_view name, const auto& value) {
    if (name == "action") {
      action_ = value.find_string();
    } else if (name == "player_move") {
      read_text(name, value, message_.move);
    } else if (name == "game_id" || name == "game") {
      read_game(value);
    } else if (name == "cid") {
      read_text(name, value, message_.command_id);
    } else if (name == "token") {
      read_text(name, value, message_.token);
    } else if (name == "seq") {
      read_number(name, value, message_.seen);
    } else if (name == "last_seq") {
      read_number(name, value, message_.last_seq);
    } else if (name == "kind") {
      read_text(name, value, message_.kind);
    } else if (name == "side") {
      read_text(name, value, message_.side);
    } else if (name == "opponent") {
      message_.wants_bot = value.find_string() == "bot";
    } else if (name == "level") {
      read_level(value);
    } else if (name == "open") {
      message_.is_open = value.text() == "true";
    } else if (name == "clock") {
      read_clock(value);
    } else if (name == "private") {
      message_.is_private = value.text() == "true";
    } else if (name == "invite") {
      read_text(name, value, message_.invitation);
    } else if (name == "lag") {
      read_number(name, value, message_.lag);
    } else if (name == "rated") {
      message_.is_rated = value.text() == "true";
    } else if (name == "text") {
      read_chat(value);
    }
  }

  void read_text(std::string_view name, const auto& value, std::string& target) {
    const auto found = value.find_string();
    if (!found || found->size() > kMaxText) return complain(name, "a text of at most 64 bytes");
    target = *found;
  }

  void read_chat(const auto& value) {
    const auto found = value.find_string();
    const auto is_shown = [](char c) { return static_cast<unsigned char>(c) > ' '; };
    if (!found || found->size() > kMaxChatText || std::ranges::none_of(*found, is_shown)) {
      return complain("text", fmt::format("a text of 1 to {} bytes", kMaxChatText));
    }
    message_.text = *found;
  }

  void read_number(std::string_view name, const auto& value, std::optional<Seq>& target) {
    target = value.find_int();
    if (!target) complain(name, "a whole number");
  }

  /// The classic client sends the number of a game as a number or as what was typed into a field.
  void read_game(const auto& value) {
    message_.game = value.find_int();
    if (const auto typed = value.find_string()) {
      message_.game_text = clip(*typed);
      GameId id = 0;
      const char* const end = typed->data() + typed->size();
      const auto [after, failure] = std::from_chars(typed->data(), end, id);
      if (failure == std::errc() && after == end) message_.game = id;
    } else {
      message_.game_text = clip(value.text());
    }
  }

  void read_level(const auto& value) {
    const auto known = bot_level_from(value.find_string().value_or(""));
    if (!known) return complain("level", "\"easy\", \"medium\" or \"perfect\"");
    message_.level = *known;
  }

  void read_clock(const auto& value) {
    message_.clock = ClockSpec::parse(value.find_string().value_or(""));
    if (!message_.clock) complain("clock", "\"180+2\" or \"30/move\", in seconds");
  }

  void complain(std::string_view name, std::string_view wanted) {
    if (complaint_.empty()) complaint_ = fmt::format("\"{}\" is {}.", name, wanted);
  }

  ClientMessage& message_;
  std::optional<std::string_view> action_;
  std::string complaint_;
};

}  // namespace

base::Result<ClientMessage> parse_client_message(std::string_view text) {
  if (text.size() > kMaxClientMessage) {
    return base::error("too_big",
                       fmt::format("A message is at most {} bytes long.", kMaxClientMessage));
  }
  base::Result<ClientMessage> message;
  std::optional<base::Error> wrong;
  if (const auto flat = internal::FlatMessage::scan(text)) {
    wrong = Reader(*message).read(*flat);
  } else if (const auto document = base::JsonDocument::parse(text)) {
    const JsonView root = document->root();
    wrong = Reader(*message).read(root.kind() == base::JsonKind::kObject ? root : JsonView());
  } else {
    wrong = bad_json(fmt::format("That is no JSON: {}", document.error().message()));
  }
  if (wrong) message = std::unexpected(*std::move(wrong));
  return message;
}

}  // namespace hornbeam::live
