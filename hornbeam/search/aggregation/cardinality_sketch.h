#pragma once

// How many different values there are. Up to a threshold their hashes are kept, and the count is
// exact; beyond it 2^p registers keep only how rare the rarest hash of each was (HyperLogLog), and
// the count is estimated with Ertl's estimator (arXiv 1702.01284, section 2.3), which needs no
// tables of corrections as HyperLogLog++ does.

#include <cstdint>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/bucket_index.h"

namespace hornbeam::search::aggregation {

class CardinalitySketch {
 public:
  explicit CardinalitySketch(std::uint32_t threshold) : threshold_(threshold) {}

  void add(std::uint64_t hash) {
    if (!registers_.empty()) {
      add_to_register(hash);
      return;
    }
    hashes_.add(hash);
    if (hashes_.size() > threshold_) become_registers();
  }
  std::uint64_t count() const;

 private:
  int precision() const noexcept;
  void become_registers();
  void add_to_register(std::uint64_t hash);

  std::uint32_t threshold_;
  NumberIndex hashes_;
  std::vector<std::uint8_t> registers_;  ///< Empty as long as hashes are kept.
};

std::uint64_t hash_number(std::int64_t number) noexcept;
std::uint64_t hash_text(std::string_view text) noexcept;

}  // namespace hornbeam::search::aggregation
