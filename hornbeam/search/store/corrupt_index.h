#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hornbeam::search {

/// A file of an index is not what was written. The message names the file, the structure in it and
/// where that begins; the mend is to restore the file or to rebuild the index.
class CorruptIndex : public std::runtime_error {
 public:
  CorruptIndex(std::string_view file, std::string_view structure, std::uint64_t offset,
               std::string_view what);

  const std::string& file() const noexcept { return file_; }
  const std::string& structure() const noexcept { return structure_; }
  std::uint64_t offset() const noexcept { return offset_; }

 private:
  std::string file_;
  std::string structure_;
  std::uint64_t offset_;
};

}  // namespace hornbeam::search
