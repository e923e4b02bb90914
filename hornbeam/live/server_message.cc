#include "hornbeam/live/server_message.h"

#include "hornbeam/live/internal/json_message.h"
#include "hornbeam/live/seat_token.h"

namespace hornbeam::live {
namespace {

using internal::append_json_string;
using internal::JsonMessage;

std::optional<std::string_view> name_of(const GameRecord& game, std::optional<Seat> seat) {
  return seat ? std::optional(game.name_of(*seat)) : std::nullopt;
}

/// What each has left, in milliseconds, and whose time runs down.
std::string clocks_json(const GameRecord& game, EventTime now) {
  std::string json = "{";
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    append_json_string(json, game.name_of(seat));
    fmt::format_to(std::back_inserter(json), ": {}, ", game.clock()->left(seat, now).count());
  }
  json += "\"running\": ";
  if (const auto running = game.clock()->running()) {
    append_json_string(json, game.name_of(*running));
  } else {
    json += "null";
  }
  return json + "}";
}

/// Where a game stands, as every extended message tells it.
void add_standing(JsonMessage& message, const GameRecord& game,
                  std::optional<Seat> viewer = std::nullopt,
                  std::optional<EventTime> now = std::nullopt) {
  message.add("game_id", game.id())
      .add("seq", game.last_seq())
      .add("board", game.position().view(viewer))
      .add("turn", name_of(game, game.to_move()));
  // Told at once, so that the event's time is the present.
  if (game.clock()) {
    message.add_raw("clocks", clocks_json(game, now.value_or(game.events().back().at)));
  }
}

/// W, L, D or A, the classic's letters, as `seat` sees it.
std::string_view result_letter(const GameRecord& game, Seat seat) {
  if (game.ending() == GameRecord::Ending::kAborted) return "A";
  if (!game.winner()) return "D";
  return game.winner() == seat ? "W" : "L";
}

std::string_view reason_of(const GameRecord& game) {
  switch (game.ending()) {
    case GameRecord::Ending::kResigned:
      return "resign";
    case GameRecord::Ending::kAborted:
      return "abort";
    case GameRecord::Ending::kAgreed:
      return "agreed";
    case GameRecord::Ending::kFlagged:
      return "time";
    case GameRecord::Ending::kPlayed:
      break;
  }
  return game.winner() ? "win" : "draw";
}

std::string_view phase_name(GameRecord::Phase phase) {
  switch (phase) {
    case GameRecord::Phase::kWaiting:
      return "waiting";
    case GameRecord::Phase::kPlaying:
      return "playing";
    case GameRecord::Phase::kOver:
      break;
  }
  return "over";
}

void add_result(JsonMessage& message, const GameRecord& game) {
  message.add("winner", name_of(game, game.winner())).add("reason", reason_of(game));
}

std::string presence_json(const GameRecord& game, const Presence& presence) {
  std::string json = "{";
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    append_json_string(json, game.name_of(seat));
    json += presence.seats[index_of(seat)] ? ": true, " : ": false, ";
  }
  fmt::format_to(std::back_inserter(json), "\"watchers\": {}}}", presence.watchers);
  return json;
}

std::string bot_name(const GameRecord& game) {
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (game.occupant(seat) && game.occupant(seat)->is_bot())
      return std::string(game.name_of(seat));
  }
  return {};
}

/// The move as `viewer` may know it.
std::string_view shown_move(const GameRecord& game, const Event& move, std::optional<Seat> viewer) {
  const bool is_known =
      !game.kind().has_secrets || move.seat == viewer || game.phase() == GameRecord::Phase::kOver;
  return is_known ? std::string_view(move.detail) : "?";
}

std::string events_json(const GameRecord& game, Seq last_seq, std::optional<Seat> viewer) {
  std::string json = "[";
  for (const Event& event : game.events()) {
    if (event.seq <= last_seq) continue;
    if (json.size() > 1) json += ", ";
    fmt::format_to(std::back_inserter(json), "{{\"seq\": {}, \"kind\": \"{}\"", event.seq,
                   to_string(event.kind));
    if (event.seat) {
      json += ", \"by\": ";
      append_json_string(json, game.name_of(*event.seat));
    }
    if (event.kind == EventKind::kMove) {
      json += ", \"move\": ";
      append_json_string(json, shown_move(game, event, viewer));
    } else if (event.kind == EventKind::kUndo) {
      fmt::format_to(std::back_inserter(json), ", \"moves\": {}", event.detail);
    }
    json += '}';
  }
  return json + "]";
}

/// The seats whose players have offered a rematch.
std::string offers_json(const GameRecord& game) {
  std::string json = "[";
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (!game.has_offered_rematch(seat)) continue;
    if (json.size() > 1) json += ", ";
    append_json_string(json, game.name_of(seat));
  }
  return json + "]";
}

