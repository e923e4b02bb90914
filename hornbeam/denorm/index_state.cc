#include "hornbeam/denorm/index_state.h"

#include "hornbeam/base/json.h"

namespace hornbeam::denorm {

std::string IndexState::text() const {
  return base::to_json(*this);
}

base::Result<IndexState> IndexState::parse(std::string_view text) {
  if (text.empty()) return IndexState();
  auto state = base::from_json<IndexState>(text);
  if (!state) {
    return base::error(
        "no_index_state",
        "what was committed with the index is not a feed's: " + state.error().message() +
            ". Mend: build it anew, under a name that nothing else writes to");
  }
  return std::move(*state);
}

}  // namespace hornbeam::denorm
