#include <algorithm>
#include <numeric>

#include "hornbeam/base/check.h"
#include "hornbeam/search/codec/column.h"

namespace hornbeam::search {
namespace {

/// The largest number that divides every distance from the minimum.
std::uint64_t common_step(std::span<const std::uint64_t> distances) {
  std::uint64_t step = 0;
  for (const std::uint64_t distance : distances) {
    step = std::gcd(step, distance);
    if (step == 1) break;
  }
  return std::max<std::uint64_t>(step, 1);
}

void write_dictionary(const std::vector<std::string>& terms,
                      const std::vector<std::uint32_t>& order, ByteWriter& out) {
  std::vector<std::uint64_t> ends;
  std::uint64_t end = 0;
  for (const std::uint32_t index : order) ends.push_back(end += terms[index].size());
  PackedArray::write(ends, out);
  for (const std::uint32_t index : order) out.raw(terms[index].data(), terms[index].size());
}

}  // namespace

void ColumnBuilder::add(DocId doc, std::int64_t value) {
  base::check(entries_.empty() || entries_.back().doc <= doc, "the documents of a column rise");
  entries_.push_back({.doc = doc, .value = value});
}

void ColumnBuilder::add_keyword(DocId doc, std::string_view term) {
  add(doc, intern(term));
}

std::uint32_t ColumnBuilder::intern(std::string_view term) {
  if (terms_.size() * 2 >= slots_.size()) {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
    for (std::uint32_t i = 0; i < terms_.size(); ++i) {
      std::size_t at = std::hash<std::string_view>{}(terms_[i]) & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = i + 1;
    }
  }
  std::size_t at = std::hash<std::string_view>{}(term) & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (terms_[slots_[at] - 1] == term) return slots_[at] - 1;
  }
  terms_.emplace_back(term);
  slots_[at] = static_cast<std::uint32_t>(terms_.size());
  return slots_[at] - 1;
}

std::size_t ColumnBuilder::memory() const noexcept {
  return entries_.capacity() * sizeof(Entry) + terms_.size() * 48 + slots_.size() * 4;
}

void ColumnBuilder::write(DocId doc_count, ByteWriter& out) const {
  std::vector<Entry> entries = entries_;
  std::vector<std::uint32_t> order(terms_.size());
  if (kind_ == ColumnKind::kKeyword) {
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::uint32_t i) -> std::string_view { return terms_[i]; });
    std::vector<std::int64_t> ordinals(terms_.size());
    for (std::size_t i = 0; i < order.size(); ++i) ordinals[order[i]] = static_cast<int>(i);
    for (Entry& entry : entries) entry.value = ordinals[static_cast<std::size_t>(entry.value)];
  }
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.doc, e.value); });
  if (kind_ == ColumnKind::kKeyword) {
    // As in Lucene's sorted set: a document has a keyword or has it not.
    const auto repeated =
        std::ranges::unique(entries, {}, [](const Entry& e) { return std::pair(e.doc, e.value); });
    entries.erase(repeated.begin(), repeated.end());
  }
  std::vector<std::uint64_t> starts(doc_count + 1);
  for (const Entry& entry : entries) ++starts[entry.doc + 1];
  const bool is_dense =
      std::all_of(starts.begin() + 1, starts.end(), [](std::uint64_t n) { return n == 1; });
  std::partial_sum(starts.begin(), starts.end(), starts.begin());

  std::int64_t minimum = 0;
  if (!entries.empty()) minimum = std::ranges::min(entries, {}, &Entry::value).value;
  std::vector<std::uint64_t> values;
  values.reserve(entries.size());
  for (const Entry& entry : entries) {
    values.push_back(static_cast<std::uint64_t>(entry.value) - static_cast<std::uint64_t>(minimum));
  }
  const std::uint64_t step = common_step(values);
  for (std::uint64_t& value : values) value /= step;
  out.u8(static_cast<std::uint8_t>(kind_));
  out.u8(is_dense);
  out.zigzag(minimum);
  out.varint(step);
  if (!is_dense) PackedArray::write(starts, out);
  PackedArray::write(values, out);
  if (kind_ == ColumnKind::kKeyword) write_dictionary(terms_, order, out);
}

}  // namespace hornbeam::search
