#pragma once

#include <cstdint>
#include <string>

#include "hornbeam/search/node/node.h"

namespace hornbeam::site {

/// How much an index holds, as searches see it.
struct IndexNumbers {
  std::uint64_t documents = 0;
  std::uint64_t deleted = 0;  ///< Replaced or deleted, and not yet merged away.
  std::uint64_t bytes = 0;
  std::uint64_t segments = 0;

  IndexNumbers& operator+=(const IndexNumbers& other);
};

IndexNumbers numbers_of(const search::NodeIndex& index);

/// "512b", "1.5kb" and so on.
std::string size_text(std::uint64_t bytes);

}  // namespace hornbeam::site
