#include "hornbeam/search/aggregation/bucket_order.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace hornbeam::search::aggregation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// "a>b.c" and "a>b[c]" as the names a, b and the property c.
BucketOrder::Part path_part(std::string_view text) {
  BucketOrder::Part part{.by = BucketOrder::By::kPath};
  while (true) {
    const std::size_t end = text.find('>');
    part.path.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  std::string& last = part.path.back();
  if (const std::size_t open = last.find('['); open != last.npos && last.ends_with(']')) {
    part.property = last.substr(open + 1, last.size() - open - 2);
    last.resize(open);
  } else if (const std::size_t dot = last.find('.'); dot != last.npos) {
    part.property = last.substr(dot + 1);
    last.resize(dot);
  }
  return part;
}

std::string text_of(const BucketOrder::Part& part) {
  std::string text;
  for (const std::string& name : part.path) text += (text.empty() ? "" : ">") + name;
  return part.property.empty() ? text : text + "." + part.property;
}

const Collector* find_collector(const BucketOrder::Part& part, const CollectorList& subs) {
  const Collector* at = subs.find(part.path.front());
  for (std::size_t i = 1; at && i < part.path.size(); ++i) at = at->find_sub(part.path[i]);
  return at;
}

}  // namespace

BucketOrder BucketOrder::by_count() {
  BucketOrder order;
  order.parts_.push_back({.by = By::kCount, .is_ascending = false});
  order.end_with_key();
  return order;
}

BucketOrder BucketOrder::by_key() {
  BucketOrder order;
  order.parts_.push_back({.by = By::kKey, .is_ascending = true});
  return order;
}

BucketOrder BucketOrder::read(Parameters& parameters, BucketOrder otherwise) {
  const auto json = parameters.find("order");
  if (!json) return otherwise;
  BucketOrder order;
  if (json->kind() == base::JsonKind::kArray) {
    for (std::size_t i = 0; i < json->size(); ++i) order.add(parameters, json->element(i));
  } else {
    order.add(parameters, *json);
  }
  if (order.parts_.empty()) return otherwise;
  order.end_with_key();
  return order;
}

void BucketOrder::add(Parameters& parameters, base::JsonView json) {
  if (json.kind() != base::JsonKind::kObject) parameters.refuse_type("order", json);
  if (json.size() == 0) {
    refuse("parsing_exception", "Must specify at least one field for [order]");
  }
  if (json.size() > 1) {
    refuse("parsing_exception", "Must specify a single field for [order]");
  }
  const auto [name, value] = json.member(0);
  const auto direction = value.find_string();
  if (!direction) {
    refuse("parsing_exception", fmt::format("Unexpected token [{}] for [order]", token_of(value)));
  }
  std::string lower(*direction);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower != "asc" && lower != "desc") {
    refuse("parsing_exception", fmt::format("Unknown order direction [{}]", *direction));
  }
  Part part;
  if (name == "_count") {
    part.by = By::kCount;
  } else if (name == "_key" || name == "_term" || name == "_time") {
    part.by = By::kKey;
  } else {
    part = path_part(name);
  }
  part.is_ascending = lower == "asc";
  parts_.push_back(std::move(part));
}

void BucketOrder::end_with_key() {
  if (parts_.back().by != By::kKey) parts_.push_back({.by = By::kKey, .is_ascending = true});
}

void BucketOrder::check(const CollectorList& subs) const {
  for (const Part& part : parts_) {
    if (part.by != By::kPath) continue;
    const Collector* const found = find_collector(part, subs);
    if (!found) {
      refuse("aggregation_execution_exception",
             fmt::format("Invalid aggregator order path [{}]. The provided aggregation [{}] either "
                         "does not exist, or is a pipeline aggregation and cannot be used to sort "
                         "the buckets.",
                         text_of(part), part.path.front()));
    }
    if (!found->number(kNoBucket, part.property)) {
      refuse_argument(fmt::format(
          "Invalid aggregation order path [{}]. Buckets can only be sorted on a sub-aggregator "
          "path that is built out of zero or more single-bucket aggregations within the path and a "
          "final single-bucket or a metrics aggregation at the path end.",
          text_of(part)));
    }
  }
}

double BucketOrder::number(const Part& part, const CollectorList& subs, BucketId bucket) {
  const Collector* const found = find_collector(part, subs);
  return found ? found->number(bucket, part.property).value_or(kNaN) : kNaN;
}

void order_buckets(std::vector<OrderedBucket>& buckets, std::size_t size, const BucketOrder& order,
                   const CollectorList& subs,
                   const std::function<bool(std::uint32_t, std::uint32_t)>& is_before) {
  for (const BucketOrder::Part& part : order.parts()) {
    if (part.by != BucketOrder::By::kPath) continue;
    for (OrderedBucket& each : buckets) {
      each.numbers.push_back(BucketOrder::number(part, subs, each.bucket));
    }
  }
  const auto comes_first = [&](const OrderedBucket& a, const OrderedBucket& b) {
    std::size_t path = 0;
    for (const BucketOrder::Part& part : order.parts()) {
      int difference = 0;
      if (part.by == BucketOrder::By::kCount) {
        difference = a.count < b.count ? -1 : a.count > b.count ? 1 : 0;
      } else if (part.by == BucketOrder::By::kKey) {
        difference = is_before(a.key, b.key) ? -1 : is_before(b.key, a.key) ? 1 : 0;
      } else {
        const double x = a.numbers[path];
        const double y = b.numbers[path++];
        // What has no value comes last in either direction.
        if (std::isnan(x) || std::isnan(y)) {
          if (std::isnan(x) != std::isnan(y)) return std::isnan(y);
          continue;
        }
        difference = x < y ? -1 : x > y ? 1 : 0;
      }
      if (difference != 0) return part.is_ascending == (difference < 0);
    }
    return false;
  };
  const auto middle = buckets.begin() + static_cast<std::ptrdiff_t>(std::min(size, buckets.size()));
  std::partial_sort(buckets.begin(), middle, buckets.end(), comes_first);
}

}  // namespace hornbeam::search::aggregation
