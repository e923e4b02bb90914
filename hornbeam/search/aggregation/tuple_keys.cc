#include "hornbeam/search/aggregation/tuple_keys.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"

namespace hornbeam::search::aggregation {

TupleSource::TupleSource(const FieldRequest& request, const KeyRounding& rounding)
    : rounding_(rounding),
      has_format_(!request.format.empty()),
      values_(request,
              rounding.interval > 0 || rounding.calendar ? Accepts::kNumbers : Accepts::kKeys,
              rounding.calendar       ? ValueKind::kDate
              : rounding.interval > 0 ? ValueKind::kDouble
                                      : ValueKind::kKeyword),
      keys_(table_, everything_) {}

void TupleSource::open_index(const AggregatedIndex& index, const Aggregation& asked) {
  values_.open_index(index, asked.type);
  if (!values_.is_mapped() && !values_.has_missing() && table_.size() > 0) return;
  // Steps are reals, whatever they are of.
  table_.expect(rounding_.interval > 0 ? ValueKind::kDouble : values_.kind(), asked.name);
}

void TupleSource::open_segment(const SegmentView& view) {
  values_.open_segment(view);
  keys_.open_segment(values_, view.segment->doc_count());
}

std::uint32_t TupleSource::round(std::int64_t coded) {
  const double value = values_.number(coded);
  if (rounding_.calendar) {
    const bool is_whole = values_.kind() == ValueKind::kDate || values_.kind() == ValueKind::kLong;
    return table_.add(rounding_.calendar->round(
        is_whole ? coded : static_cast<Millis>(std::clamp(value, -9e15, 9e15))));
  }
  const double steps = std::floor((value - rounding_.offset) / rounding_.interval);
  return table_.add(sortable_from_double(steps * rounding_.interval + rounding_.offset));
}

void TupleSource::keys_of(DocId doc, std::vector<std::uint32_t>& keys) {
  keys.clear();
  const Column* const column = values_.column();
  const auto [begin, end] = column ? column->range(doc) : std::pair<std::size_t, std::size_t>(0, 0);
  if (begin == end && values_.has_missing()) {
    keys.push_back(is_rounded() ? round(values_.missing_coded()) : keys_.of_missing());
  }
  for (std::size_t at = begin; at < end; ++at) {
    const std::uint32_t key =
        is_rounded() ? round(values_.coded(column->value(at))) : keys_.of_value(*column, at);
    if (keys.empty() || keys.back() != key) keys.push_back(key);
  }
}

std::uint32_t TupleSource::key_of(const std::string& text) {
  const auto refuse_value = [&] {
    refuse_argument(fmt::format("[{}] is no value of field [{}]", text, values_.path()));
  };
  if (table_.kind() == ValueKind::kIp) {
    const auto term = ip_term(text);
    if (!term) refuse_value();
    return table_.add(*term);
  }
  if (table_.is_keyword()) return table_.add(std::string_view(text));
  const bool is_date = table_.kind() == ValueKind::kDate;
  // A date without a format is shown as its milliseconds.
  const auto millis = is_date && !has_format_ ? parse_number(FieldType::kLong, text) : std::nullopt;
  if (millis) return table_.add(*millis);
  if (table_.is_real()) {
    const auto number = values_.format().read(text, current_millis());
    if (!number) refuse_value();
    return table_.add_number(*number);
  }
  const auto coded = values_.format().read_coded(text, table_.kind(), current_millis());
  if (!coded) refuse_value();
  return table_.add(*coded);
}

int TupleSource::compare(std::uint32_t a, std::uint32_t b) const {
  if (a == b) return 0;
  return table_.is_before(a, b) ? -1 : table_.is_before(b, a) ? 1 : 0;
}

std::string TupleSource::json(std::uint32_t key, bool is_formatted) const {
  if (key == kNullKey) return "null";
  if (table_.kind() == ValueKind::kBoolean) return text(key);
  if (table_.is_keyword() || values_.format().is_raw() || !is_formatted) return table_.json(key);
  std::string out;
  base::append_json_string(out, text(key));
  return out;
}

std::uint32_t TupleTable::add(const std::vector<std::uint32_t>& tuple) {
  std::string bytes(tuple.size() * sizeof(std::uint32_t), '\0');
  std::memcpy(bytes.data(), tuple.data(), bytes.size());
  const auto number = static_cast<std::uint32_t>(tuples_.size());
  const auto [found, is_new] = numbers_.try_emplace(std::move(bytes), number);
  if (is_new) tuples_.push_back(tuple);
  return found->second;
}

TupleBuckets::TupleBuckets(const std::vector<Source>& sources, const Aggregations& subs)
    : subs_(subs), below_(subs_), keys_(sources.size()), tuple_(sources.size()) {
  for (const Source& each : sources) {
    sources_.push_back(std::make_unique<TupleSource>(*each.request, *each.rounding));
    has_null_.push_back(each.has_null);
  }
}

void TupleBuckets::open_index(const AggregatedIndex& index, const Aggregation& asked) {
  for (const auto& each : sources_) each->open_index(index, asked);
  subs_.open_index(index);
}

void TupleBuckets::open_segment(const SegmentView& view) {
  for (const auto& each : sources_) each->open_segment(view);
  subs_.open_segment(view);
}

/// What one document may make: a few fields with many values each would have no end.
constexpr std::size_t kMostTuples = 1'000'000;

template <class Visit>
void TupleBuckets::for_each_tuple(DocId doc, Visit&& visit) {
  std::size_t count = 1;
  for (std::size_t at = 0; at < width(); ++at) {
    sources_[at]->keys_of(doc, keys_[at]);
    if (keys_[at].empty() && has_null_[at]) keys_[at].push_back(kNullKey);
    count *= keys_[at].size();
    if (count > kMostTuples) {
      refuse("too_many_buckets_exception",
             fmt::format("A document has more than [{}] combinations of values", kMostTuples));
    }
  }
  // Counts through all combinations, the last source's keys fastest.
  for (std::size_t number = 0; number < count; ++number) {
    std::size_t rest = number;
    for (std::size_t at = width(); at > 0; --at) {
      const auto& keys = keys_[at - 1];
      tuple_[at - 1] = keys[rest % keys.size()];
      rest /= keys.size();
    }
    visit(tuples_.add(tuple_));
  }
}

void TupleBuckets::collect(const Batch& batch) {
  const bool has_subs = !subs_.empty();
  for (std::size_t i = 0; i < batch.docs.size(); ++i) {
    for_each_tuple(batch.docs[i], [&](std::uint32_t tuple) {
      const BucketId bucket = buckets_.add(batch.bucket(i), tuple);
      counts_.grow(bucket + 1);
      ++counts_[bucket];
      if (has_subs) below_.add(batch, i, bucket);
    });
  }
  below_.flush(buckets_.size());
}

void TupleBuckets::add_all(const SegmentView& view) {
  for (DocId doc = 0; doc < view.segment->doc_count(); ++doc) {
    if (view.is_live(doc)) for_each_tuple(doc, [](std::uint32_t) {});
  }
}

}  // namespace hornbeam::search::aggregation
