#include "hornbeam/search/store/corrupt_index.h"

#include <fmt/format.h>

namespace hornbeam::search {

CorruptIndex::CorruptIndex(std::string_view file, std::string_view structure, std::uint64_t offset,
                           std::string_view what)
    : std::runtime_error(
          fmt::format("index file {} is damaged: {} at byte {}: {}. Mend: restore the file from a "
                      "backup, or rebuild the index",
                      file, structure, offset, what)),
      file_(file),
      structure_(structure),
      offset_(offset) {}

}  // namespace hornbeam::search
