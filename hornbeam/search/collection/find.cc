#include "hornbeam/search/collection/find.h"

#include <fmt/format.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/search/json_text.h"

namespace hornbeam::search {
namespace {}  // namespace

Find Find::skip(std::size_t count) && {
  request_.from = count;
  return std::move(*this);
}

Find Find::first(std::size_t count) && {
  request_.size = count;
  return std::move(*this);
}

Find Find::order_by(const FieldPath& field, Order order) && {
  request_.sort.push_back({.field = field.whole(), .is_descending = order == descending});
  return std::move(*this);
}

Find Find::count_all() && {
  request_.track_total_hits = SearchRequest::kCountAll;
  return std::move(*this);
}

Find Find::highlight(const FieldPath& field) && {
  if (!request_.highlight) request_.highlight.emplace();
  request_.highlight->fields.push_back({.name = field.words()});
  return std::move(*this);
}

Find Find::count_by(std::string_view name, const FieldPath& field, std::size_t most) && {
  return std::move(*this).aggregate(
      name, fmt::format(R"({{"terms":{{"field":{},"size":{}}}}})", json_text(field.whole()), most));
}

Find Find::compute(std::string_view name, std::string_view what, const FieldPath& field) && {
  return std::move(*this).aggregate(
      name, fmt::format(R"({{{}:{{"field":{}}}}})", json_text(what), json_text(field.whole())));
}

Find Find::aggregate(std::string_view name, std::string_view json) && {
  if (!aggregations_.empty()) aggregations_ += ',';
  aggregations_ += json_text(name);
  aggregations_ += ':';
  aggregations_ += json;
  return std::move(*this);
}

base::Result<SearchRequest> Find::request() const {
  SearchRequest request = request_;
  if (aggregations_.empty()) return request;
  const auto json = base::JsonDocument::parse("{" + aggregations_ + "}");
  if (!json) return base::error("parsing_exception", json.error().message());
  base::Result<Aggregations> parsed = parse_aggregations(json->root());
  if (!parsed) return std::unexpected(parsed.error());
  request.aggregations = std::move(*parsed);
  request.aggregations_text = "{" + aggregations_ + "}";
  return request;
}

std::vector<BucketCount> buckets_of(std::string_view aggregations, std::string_view name) {
  std::vector<BucketCount> found;
  const auto json = base::JsonDocument::parse(aggregations);
  const auto named = json ? json->root().find(name) : std::nullopt;
  const auto buckets = named ? named->find("buckets") : std::nullopt;
  for (std::size_t i = 0; buckets && i < buckets->size(); ++i) {
    const bool is_list = buckets->kind() == base::JsonKind::kArray;
    const base::JsonView bucket = is_list ? buckets->element(i) : buckets->member(i).second;
    BucketCount& one = found.emplace_back();
    const auto text = bucket.find("key_as_string");
    const auto key = text ? text : bucket.find("key");
    if (!key) {
      if (!is_list) one.key = buckets->member(i).first;
    } else if (const auto string = key->find_string()) {
      one.key = *string;
    } else {
      one.key = key->text();
    }
    const auto count = bucket.find("doc_count");
    one.count = count ? count->find_unsigned().value_or(0) : 0;
  }
  return found;
}

std::optional<double> number_of(std::string_view aggregations, std::string_view name) {
  const auto json = base::JsonDocument::parse(aggregations);
  const auto named = json ? json->root().find(name) : std::nullopt;
  const auto value = named ? named->find("value") : std::nullopt;
  return value ? value->find_number() : std::nullopt;
}

}  // namespace hornbeam::search
