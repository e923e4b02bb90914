#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/search/store/directory.h"

namespace hornbeam::search {

/// What was deleted, and when: an older write that arrives late must lose.
struct Tombstone {
  std::int64_t version = 0;
  std::int64_t seq_no = 0;
};

/// A commit: which files are the index, and what was stored with them in one step.
struct Manifest {
  struct SegmentFiles {
    std::string segment;
    std::string live_docs;  ///< Empty if no document of it is deleted.
  };
  std::uint64_t next_file = 0;
  std::int64_t next_seq_no = 0;
  std::vector<SegmentFiles> segments{};
  std::map<std::string, Tombstone, std::less<>> tombstones{};
  std::string mapping;    ///< As JSON.
  std::string user_data;  ///< The application's, such as the cursor of a feed.
};

/// Makes `manifest` the commit of the directory: after a crash at any step, it is either this one
/// or the one before. Requires: the files it names are synced.
void write_manifest(Directory& directory, const Manifest& manifest);

/// The last commit, or none in a new directory. Throws CorruptIndex.
std::optional<Manifest> read_manifest(const Directory& directory);

}  // namespace hornbeam::search
