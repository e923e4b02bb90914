// Results as JSON, and redirects: what is off the fast path.

#include <algorithm>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::experiment::growthbook {
namespace {

Value numbers_value(const std::vector<double>& numbers) {
  return Value::Array(numbers.begin(), numbers.end());
}

// The experiment as the user met it: a bandit's weights are those of the user's leaf.
Value experiment_value(const ExperimentResult& result) {
  Value description = result.experiment->description;
  if (!result.experiment->bandit || result.leaf == nullptr) return description;
  const bool is_fallback = result.leaf == &result.experiment->bandit->fallback;
  if (!is_fallback) description.set("weights", numbers_value(result.leaf->weights));
  if (!result.hash_used || !result.in_experiment) return description;
  Value context = Value::object(
      {{"leafId", result.leaf->id}, {"variationWeights", numbers_value(result.leaf->weights)}});
  if (const auto& version = result.experiment->bandit->version) {
    context.set("banditVersion", *version);
  }
  description.set("contextualBandit", std::move(context));
  return description;
}

bool has_member(const Value::Array& variations, std::string_view name) {
  return std::any_of(variations.begin(), variations.end(),
                     [&](const Value& each) { return each.find(name) != nullptr; });
}

bool has_truthy_member(const Value::Array& variations, std::string_view name) {
  return std::any_of(variations.begin(), variations.end(), [&](const Value& each) {
    const Value* member = each.find(name);
    return member != nullptr && is_truthy(*member);
  });
}

enum class Change { kRedirect, kVisual, kUnknown };

Change change_of(const Experiment& experiment) {
  const Value::Array& variations = experiment.variations;
  if (experiment.pages.is_given() && has_member(variations, "urlRedirect")) {
    return Change::kRedirect;
  }
  const bool is_visual = has_truthy_member(variations, "domMutations") ||
                         has_member(variations, "js") || has_member(variations, "css");
  return is_visual ? Change::kVisual : Change::kUnknown;
}

// A redirect leads from a page that is one to pages that are.
bool has_valid_addresses(const Experiment& experiment, const std::string& current) {
  if (!Url::parse(current)) return false;
  return std::all_of(experiment.variations.begin(), experiment.variations.end(),
                     [](const Value& each) {
                       const Value* to = each.find("urlRedirect");
                       return to == nullptr || !is_truthy(*to) || Url::parse(to_text(*to));
                     });
}

}  // namespace

Value to_value(const ExperimentResult& result) {
  Value value = Value::object({{"key", Value(result.key())},
                               {"featureId", nullptr},
                               {"inExperiment", result.in_experiment},
                               {"hashUsed", result.hash_used},
                               {"variationId", result.variation},
                               {"value", result.value()},
                               {"hashAttribute", Value(result.hash_attribute)},
                               {"hashValue", ""},
                               {"stickyBucketUsed", result.sticky_used}});
  if (!result.feature.empty()) value.set("featureId", Value(result.feature));
  if (result.hash_value != nullptr) value.set("hashValue", *result.hash_value);
  const auto& meta = result.experiment->meta;
  if (!meta.empty() && !meta[static_cast<std::size_t>(result.variation)].name.empty()) {
    value.set("name", meta[static_cast<std::size_t>(result.variation)].name);
  }
  if (result.bucket) value.set("bucket", *result.bucket);
  if (result.is_passthrough()) value.set("passthrough", true);
  const bool is_by_bandit = result.leaf != nullptr && result.hash_used && result.in_experiment;
  if (!is_by_bandit || !result.experiment->bandit) return value;
  value.set("leafId", result.leaf->id);
  value.set("variationWeights", numbers_value(result.leaf->weights));
  if (const auto& version = result.experiment->bandit->version) {
    value.set("banditVersion", *version);
  }
  return value;
}

Value to_value(const FeatureResult& result) {
  Value value = Value::object({{"value", *result.value},
                               {"on", result.on},
                               {"off", !result.on},
                               {"source", Value(to_string(result.source))},
                               {"ruleId", Value(result.rule)}});
  if (result.experiment) {
    value.set("experiment", experiment_value(*result.experiment));
    value.set("experimentResult", to_value(*result.experiment));
  }
  return value;
}

std::vector<Redirect> Evaluation::redirects() const {
  std::vector<Redirect> redirects;
  for (const Experiment& experiment : payload_.experiments()) {
    if (experiment.is_manual || change_of(experiment) != Change::kRedirect ||
        !has_valid_addresses(experiment, user_.url)) {
      continue;
    }
    const ExperimentResult found = run(experiment);
    if (!found.in_experiment) continue;
    const Value* to = found.value().find("urlRedirect");
    if (to != nullptr && is_truthy(*to)) {
      Redirect redirect{.in_experiment = true, .url = to_text(*to), .url_with_query = to_text(*to)};
      if (experiment.keeps_query) {
        redirect.url_with_query = merge_query_strings(user_.url, redirect.url);
      }
      // A page that the experiment itself is for would redirect again.
      if (!experiment.pages.include(redirect.url_with_query)) redirects.push_back(redirect);
    }
    // Who is in an experiment with redirects is in no other, even where the page stays as it is.
    break;
  }
  return redirects;
}

}  // namespace hornbeam::experiment::growthbook
