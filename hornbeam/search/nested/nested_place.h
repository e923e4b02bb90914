#pragma once

#include <string>

#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// Which of the objects at a path a nested document is.
struct NestedPlace {
  std::string field;  ///< The path inside of what is around it.
  DocId offset = 0;   ///< Among the objects there.
};
}  // namespace hornbeam::search
