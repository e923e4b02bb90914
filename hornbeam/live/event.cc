#include "hornbeam/live/event.h"

#include <array>
#include <charconv>
#include <span>
#include <utility>

#include <fmt/core.h>

namespace hornbeam::live {
namespace {

constexpr std::array<std::string_view, 15> kKindNames = {
    "create",        "join",         "move",       "resign",       "abort",
    "offer_rematch", "rematch",      "offer_draw", "decline_draw", "draw",
    "offer_undo",    "decline_undo", "undo",       "flag",         "excuse"};
constexpr std::array<std::string_view, 3> kLevelNames = {"easy", "medium", "perfect"};

template <class Enum>
std::optional<Enum> find_name(std::span<const std::string_view> names, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

/// Cuts `text` at its first space; nothing if it has none.
std::optional<std::string_view> take_word(std::string_view& text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(space + 1);
  return word;
}

/// The same, or all of it if it has no space.
std::string_view next_word(std::string_view& text) {
  if (const auto word = take_word(text)) return *word;
  return std::exchange(text, {});
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
}

/// Reads one of the words after a game's seed; false for an unknown one.
bool read_option(std::string_view word, GameSpec& spec) {
  constexpr std::string_view kRating = "rating=";
  constexpr std::string_view kClock = "clock=";
  constexpr std::string_view kPrivate = "private=";
  if (word == "open") {
    spec.is_open = true;
  } else if (word == "rated") {
    spec.is_rated = true;
  } else if (word.starts_with(kRating)) {
    return read_number(word.substr(kRating.size()), spec.rating.emplace());
  } else if (word.starts_with(kClock)) {
    spec.clock = ClockSpec::parse(word.substr(kClock.size()));
    return spec.clock.has_value();
  } else if (word.starts_with(kPrivate)) {
    spec.invitation_hash = word.substr(kPrivate.size());
    return !spec.invitation_hash.empty();
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
  return kKindNames[static_cast<std::size_t>(kind)];
}
std::optional<EventKind> event_kind_from(std::string_view name) noexcept {
  return find_name<EventKind>(kKindNames, name);
}
std::string_view to_string(BotLevel level) noexcept {
  return kLevelNames[static_cast<std::size_t>(level)];
}
std::optional<BotLevel> bot_level_from(std::string_view name) noexcept {
  return find_name<BotLevel>(kLevelNames, name);
}

std::string GameSpec::encode() const {
  std::string text = fmt::format("{} {} {}{}{}", game, version, seed, is_open ? " open" : "",
                                 is_rated ? " rated" : "");
  if (rating) text += fmt::format(" rating={}", *rating);
  if (clock) text += " clock=" + clock->encode();
  if (!invitation_hash.empty()) text += " private=" + invitation_hash;
  return text;
}

std::optional<GameSpec> GameSpec::parse(std::string_view text) {
  GameSpec spec;
  const auto name = take_word(text);
  const auto version_text = take_word(text);
  if (!name || !version_text) return std::nullopt;
  const std::string_view seed_text = next_word(text);
  if (!read_number(*version_text, spec.version) || !read_number(seed_text, spec.seed)) {
    return std::nullopt;
  }
  while (!text.empty()) {
    if (!read_option(next_word(text), spec)) return std::nullopt;
  }
  spec.game = *name;
  return spec;
}

std::string Occupant::encode() const {
  if (level) return std::string("bot ").append(to_string(*level));
  return player ? fmt::format("token {} player {}", token_hash, *player) : "token " + token_hash;
}

std::string creators_token(std::span<const Event> events) {
  for (const Event& event : events) {
    if (event.kind != EventKind::kJoin) continue;
    if (auto occupant = Occupant::parse(event.detail)) return std::move(occupant->token_hash);
  }
  return {};
}

std::optional<Occupant> Occupant::parse(std::string_view text) {
  const auto word = take_word(text);
  if (word == "token" && !text.empty()) {
    Occupant person;
    person.token_hash = next_word(text);
    if (text.empty()) return person;
    const bool is_known = take_word(text) == "player" && read_number(text, person.player.emplace());
    return is_known ? std::optional(person) : std::nullopt;
  }
  if (word == "bot") {
    if (const auto bot_level = bot_level_from(text)) return Occupant{{}, bot_level};
  }
  return std::nullopt;
}

}  // namespace hornbeam::live
