// Pipelines that compute an expression in each bucket: bucket_script adds its value,
// bucket_selector keeps the buckets it is true of.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/search/aggregation/buckets_path.h"
#include "hornbeam/search/aggregation/metric_collector.h"
#include "hornbeam/search/aggregation/pipeline.h"
#include "hornbeam/search/expression/expression.h"

namespace hornbeam::search::aggregation {
namespace {

/// An expression, and where it finds its variables.
class BucketScript {
 public:
  explicit BucketScript(Parameters& parameters) : gaps_(read_gap_policy(parameters)) {
    read_paths(parameters);
    const auto json = parameters.find("script");
    if (!json) refuse_argument("Required [script]");
    auto dialect = ExpressionDialect::kPainless;
    std::optional<std::string> source = find_scalar(*json);
    if (json->kind() == base::JsonKind::kObject) {
      Parameters script("script", parameters.name(), *json);
      source = script.text("source");
      dialect = read_dialect(script);
      read_constants(script);
      script.finish();
    }
    if (!source) refuse_argument("must specify either [source] for an inline script");
    auto compiled = Expression::compile(*source, dialect, names_);
    if (!compiled) refuse(compiled.error().code, compiled.error().message);
    expression_ = std::move(*compiled);
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const BucketsPath& path : paths_) all.push_back(path.text());
    return all;
  }

  /// The value in a bucket; `has_gap` says whether a number that it needs is not there.
  struct Value {
    double number;
    bool has_gap;
  };
  Value value_in(const ResultBucket& bucket) const {
    std::vector<double> values;
    bool has_gap = false;
    for (const BucketsPath& path : paths_) {
      values.push_back(path.value_in(bucket, gaps_));
      has_gap |= std::isnan(values.back());
    }
    values.insert(values.end(), constants_.begin(), constants_.end());
    return {.number = expression_.evaluate(values), .has_gap = has_gap};
  }

 private:
  void add_path(std::string name, base::JsonView json, const Parameters& parameters) {
    const auto text = json.find_string();
    if (!text) parameters.refuse_type("buckets_path", json);
    names_.push_back(std::move(name));
    paths_.emplace_back(*text);
  }

  void read_paths(Parameters& parameters) {
    const auto json = parameters.find("buckets_path");
    if (!json) refuse_argument("Required [buckets_path]");
    if (json->kind() == base::JsonKind::kObject) {
      for (std::size_t i = 0; i < json->size(); ++i) {
        const auto [name, path] = json->member(i);
        add_path(std::string(name), path, parameters);
      }
    } else if (json->kind() == base::JsonKind::kArray) {
      for (std::size_t i = 0; i < json->size(); ++i) {
        add_path(fmt::format("_value{}", i), json->element(i), parameters);
      }
    } else {
      add_path("_value", *json, parameters);
    }
  }

  static ExpressionDialect read_dialect(Parameters& script) {
    const std::string language = script.text("lang").value_or("painless");
    if (language == "painless") return ExpressionDialect::kPainless;
    if (language == "expression") return ExpressionDialect::kExpression;
    refuse_argument(fmt::format("script_lang not supported [{}]", language));
  }

  /// The numbers that a script is given with itself, which are variables too.
  void read_constants(Parameters& script) {
    const auto json = script.find("params");
    if (!json) return;
    if (json->kind() != base::JsonKind::kObject) script.refuse_type("params", *json);
    for (std::size_t i = 0; i < json->size(); ++i) {
      const auto [name, value] = json->member(i);
      const auto number = value.find_number();
      if (!number) refuse_argument(fmt::format("[params.{}] must be a number", name));
      names_.emplace_back(name);
      constants_.push_back(*number);
    }
  }

  GapPolicy gaps_;
  std::vector<std::string> names_;  ///< Of the paths, then of the constants.
  std::vector<BucketsPath> paths_;
  std::vector<double> constants_;
  Expression expression_;
};

/// What both kinds have in common.
class ScriptPipeline : public Kind, public Pipeline {
 public:
  explicit ScriptPipeline(Parameters& parameters) : script_(parameters), type_(parameters.type()) {}

  CollectorPtr collector(const Aggregation&) const final { return nullptr; }
  bool takes_subs() const final { return false; }
  const Pipeline* pipeline() const final { return this; }
  bool is_in_buckets() const final { return true; }
  std::vector<std::string> paths() const final { return script_.paths(); }
  void check(const Aggregation& asked, const Aggregation* parent) const final {
    require_parent(type_, asked, parent);
  }

 protected:
  BucketScript script_;

 private:
  std::string type_;
};

class ScriptValue final : public ScriptPipeline {
 public:
  explicit ScriptValue(Parameters& parameters)
      : ScriptPipeline(parameters), format_(read_number_format(parameters)) {}
  void run_in(const Aggregation& asked, ResultNode& parent) const override {
    for (ResultBucket& bucket : parent.buckets) {
      const auto [number, has_gap] = script_.value_in(bucket);
      if (has_gap) continue;
      ResultNode node{.name = asked.name, .type = "simple_value", .meta = asked.meta};
      append_number_or_null(node, "value", number, format_);
      bucket.sub.push_back(std::move(node));
    }
  }

 private:
  ValueFormat format_;
};

class Selector final : public ScriptPipeline {
 public:
  using ScriptPipeline::ScriptPipeline;
  void run_in(const Aggregation&, ResultNode& parent) const override {
    std::erase_if(parent.buckets, [&](const ResultBucket& bucket) {
      const double number = script_.value_in(bucket).number;
      return number == 0 || std::isnan(number);
    });
  }
};

}  // namespace

KindPtr read_bucket_script(Parameters& parameters) {
  auto kind = std::make_shared<ScriptValue>(parameters);
  parameters.finish();
  return kind;
}

KindPtr read_bucket_selector(Parameters& parameters) {
  auto kind = std::make_shared<Selector>(parameters);
  parameters.finish();
  return kind;
}

}  // namespace hornbeam::search::aggregation