void append_card(std::string& json, const PlayerCard& card) {
  fmt::format_to(std::back_inserter(json), "{{\"id\": {}, \"name\": ", card.id);
  append_json_string(json, card.name);
  fmt::format_to(std::back_inserter(json), ", \"rating\": {}, \"provisional\": {}", card.rating,
                 card.is_provisional);
  if (card.change) fmt::format_to(std::back_inserter(json), ", \"change\": {}", *card.change);
  json += '}';
}

std::string cards_json(const GameRecord& game, const PlayerCards& cards) {
  std::string json = "{";
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    if (json.size() > 1) json += ", ";
    append_json_string(json, game.name_of(seat));
    json += ": ";
    const auto& card = cards[index_of(seat)];
    if (card) {
      append_card(json, *card);
    } else {
      json += "null";
    }
  }
  return json + "}";
}

/// How the game came about and who plays it, where that is worth a word.
void add_company(JsonMessage& message, const GameRecord& game, const PlayerCards& cards) {
  if (game.spec().clock) message.add("clock", game.spec().clock->encode());
  if (game.is_open()) message.add("open", true);
  if (game.is_private()) message.add("private", true);
  if (game.is_rated()) message.add("rated", true);
  if (cards[0] || cards[1]) message.add_raw("players", cards_json(game, cards));
}

void add_token(JsonMessage& message, std::string_view token) {
  if (!token.empty()) message.add("token", token);
}

}  // namespace

std::string open_message() {
  JsonMessage message("open");
  message.add("message", "Connected to Game Server");
  return std::move(message).finish();
}

std::string error_message(const base::Error& error, bool is_extended, std::string_view command_id) {
  JsonMessage message("error");
  message.add("message", error.message);
  if (is_extended) {
    message.add("code", error.code);
    if (!command_id.empty()) message.add("cid", command_id);
  }
  return std::move(message).finish();
}

std::string wait_pair_message(const GameRecord& game, Audience audience, std::string_view token) {
  JsonMessage message("wait-pair");
  if (!audience.is_extended) {
    message.add("game_id", game.id());
  } else {
    add_standing(message, game, audience.seat);
    message.add("you", name_of(game, audience.seat));
    add_token(message, token);
    if (game.is_private()) message.add("invite", invitation_of(token));
    if (game.spec().clock) message.add("clock", game.spec().clock->encode());
  }
  return std::move(message).finish();
}

std::string paired_message(const GameRecord& game, Audience audience, std::string_view token,
                           const PlayerCards& cards) {
  JsonMessage message("paired");
  if (!audience.is_extended) {
    message.add("game_id", game.id());
  } else {
    add_standing(message, game, audience.seat);
    message.add("you", name_of(game, audience.seat));
    add_token(message, token);
    if (const std::string bot = bot_name(game); !bot.empty()) message.add("bot", bot);
    add_company(message, game, cards);
  }
  return std::move(message).finish();
}

std::string turn_message(const GameRecord& game, Audience audience, const Event* move) {
  const bool has_moved = move != nullptr && audience.seat && move->seat == audience.seat;
  const bool waits = move == nullptr && audience.seat && game.to_move() != audience.seat;
  const bool is_opponents_turn = has_moved || waits;
  // What nearly all are told who play the classic way.
  if (is_opponents_turn && !audience.is_extended) return R"({"action": "opp-move", "data": {}})";
  JsonMessage message(is_opponents_turn ? "opp-move" : "move");
  if (move != nullptr && !is_opponents_turn) {
    message.add("opp_move", shown_move(game, *move, audience.seat));
  }
  if (!audience.is_extended) return std::move(message).finish();
  add_standing(message, game, audience.seat);
  if (move == nullptr) return std::move(message).finish();
  message.add("by", game.name_of(*move->seat)).add("move", shown_move(game, *move, audience.seat));
  if (has_moved && !move->command_id.empty()) message.add("cid", move->command_id);
  return std::move(message).finish();
}

std::string end_message(const GameRecord& game, Audience audience) {
  JsonMessage message("end");
  if (!audience.is_extended) {
    if (game.ending() == GameRecord::Ending::kAborted) message.add("game_id", game.id());
    return std::move(message.add("result", result_letter(game, *audience.seat))).finish();
  }
  add_standing(message, game, audience.seat);
  if (audience.seat) message.add("result", result_letter(game, *audience.seat));
  add_result(message, game);
  return std::move(message).finish();
}

