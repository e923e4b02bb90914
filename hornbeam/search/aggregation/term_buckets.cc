#include "hornbeam/search/aggregation/term_buckets.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "hornbeam/base/json_write.h"

namespace hornbeam::search::aggregation {
namespace {

/// Calls `visit(begin, end)` with where the values of each document are. Documents lie far apart,
/// so that each would wait for memory twice: the memory is asked for many of them at once.
template <class Visit>
void for_each_range(const Column& column, std::span<const DocId> docs, Visit&& visit) {
  constexpr std::size_t kTogether = 32;
  std::array<std::pair<std::size_t, std::size_t>, kTogether> ranges;
  while (!docs.empty()) {
    const std::span<const DocId> now = docs.first(std::min(docs.size(), kTogether));
    docs = docs.subspan(now.size());
    for (const DocId doc : now) column.prefetch_range(doc);
    for (std::size_t i = 0; i < now.size(); ++i) {
      ranges[i] = column.range(now[i]);
      column.prefetch_value(ranges[i].first);
    }
    for (std::size_t i = 0; i < now.size(); ++i) visit(ranges[i].first, ranges[i].second);
  }
}

}  // namespace

TermBuckets::TermBuckets(const FieldRequest& request, IncludeExclude wanted,
                         const Aggregations& subs, Accepts accepts)
    : wanted_(std::move(wanted)),
      values_(request, accepts, ValueKind::kKeyword),
      keys_(table_, wanted_),
      subs_(subs),
      below_(subs_) {}

void TermBuckets::open_index(const AggregatedIndex& index, const Aggregation& asked) {
  values_.open_index(index, asked.type);
  subs_.open_index(index);
  if (values_.is_mapped() || values_.has_missing()) table_.expect(values_.kind(), asked.name);
  wanted_.open_index(values_.kind(), values_.format(), asked.name);
}

void TermBuckets::open_segment(const SegmentView& view) {
  values_.open_segment(view);
  keys_.open_segment(values_, view.segment->doc_count());
  subs_.open_segment(view);
  code_counts_.assign(subs_.empty() ? keys_.code_limit() : 0, 0);
}

void TermBuckets::collect(const Batch& batch) {
  if (!code_counts_.empty() && batch.buckets.empty() && !values_.has_missing()) {
    count_codes(batch);
  } else {
    count_buckets(batch);
  }
}

void TermBuckets::count_codes(const Batch& batch) {
  const Column& column = *values_.column();
  std::uint32_t* const counts = code_counts_.data();
  const bool is_run = batch.is_run();
  if (column.is_dense() && is_run) {
    for (std::size_t at = batch.docs.front(); at <= batch.docs.back(); ++at) {
      ++counts[column.code(at)];
    }
  } else if (column.is_dense()) {
    for (const DocId doc : batch.docs) ++counts[column.code(doc)];
  } else if (is_run && column.kind() == ColumnKind::kKeyword) {
    // A document has a keyword once, so that it does not matter which document a value is of.
    const std::size_t end = column.range(batch.docs.back()).second;
    for (std::size_t at = column.range(batch.docs.front()).first; at < end; ++at) {
      ++counts[column.code(at)];
    }
  } else {
    for_each_range(column, batch.docs, [&](std::size_t begin, std::size_t end) {
      for (std::size_t at = begin; at < end; ++at) {
        const std::uint64_t code = column.code(at);
        if (at == begin || code != column.code(at - 1)) ++counts[code];
      }
    });
  }
}

void TermBuckets::count_buckets(const Batch& batch) {
  const bool has_subs = !subs_.empty();
  keys_.for_each(batch, [&](std::size_t i, std::uint32_t key) {
    const BucketId bucket = buckets_.add(batch.bucket(i), key);
    counts_.grow(bucket + 1);
    ++counts_[bucket];
    if (has_subs) below_.add(batch, i, bucket);
  });
  below_.flush(buckets_.size());
}

/// Sets the counts of the other codes to nothing.
void TermBuckets::drop_all_but_best() {
  if (!best_ || buckets_.size() > 0 || !wanted_.accepts_all()) return;
  using Counted = std::pair<std::uint32_t, std::uint32_t>;  // The count and the code.
  const auto is_better = [](const Counted& a, const Counted& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  std::vector<Counted> best;  // A heap: the worst of them in front.
  for (std::uint32_t code = 0; code < code_counts_.size(); ++code) {
    const std::uint32_t count = code_counts_[code];
    if (count == 0 || count < min_doc_count_) continue;
    not_kept_ += count;
    if (best.size() == *best_ && (best.empty() || !is_better({count, code}, best.front()))) {
      continue;
    }
    best.emplace_back(count, code);
    std::ranges::push_heap(best, is_better);
    if (best.size() <= *best_) continue;
    std::ranges::pop_heap(best, is_better);
    best.pop_back();
  }
  std::ranges::fill(code_counts_, 0);
  for (const auto& [count, code] : best) {
    code_counts_[code] = count;
    not_kept_ -= count;
  }
}

void TermBuckets::close_segment() {
  drop_all_but_best();
  for (std::size_t code = 0; code < code_counts_.size(); ++code) {
    if (code_counts_[code] == 0) continue;
    const std::uint32_t key = keys_.of_code(code);
    if (key == SegmentKeys::kExcluded) continue;
    const BucketId bucket = buckets_.add(0, key);
    counts_.grow(bucket + 1);
    counts_[bucket] += code_counts_[code];
  }
  code_counts_.clear();
  subs_.close_segment();
}

void TermBuckets::add_all_keys(const SegmentView& view) {
  const Column* const column = values_.column();
  if (column && column->kind() == ColumnKind::kKeyword) {
    for (std::size_t code = 0; code < keys_.code_limit(); ++code) keys_.of_code(code);
    return;
  }
  for_each_in_segment(view, [](DocId, std::uint32_t) {});
}

ResultBucket TermBuckets::result(BucketId bucket, std::uint32_t key, BuildLimits& limits) const {
  ResultBucket result{.name = table_.text(key, values_.format()), .doc_count = count(bucket)};
  result.head = "\"key\":" + table_.json(key) + ",";
  if (!table_.is_keyword()) {
    result.key = table_.number(key);
    if (!values_.format().is_raw()) {
      result.head += "\"key_as_string\":";
      base::append_json_string(result.head, result.name);
      result.head += ',';
    }
  }
  result.sub = subs_.build(bucket, limits);
  return result;
}

std::string TermBuckets::typed_name(std::string_view suffix) const {
  const char* prefix = "um";
  if (values_.was_mapped() || values_.has_missing()) {
    prefix = table_.is_keyword()                     ? "s"
             : table_.is_real()                      ? "d"
             : table_.kind() == ValueKind::kUnsigned ? "ul"
                                                     : "l";
    if (table_.kind() == ValueKind::kNone) prefix = is_numeric(values_.kind()) ? "l" : "s";
  }
  return std::string(prefix).append(suffix);
}

}  // namespace hornbeam::search::aggregation
