#include "hornbeam/search/codec/impacts.h"

#include <algorithm>

namespace hornbeam::search {

void ImpactsBuilder::add(const ImpactsBuilder& other) {
  for (std::size_t norm = 0; norm < max_freq_.size(); ++norm) {
    max_freq_[norm] = std::max(max_freq_[norm], other.max_freq_[norm]);
  }
}

void ImpactsBuilder::write(ByteWriter& out) const {
  std::vector<Impact> competitive;
  std::uint32_t best = 0;
  // A smaller norm is a shorter field: a longer one competes only with a higher frequency.
  for (std::size_t norm = 0; norm < max_freq_.size(); ++norm) {
    if (max_freq_[norm] <= best) continue;
    best = max_freq_[norm];
    competitive.push_back({.freq = best, .norm = static_cast<std::uint8_t>(norm)});
  }
  std::ranges::reverse(competitive);
  out.varint(competitive.size());
  for (const Impact& impact : competitive) {
    out.u8(impact.norm);
    out.varint(impact.freq);
  }
}

void read_impacts(ByteReader& in, std::vector<Impact>& impacts) {
  impacts.resize(std::min<std::uint64_t>(in.varint(), 256));
  for (Impact& impact : impacts) {
    impact.norm = in.u8();
    impact.freq = in.varint32();
  }
}

}  // namespace hornbeam::search