std::string state_message(const GameRecord& game, Audience audience, Seq last_seq,
                          const Presence& presence, EventTime now, const PlayerCards& cards) {
  JsonMessage message("state");
  add_standing(message, game, audience.seat, now);
  message.add("kind", game.kind().name)
      .add("phase", phase_name(game.phase()))
      .add("you", name_of(game, audience.seat));
  if (const std::string bot = bot_name(game); !bot.empty()) message.add("bot", bot);
  add_company(message, game, cards);
  if (game.phase() == GameRecord::Phase::kOver) {
    if (audience.seat) message.add("result", result_letter(game, *audience.seat));
    add_result(message, game);
    message.add_raw("offers", offers_json(game)).add("next", game.rematch());
  }
  if (game.draw_offer()) message.add("draw_offer", name_of(game, game.draw_offer()));
  if (game.undo_offer()) message.add("undo_offer", name_of(game, game.undo_offer()));
  message.add_raw("events", events_json(game, last_seq, audience.seat))
      .add_raw("presence", presence_json(game, presence));
  return std::move(message).finish();
}

std::string clocks_message(const GameRecord& game) {
  JsonMessage message("clocks");
  add_standing(message, game);
  return std::move(message).finish();
}

std::string players_message(const GameRecord& game, const PlayerCards& cards) {
  JsonMessage message("players");
  message.add("game_id", game.id()).add_raw("players", cards_json(game, cards));
  return std::move(message).finish();
}

std::string presence_message(const GameRecord& game, const Presence& presence) {
  JsonMessage message("presence");
  message.add("game_id", game.id()).add_raw("presence", presence_json(game, presence));
  return std::move(message).finish();
}

std::string ack_message(const GameRecord& game, const Event& event) {
  JsonMessage message("ack");
  message.add("game_id", game.id()).add("seq", event.seq).add("cid", event.command_id);
  return std::move(message).finish();
}

std::string rematch_message(const GameRecord& game) {
  JsonMessage message("rematch");
  message.add("game_id", game.id())
      .add("seq", game.last_seq())
      .add_raw("offers", offers_json(game))
      .add("next", game.rematch());
  return std::move(message).finish();
}

std::string offer_message(const GameRecord& game, const Event& event) {
  const bool is_draw = event.kind == EventKind::kOfferDraw || event.kind == EventKind::kDeclineDraw;
  JsonMessage message(is_draw ? "draw" : "undo");
  add_standing(message, game);
  message.add("by", game.name_of(*event.seat));
  if (event.kind == EventKind::kUndo) {
    message.add("state", "accepted").add_raw("moves", event.detail);
  } else {
    const bool is_made = event.kind == EventKind::kOfferDraw || event.kind == EventKind::kOfferUndo;
    message.add("state", is_made ? "offered" : "declined");
  }
  return std::move(message).finish();
}

std::string chat_message(const GameRecord& game, const std::vector<ChatLine>& lines) {
  std::string json = "[";
  for (const ChatLine& line : lines) {
    if (json.size() > 1) json += ", ";
    fmt::format_to(std::back_inserter(json), "{{\"n\": {}, \"by\": ", line.number);
    append_json_string(json, game.name_of(line.seat));
    json += ", \"text\": ";
    append_json_string(json, line.text);
    fmt::format_to(std::back_inserter(json), ", \"at\": {}}}", line.at.time_since_epoch().count());
  }
  JsonMessage message("chat");
  message.add("game_id", game.id()).add_raw("lines", json + "]");
  return std::move(message).finish();
}

std::string list_message(const GameCatalog& kinds, const std::vector<ListedGame>& games) {
  std::string json = "[";
  for (const ListedGame& game : games) {
    const GameKind* const kind = kinds.find(game.spec.game);
    if (kind == nullptr) continue;  // Begun by another program, with rules unknown to this one.
    if (json.size() > 1) json += ", ";
    fmt::format_to(std::back_inserter(json), "{{\"game_id\": {}, \"kind\": ", game.game);
    append_json_string(json, game.spec.game);
    json += ", \"side\": ";
    append_json_string(json, kind->seat_names[index_of(game.free_seat)]);
    if (game.spec.is_rated) json += ", \"rated\": true";
    if (game.spec.rating) {
      fmt::format_to(std::back_inserter(json), ", \"rating\": {}", *game.spec.rating);
    }
    if (game.spec.clock) {
      fmt::format_to(std::back_inserter(json), ", \"clock\": \"{}\"", game.spec.clock->encode());
    }
    fmt::format_to(std::back_inserter(json), ", \"at\": {}}}", game.at.time_since_epoch().count());
  }
  JsonMessage message("list");
  message.add_raw("games", json + "]");
  return std::move(message).finish();
}

std::string pong_message(std::string_view command_id) {
  JsonMessage message("pong");
  if (!command_id.empty()) message.add("cid", command_id);
  return std::move(message).finish();
}

}  // namespace hornbeam::live
