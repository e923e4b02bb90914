// filter, missing, global.

#include <fmt/format.h>

#include "hornbeam/search/aggregation/doc_filter.h"
#include "hornbeam/search/aggregation/field_values.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/aggregation/single_bucket.h"

namespace hornbeam::search::aggregation {
namespace {

class Filter final : public SingleBucket {
 public:
  Filter(const Aggregation& asked, const Query& query) : SingleBucket(asked), filter_(query) {}

  void open_index(const AggregatedIndex& index) override {
    filter_.open_index(index);
    SingleBucket::open_index(index);
  }
  void open_segment(const SegmentView& view) override {
    filter_.open_segment(view);
    SingleBucket::open_segment(view);
  }
  void collect(const Batch& batch) override {
    collect_if(batch, [&](DocId doc) { return filter_.matches(doc); });
  }

 private:
  DocFilter filter_;
};

class FilterKind final : public Kind {
 public:
  explicit FilterKind(Query query) : query_(std::move(query)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Filter>(asked, query_);
  }

 private:
  Query query_;
};

class Missing final : public SingleBucket {
 public:
  Missing(const Aggregation& asked, const FieldRequest& request)
      : SingleBucket(asked), values_(request, Accepts::kAnything, ValueKind::kKeyword) {}

  void open_index(const AggregatedIndex& index) override {
    values_.open_index(index, asked().type);
    SingleBucket::open_index(index);
  }
  void open_segment(const SegmentView& view) override {
    values_.open_segment(view);
    SingleBucket::open_segment(view);
  }
  void collect(const Batch& batch) override {
    const Column* const column = values_.column();
    const bool has_missing = values_.has_missing();
    collect_if(batch, [&](DocId doc) { return !has_missing && !(column && column->has(doc)); });
  }

 private:
  FieldValues values_;
};

class MissingKind final : public Kind {
 public:
  explicit MissingKind(FieldRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Missing>(asked, request_);
  }

 private:
  FieldRequest request_;
};

class Global final : public SingleBucket {
 public:
  using SingleBucket::SingleBucket;
  bool wants_all() const override { return true; }
  void collect(const Batch& batch) override {
    collect_if(batch, [](DocId) { return true; });
  }
};

class GlobalKind final : public Kind {
 public:
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<Global>(asked);
  }
  void check(const Aggregation& asked, const Aggregation* parent) const override {
    if (!parent) return;
    refuse("aggregation_execution_exception",
           fmt::format("Aggregation [{}] cannot have a global sub-aggregation [{}]. Global "
                       "aggregations can only be defined as top level aggregations",
                       parent->name, asked.name));
  }
};

}  // namespace

KindPtr read_filter(Parameters& parameters) {
  return std::make_shared<FilterKind>(query_reader::read_query(parameters.json()));
}

KindPtr read_missing(Parameters& parameters) {
  auto kind = std::make_shared<MissingKind>(read_field_request(parameters));
  parameters.finish();
  return kind;
}

KindPtr read_global(Parameters& parameters) {
  parameters.finish();
  return std::make_shared<GlobalKind>();
}

}  // namespace hornbeam::search::aggregation
