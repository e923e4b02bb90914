#include "arena/players/kinds.h"

#include <array>
#include <chrono>

#include <fmt/format.h>

namespace arena {
namespace {

namespace live = hornbeam::live;

struct Kind {
  std::string_view name;
  std::string_view title;
  live::GridShape shape;
};
constexpr std::array<Kind, 3> kKinds = {{
    {"tic-tac-toe", "Tic-tac-toe", {.rows = 3, .cols = 3, .line = 3}},
    {"connect-four", "Connect Four", live::ConnectFour::kShape},
    {"gomoku", "Gomoku", live::Gomoku::kShape},
}};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

const Kind* find_kind(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace

std::vector<KindTitle> kinds_with_titles() {
  std::vector<KindTitle> kinds;
  for (const Kind& kind : kKinds)
    kinds.push_back({std::string(kind.name), std::string(kind.title)});
  return kinds;
}

std::string_view title_of_kind(std::string_view kind) {
  const Kind* const found = find_kind(kind);
  return found == nullptr ? kind : found->title;
}

std::optional<live::GridShape> grid_of_kind(std::string_view kind) {
  const Kind* const found = find_kind(kind);
  return found == nullptr ? std::nullopt : std::optional(found->shape);
}

std::string day_of(live::EventTime at) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  return fmt::format("{} {} {}", static_cast<unsigned>(day.day()),
                     kMonths[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()));
}

}  // namespace arena
