#pragma once

// Buckets of several values at once: what multi_terms and composite collect.

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hornbeam/search/aggregation/bucket_index.h"
#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/include_exclude.h"
#include "hornbeam/search/aggregation/rounding.h"
#include "hornbeam/search/aggregation/segment_keys.h"

namespace hornbeam::search::aggregation {

/// The key of a document without a value, where that is asked for.
inline constexpr std::uint32_t kNullKey = 0xFFFFFFFD;

/// How numbers become keys: as they are, by steps, or by the calendar.
struct KeyRounding {
  double interval = 0;  ///< 0: not by steps.
  double offset = 0;
  std::optional<Rounding> calendar{};
};

/// One of the values of a tuple.
class TupleSource {
 public:
  /// Lifetime: both requests outlive this.
  TupleSource(const FieldRequest& request, const KeyRounding& rounding);
  TupleSource(const TupleSource&) = delete;
  TupleSource& operator=(const TupleSource&) = delete;

  void open_index(const AggregatedIndex& index, const Aggregation& asked);
  void open_segment(const SegmentView& view);
  /// Fills in the keys of a document, each once.
  void keys_of(DocId doc, std::vector<std::uint32_t>& keys);
  /// The key of a value that was given as text; throws a Refusal if it is none.
  std::uint32_t key_of(const std::string& text);

  /// Below 0 if the value of `a` is before that of `b`. Requires: neither is `kNullKey`.
  int compare(std::uint32_t a, std::uint32_t b) const;
  /// The value as JSON, and as text. Formats are shown if `is_formatted`; booleans always.
  std::string json(std::uint32_t key, bool is_formatted) const;
  std::string text(std::uint32_t key) const { return table_.text(key, values_.format()); }

 private:
  std::uint32_t round(std::int64_t coded);
  bool is_rounded() const noexcept { return rounding_.interval > 0 || rounding_.calendar; }

  const KeyRounding& rounding_;
  bool has_format_;
  IncludeExclude everything_{};
  KeyTable table_;
  FieldValues values_;
  SegmentKeys keys_;
};

/// Numbers tuples of keys.
class TupleTable {
 public:
  std::uint32_t add(const std::vector<std::uint32_t>& tuple);
  const std::vector<std::uint32_t>& tuple(std::uint32_t number) const { return tuples_[number]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(tuples_.size()); }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;  ///< By the bytes of the keys.
  std::vector<std::vector<std::uint32_t>> tuples_;
};

/// The tuples of documents, and the buckets that they make.
class TupleBuckets {
 public:
  struct Source {
    const FieldRequest* request;
    const KeyRounding* rounding;
    bool has_null = false;  ///< Documents without a value have `kNullKey`.
  };
  TupleBuckets(const std::vector<Source>& sources, const Aggregations& subs);

  void open_index(const AggregatedIndex& index, const Aggregation& asked);
  void open_segment(const SegmentView& view);
  void collect(const Batch& batch);
  void close_segment() { subs_.close_segment(); }
  /// Gives all tuples of the open segment's live documents a number.
  void add_all(const SegmentView& view);

  std::size_t width() const noexcept { return sources_.size(); }
  TupleSource& source(std::size_t at) { return *sources_[at]; }
  const TupleSource& source(std::size_t at) const { return *sources_[at]; }
  const TupleTable& tuples() const noexcept { return tuples_; }
  const BucketIndex& buckets() const noexcept { return buckets_; }
  std::uint64_t count(BucketId bucket) const { return counts_.at(bucket); }
  const CollectorList& subs() const noexcept { return subs_; }
  CollectorList& subs() noexcept { return subs_; }

 private:
  template <class Visit>
  void for_each_tuple(DocId doc, Visit&& visit);

  std::vector<std::unique_ptr<TupleSource>> sources_;
  std::vector<bool> has_null_;
  TupleTable tuples_;
  BucketIndex buckets_;
  BucketCounts counts_;
  CollectorList subs_;
  SubBatch below_;
  std::vector<std::vector<std::uint32_t>> keys_;  ///< Of the document at hand, by source.
  std::vector<std::uint32_t> tuple_;
};

}  // namespace hornbeam::search::aggregation
