#include "hornbeam/search/aggregation/buckets_path.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace hornbeam::search::aggregation {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct ClassName {
  std::string_view type;
  std::string_view name;
};

/// What OpenSearch's messages call results.
constexpr std::array kClassNames = {
    ClassName{"sterms", "StringTerms"},
    ClassName{"lterms", "LongTerms"},
    ClassName{"dterms", "DoubleTerms"},
    ClassName{"umterms", "UnmappedTerms"},
    ClassName{"histogram", "InternalHistogram"},
    ClassName{"date_histogram", "InternalDateHistogram"},
    ClassName{"range", "InternalRange"},
    ClassName{"date_range", "InternalDateRange"},
    ClassName{"filters", "InternalFilters"},
    ClassName{"filter", "InternalFilter"},
    ClassName{"global", "InternalGlobal"},
    ClassName{"missing", "InternalMissing"},
    ClassName{"nested", "InternalNested"},
    ClassName{"reverse_nested", "InternalReverseNested"},
};

std::string class_name(const ResultNode& node) {
  for (const ClassName& each : kClassNames) {
    if (each.type == node.type) return std::string(each.name);
  }
  return node.type;
}

[[noreturn]] void refuse_multiple(const std::string& name) {
  refuse("aggregation_execution_exception",
         fmt::format("buckets_path must reference either a number value or a single value numeric "
                     "metric aggregation, but [{}] contains multiple values. Please specify which "
                     "to use.",
                     name));
}

[[noreturn]] void refuse_kind(std::string_view found, const std::string& name) {
  refuse("aggregation_execution_exception",
         fmt::format("buckets_path must reference either a number value or a single value numeric "
                     "metric aggregation, got: [{}] at aggregation [{}]",
                     found, name));
}

/// "50" and "50.0" are the same number of a percentile.
bool is_same_property(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto number = [](std::string_view text) {
    double value = kNaN;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? value : kNaN;
  };
  return number(a) == number(b);
}

double metric(const ResultNode& node, const std::string& property) {
  if (property.empty()) {
    if (node.is_multi_value) refuse_multiple(node.name);
    if (node.values.empty()) refuse_kind(class_name(node), node.name);
    return node.values.front().second;
  }
  for (const auto& [name, value] : node.values) {
    if (is_same_property(name, property)) return value;
  }
  refuse_argument(fmt::format("path not supported for [{}]: [{}].", node.name, property));
}

}  // namespace

GapPolicy read_gap_policy(Parameters& parameters) {
  const std::string name = parameters.text("gap_policy").value_or("skip");
  if (name == "skip" || name == "keep_values") return GapPolicy::kSkip;
  if (name == "insert_zeros") return GapPolicy::kInsertZeros;
  refuse("parsing_exception",
         fmt::format("Invalid gap policy: [{}], accepted values: [insert_zeros, skip]", name));
}

BucketsPath BucketsPath::read(Parameters& parameters) {
  const auto json = parameters.find("buckets_path");
  if (!json) {
    refuse("parsing_exception",
           fmt::format("Missing required field [buckets_path] for {} aggregation [{}]",
                       parameters.type(), parameters.name()));
  }
  auto path = json->find_string();
  if (json->kind() == base::JsonKind::kArray && json->size() == 1) {
    path = json->element(0).find_string();
  }
  if (!path) parameters.refuse_type("buckets_path", *json);
  return BucketsPath(*path);
}

BucketsPath::BucketsPath(std::string_view text) : text_(text) {
  while (true) {
    const std::size_t end = text.find('>');
    Step step{.name = std::string(text.substr(0, end))};
    if (const std::size_t open = step.name.find('['); open != step.name.npos) {
      const std::size_t close = step.name.find(']', open);
      step.key = step.name.substr(open + 1, close == step.name.npos ? close : close - open - 1);
      if (step.key.size() >= 2 && step.key.front() == '\'') {
        step.key = step.key.substr(1, step.key.size() - 2);
      }
      step.name.resize(open);
    }
    steps_.push_back(std::move(step));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  std::string& last = steps_.back().name;
  if (const std::size_t dot = last.find('.'); dot != last.npos) {
    property_ = last.substr(dot + 1);
    last.resize(dot);
  }
}

BucketsPath BucketsPath::rest() const {
  // Behind what has buckets, "terms.sum" says the same as "terms>sum".
  if (steps_.size() == 1) return BucketsPath(property_);
  BucketsPath shorter = *this;
  shorter.steps_.erase(shorter.steps_.begin());
  shorter.text_ = text_.substr(std::min(text_.find('>'), text_.size() - 1) + 1);
  return shorter;
}

double BucketsPath::value_in(const ResultBucket& bucket, GapPolicy gaps) const {
  const bool is_count = steps_.size() == 1 && steps_[0].name == "_count";
  const double value = number_of(bucket);
  if (std::isfinite(value) && (bucket.doc_count > 0 || is_count)) return value;
  return gaps == GapPolicy::kInsertZeros ? 0 : kNaN;
}

double BucketsPath::number_of(const ResultBucket& bucket) const {
  if (steps_.size() == 1 && steps_[0].name == "_count") {
    return static_cast<double>(bucket.doc_count);
  }
  if (steps_.size() == 1 && steps_[0].name == "_key") return bucket.key;
  return number_at(bucket.sub, 0);
}

double BucketsPath::number_at(const std::vector<ResultNode>& results, std::size_t step) const {
  const Step& at = steps_[step];
  const auto node = std::ranges::find(results, at.name, &ResultNode::name);
  if (node == results.end()) {
    // Pipelines leave their first buckets without a result.
    return kNaN;
  }
  const bool is_last = step + 1 == steps_.size();
  if (node->shape == ResultNode::Shape::kMetric) {
    return metric(*node, is_last && at.key.empty() ? property_ : at.key);
  }
  const ResultBucket* bucket = nullptr;
  if (!at.key.empty()) {
    const auto found = std::ranges::find(node->buckets, at.key, &ResultBucket::name);
    if (found == node->buckets.end()) return kNaN;
    bucket = &*found;
  }
  if (is_last) {
    const bool is_count = property_ == "doc_count" || property_ == "_count";
    if (bucket && is_count) return static_cast<double>(bucket->doc_count);
    if (node->shape == ResultNode::Shape::kSingle && is_count) {
      return static_cast<double>(node->doc_count);
    }
    if (property_ == "_bucket_count") return static_cast<double>(node->buckets.size());
    refuse_kind(class_name(*node), node->name);
  }
  if (steps_[step + 1].name == "_bucket_count") return static_cast<double>(node->buckets.size());
  if (steps_[step + 1].name == "_count" && step + 2 == steps_.size()) {
    return static_cast<double>(bucket ? bucket->doc_count : node->doc_count);
  }
  if (node->shape == ResultNode::Shape::kSingle) return number_at(node->sub, step + 1);
  if (!bucket) refuse_kind("Object[]", node->name);
  return number_at(bucket->sub, step + 1);
}

}  // namespace hornbeam::search::aggregation
