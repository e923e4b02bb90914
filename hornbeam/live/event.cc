#include "hornbeam/live/event.h"

#include <array>
#include <charconv>
#include <span>

#include <fmt/core.h>

namespace hornbeam::live {
namespace {

constexpr std::array<std::string_view, 13> kKindNames = {
    "create",     "join",         "move", "resign",     "abort",        "offer_rematch", "rematch",
    "offer_draw", "decline_draw", "draw", "offer_undo", "decline_undo", "undo"};
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

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
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
  return fmt::format("{} {} {}{}", game, version, seed, is_open ? " open" : "");
}

std::optional<GameSpec> GameSpec::parse(std::string_view text) {
  GameSpec spec;
  const auto name = take_word(text);
  const auto version_text = take_word(text);
  if (!name || !version_text) return std::nullopt;
  constexpr std::string_view kOpen = " open";
  spec.is_open = text.ends_with(kOpen);
  if (spec.is_open) text.remove_suffix(kOpen.size());
  if (!read_number(*version_text, spec.version) || !read_number(text, spec.seed)) {
    return std::nullopt;
  }
  spec.game = *name;
  return spec;
}

std::string Occupant::encode() const {
  return level ? fmt::format("bot {}", to_string(*level)) : fmt::format("token {}", token_hash);
}

std::optional<Occupant> Occupant::parse(std::string_view text) {
  const auto word = take_word(text);
  if (word == "token" && !text.empty()) return Occupant{std::string(text), std::nullopt};
  if (word == "bot") {
    if (const auto bot_level = bot_level_from(text)) return Occupant{{}, bot_level};
  }
  return std::nullopt;
}

}  // namespace hornbeam::live
