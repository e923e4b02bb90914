#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/live.h"
#include "hornbeam/web.h"

namespace arena {

/// A game as pages call it.
struct KindTitle {
  std::string kind;   ///< Its name in the protocol.
  std::string title;  ///< Its name for people.
};
constexpr auto describe(hornbeam::Type<KindTitle>) {
  return hornbeam::fields(hornbeam::field("kind", &KindTitle::kind),
                          hornbeam::field("title", &KindTitle::title));
}

/// Those that arena offers.
std::vector<KindTitle> kinds_with_titles();
/// The name for people; `kind` itself if it has none.
std::string_view title_of_kind(std::string_view kind);
/// The measures of a game's board, if it is played on a grid.
std::optional<hornbeam::live::GridShape> grid_of_kind(std::string_view kind);
/// A day, such as "27 November 2026".
std::string day_of(hornbeam::live::EventTime at);

}  // namespace arena
