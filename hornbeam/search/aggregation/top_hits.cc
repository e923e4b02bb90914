#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/aggregation/java_number.h"
#include "hornbeam/search/aggregation/kind.h"
#include "hornbeam/search/nested/nested_documents.h"
#include "hornbeam/search/query/field_sort.h"

namespace hornbeam::search::aggregation {
namespace {

struct TopHitsRequest {
  std::vector<SortKey> sort{};  ///< Empty: by score.
  std::size_t from = 0;
  std::size_t size = 3;
  std::optional<SourceFilter> source = SourceFilter();  ///< None: it is not shown.
  bool has_version = false;
  bool has_seq_no = false;
  bool tracks_scores = false;  ///< Also where hits are ordered otherwise.
};

struct TopHit {
  std::vector<SortValue> values{};
  std::uint64_t number = 0;  ///< In the order in which documents came.
  float score = 0;
  std::shared_ptr<const Segment> segment{};
  DocId doc = 0;
  std::uint32_t index = 0;  ///< Whose.
};

std::string sort_json(const SortValue& value) {
  std::string out;
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* const real = std::get_if<double>(&value)) return json_double(*real);
  if (const auto* const text = std::get_if<std::string>(&value)) {
    base::append_json_string(out, *text);
    return out;
  }
  return "null";
}

class TopHits final : public Collector {
 public:
  TopHits(const Aggregation& asked, const TopHitsRequest& request)
      : Collector(asked), request_(request), keep_(request.from + request.size) {
    keys_ = request.sort;
    has_sort_ = !keys_.empty();
    if (!has_sort_) keys_.push_back({.field = "_score", .is_descending = true});
    shows_score_ = request.tracks_scores ||
                   std::ranges::any_of(keys_, [](const auto& k) { return k.field == "_score"; });
  }

  void open_index(const AggregatedIndex& index) override {
    indices_.push_back({.name = std::string(index.name),
                        .has_source = index.mapping.has_source(),
                        .source = index.mapping.source_filter()});
  }
  void open_segment(const SegmentView& view) override {
    segment_ = view.segment;
    columns_.clear();
    for (const SortKey& key : keys_) columns_.push_back(segment_->column(key.field));
  }
  void collect(const Batch& batch) override {
    if (buckets_.size() < batch.bucket_limit) buckets_.resize(batch.bucket_limit);
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      add(buckets_[batch.bucket(i)], batch.docs[i], batch.scores.empty() ? 0 : batch.scores[i]);
    }
  }
  bool needs_scores() const override { return shows_score_; }

  ResultNode build(BucketId bucket, BuildLimits&) const override {
    ResultNode node = new_result("top_hits", ResultNode::Shape::kMetric);
    const Bucket& found = bucket < buckets_.size() ? buckets_[bucket] : nothing_;
    std::vector<const TopHit*> hits;
    for (const TopHit& each : found.heap) hits.push_back(&each);
    std::ranges::sort(hits, [&](const TopHit* a, const TopHit* b) { return comes_first(*a, *b); });
    std::string inner;
    for (std::size_t i = request_.from; i < hits.size(); ++i) {
      inner += (inner.empty() ? "" : ",") + hit_json(*hits[i]);
    }
    const bool has_max = shows_score_ && found.count > 0;
    append_member(
        node.members, "hits",
        fmt::format(R"({{"total":{{"value":{},"relation":"eq"}},"max_score":{},"hits":[{}]}})",
                    found.count, has_max ? score_json(found.max_score) : "null", inner));
    return node;
  }

 private:
  struct Bucket {
    std::vector<TopHit> heap;  ///< The last of those that are kept is in front.
    std::uint64_t count = 0;
    float max_score = -std::numeric_limits<float>::infinity();
  };

