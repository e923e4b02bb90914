#include "hornbeam/site/search_api/index_numbers.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace hornbeam::site {

IndexNumbers& IndexNumbers::operator+=(const IndexNumbers& other) {
  documents += other.documents;
  deleted += other.deleted;
  bytes += other.bytes;
  segments += other.segments;
  return *this;
}

IndexNumbers numbers_of(const search::NodeIndex& index) {
  const auto snapshot = index.index->shard().snapshot();
  IndexNumbers numbers{.documents = snapshot->live_count(), .segments = snapshot->segments.size()};
  std::uint64_t all = 0;
  for (const search::SegmentView& view : snapshot->segments) {
    all += view.segment->doc_count();
    numbers.bytes += view.segment->size();
  }
  numbers.deleted = all - numbers.documents;
  return numbers;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{}b", bytes);
  static constexpr std::array<std::string_view, 4> kUnits = {"kb", "mb", "gb", "tb"};
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  const std::string text = fmt::format("{:.1f}", size);
  const std::string_view shown = text;
  return fmt::format("{}{}", shown.ends_with(".0") ? shown.substr(0, shown.size() - 2) : shown,
                     kUnits[unit]);
}

}  // namespace hornbeam::site
