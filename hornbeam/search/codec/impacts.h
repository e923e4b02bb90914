#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hornbeam/search/store/byte_reader.h"
#include "hornbeam/search/store/byte_writer.h"

namespace hornbeam::search {

/// A frequency and the norm of the document it is in: what a score is made of.
struct Impact {
  std::uint32_t freq = 0;
  std::uint8_t norm = 0;

  friend bool operator==(const Impact&, const Impact&) = default;
};

/// Collects the competitive impacts of some documents: those that no other document beats in both
/// frequency and norm. Whatever a similarity gives for a document, it gives at least as much for
/// one of them, so they bound every score.
class ImpactsBuilder {
 public:
  void add(std::uint32_t freq, std::uint8_t norm) {
    if (freq > max_freq_[norm]) max_freq_[norm] = freq;
  }
  void add(const ImpactsBuilder& other);
  void clear() { max_freq_.fill(0); }

  /// By falling norm and falling frequency.
  void write(ByteWriter& out) const;

 private:
  std::array<std::uint32_t, 256> max_freq_{};
};

/// Reads what `ImpactsBuilder::write` wrote.
void read_impacts(ByteReader& in, std::vector<Impact>& impacts);

}  // namespace hornbeam::search