  bool comes_first(const TopHit& a, const TopHit& b) const {
    const int order = compare_sorted(a.values, b.values, keys_);
    return order != 0 ? order < 0 : a.number < b.number;
  }
  SortValue value_of(std::size_t at, DocId doc, float score) const {
    const SortKey& key = keys_[at];
    if (key.field == "_score") return double{score};
    if (key.field == "_doc") return static_cast<std::int64_t>(number_);
    const Column* const column = columns_[at];
    if (!column || !column->has(doc)) return {};
    const auto [begin, end] = column->range(doc);
    const std::int64_t found = column->value(key.is_descending ? end - 1 : begin);
    if (column->kind() == ColumnKind::kDouble) return double_from_sortable(found);
    if (column->kind() == ColumnKind::kInteger) return found;
    return std::string(column->term(static_cast<std::size_t>(found)));
  }
  void add(Bucket& bucket, DocId doc, float score) {
    ++bucket.count;
    bucket.max_score = std::max(bucket.max_score, score);
    TopHit hit{.number = number_++,
               .score = score,
               .segment = segment_,
               .doc = doc,
               .index = static_cast<std::uint32_t>(indices_.size() - 1)};
    for (std::size_t at = 0; at < keys_.size(); ++at) {
      hit.values.push_back(value_of(at, doc, score));
    }
    const auto order = [&](const TopHit& a, const TopHit& b) { return comes_first(a, b); };
    if (bucket.heap.size() == keep_) {
      if (keep_ == 0 || !comes_first(hit, bucket.heap.front())) return;
      std::ranges::pop_heap(bucket.heap, order);
      bucket.heap.pop_back();
    }
    bucket.heap.push_back(std::move(hit));
    std::ranges::push_heap(bucket.heap, order);
  }
  /// The parts of the source that are asked for, whose paths are those in the whole document.
  std::string source_json(const RootDocument& root, const TopHit& hit,
                          const std::vector<NestedPlace>& places) const {
    std::string source = root.source();
    if (!places.empty()) source = nested_source(source, places);
    const std::string& path = hit.segment->path();
    return filter_nested_source(
        path, filter_nested_source(path, source, indices_[hit.index].source), *request_.source);
  }
  static std::string score_json(float score) {
    std::string out;
    base::append_json_number(out, score);
    return out.contains('.') || out.contains('e') ? out : out + ".0";
  }
  std::string hit_json(const TopHit& hit) const {
    std::string out = "{";
    const auto text = [](std::string_view value) {
      std::string quoted;
      base::append_json_string(quoted, value);
      return quoted;
    };
    const RootDocument root = root_of(*hit.segment, hit.doc);
    append_member(out, "_index", text(indices_[hit.index].name));
    append_member(out, "_id", text(root.id()));
    const std::vector<NestedPlace> places = nested_places(*hit.segment, hit.doc);
    if (!places.empty()) append_member(out, "_nested", nested_json(places));
    if (request_.has_version) {
      const Column& versions = *root.segment.column(kVersionField);
      append_member(out, "_version", std::to_string(versions.first(root.doc).value_or(0)));
    }
    if (request_.has_seq_no) {
      append_member(out, "_seq_no", std::to_string(root.segment.seq_no(root.doc)));
      append_member(out, "_primary_term", "1");
    }
    append_member(out, "_score", shows_score_ ? score_json(hit.score) : "null");
    if (request_.source && indices_[hit.index].has_source)
      append_member(out, "_source", source_json(root, hit, places));
    if (has_sort_) {
      std::string values;
      for (const SortValue& value : hit.values) {
        values += (values.empty() ? "" : ",") + sort_json(value);
      }
      append_member(out, "sort", "[" + values + "]");
    }
    return out + "}";
  }

  const TopHitsRequest& request_;
  std::size_t keep_;
  std::vector<SortKey> keys_;
  bool has_sort_ = false;
  bool shows_score_ = false;
  /// What hits show of an index.
  struct Shown {
    std::string name;
    bool has_source;
    SourceFilter source;  ///< What documents have by their mapping.
  };
  std::vector<Shown> indices_;
  std::shared_ptr<const Segment> segment_;
  std::vector<const Column*> columns_;
  std::uint64_t number_ = 0;
  std::vector<Bucket> buckets_;
  const Bucket nothing_{};
};

class TopHitsKind final : public Kind {
 public:
  explicit TopHitsKind(TopHitsRequest request) : request_(std::move(request)) {}
  CollectorPtr collector(const Aggregation& asked) const override {
    return std::make_unique<TopHits>(asked, request_);
  }
  bool takes_subs() const override { return false; }

 private:
  TopHitsRequest request_;
};

/// Reads a sort as that of a search.
std::vector<SortKey> read_sort(base::JsonView sort) {
  const auto body = base::JsonDocument::parse(R"({"sort":)" + sort.text() + "}");
  if (!body) refuse("parsing_exception", body.error().message());
  base::Result<SearchRequest> request = parse_search_request(body->root());
  if (!request) throw Refusal{request.error()};
  return std::move(request->sort);
}

}  // namespace

KindPtr read_top_hits(Parameters& parameters) {
  TopHitsRequest request;
  constexpr std::int64_t kUsualSize = 3;
  const std::int64_t size = parameters.integer("size").value_or(kUsualSize);
  const std::int64_t from = parameters.integer("from").value_or(0);
  if (size < 0 || from < 0) {
    refuse_argument(fmt::format("[{}] must be greater than or equal to 0. Found [{}] in [{}]",
                                size < 0 ? "size" : "from", size < 0 ? size : from,
                                parameters.name()));
  }
  constexpr std::int64_t kWindow = 100;
  if (from + size > kWindow || from > kWindow || size > kWindow) {
    refuse_argument(
        fmt::format("Top hits result window is too large, the top hits aggregator [{}]'s from + "
                    "size must be less than or equal to: [{}] but was [{}]. This limit can be set "
                    "by changing the [index.max_inner_result_window] index level setting.",
                    parameters.name(), kWindow, from + size));
  }
  if (const auto sort = parameters.find("sort")) request.sort = read_sort(*sort);
  request.size = static_cast<std::size_t>(size);
  request.from = static_cast<std::size_t>(from);
  if (const auto source = parameters.find("_source")) {
    if (source->kind() == base::JsonKind::kInt || source->kind() == base::JsonKind::kNull) {
      parameters.refuse_type("_source", *source);
    }
    request.source = read_source_filter(*source);
  }
  request.has_version = parameters.flag("version", false);
  request.has_seq_no = parameters.flag("seq_no_primary_term", false);
  request.tracks_scores = parameters.flag("track_scores", false);
  parameters.finish();
  return std::make_shared<TopHitsKind>(std::move(request));
}

}  // namespace hornbeam::search::aggregation
