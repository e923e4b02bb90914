#include "hornbeam/experiment/growthbook/evaluate.h"

#include <algorithm>

#include "hornbeam/experiment/bucket.h"
#include "hornbeam/experiment/growthbook/coercion.h"

namespace hornbeam::experiment::growthbook {
namespace {

// Features that ask features: past these bounds they count as a circle. A payload is refused before
// its chains are as long, so that only features of a circle get here.
constexpr int kDeepest = 128;
constexpr int kMostEvaluations = 100'000;

const Value& null_value() {
  static const Value kNull(nullptr);
  return kNull;
}

FeatureResult result_of(const Value& value, Source source, std::string_view rule = {}) {
  return {
      .value = &value, .on = is_truthy(value), .source = source, .rule = rule, .experiment = {}};
}

}  // namespace

// The features on the way to the one that is being evaluated.
struct Evaluation::Ancestor {
  const Ancestor* before = nullptr;
  std::string_view id;
  int depth = 0;
  int* evaluations = nullptr;  // so far, of all features
};

// What a user is hashed by.
struct Evaluation::HashValue {
  std::string_view attribute;
  const Value* value = nullptr;  // null if the user has none
  std::string_view text;         // of the value, if it is a text; else it must be converted
  bool is_text = false;

  // Calls `use` with the value as text.
  template <class Use>
  auto with_text(Use use) const {
    if (is_text) return use(text);
    if (const double* number = value == nullptr ? nullptr : value->as_number()) {
      return use(NumberText(*number).view());
    }
    return use(std::string_view(value == nullptr ? std::string() : to_text(*value)));
  }
  // The same as sticky buckets are kept by: what is no text, as JSON.
  template <class Use>
  auto with_key(Use use) const {
    if (is_text || value == nullptr) return use(text);
    return use(std::string_view(value->json()));
  }
};

struct Evaluation::Sticky {
  int variation = -1;
  bool is_blocked = false;
};

const Value& ExperimentResult::value() const {
  static const Value kUndefined;
  const auto& variations = experiment->variations;
  return variations.empty() ? kUndefined : variations[static_cast<std::size_t>(variation)];
}

std::string_view ExperimentResult::key() const {
  const auto& meta = experiment->meta;
  return meta.empty() ? "0" : std::string_view(meta[static_cast<std::size_t>(variation)].key);
}

bool ExperimentResult::is_passthrough() const {
  const auto& meta = experiment->meta;
  return !meta.empty() && meta[static_cast<std::size_t>(variation)].is_passthrough;
}

std::string_view to_string(Source source) noexcept {
  switch (source) {
    case Source::kUnknownFeature:
      return "unknownFeature";
    case Source::kDefaultValue:
      return "defaultValue";
    case Source::kForce:
      return "force";
    case Source::kOverride:
      return "override";
    case Source::kExperiment:
      return "experiment";
    case Source::kPrerequisite:
      return "prerequisite";
    case Source::kCyclicPrerequisite:
      break;
  }
  return "cyclicPrerequisite";
}

FeatureResult Evaluation::feature(std::string_view id) const {
  return evaluate(id, nullptr);
}

ExperimentResult Evaluation::run(const Experiment& experiment) const {
  return run(experiment, {}, nullptr, nullptr);
}

// Ends: each feature is evaluated with a longer way behind it, and no way is longer than kDeepest.
FeatureResult Evaluation::evaluate(std::string_view id, const Ancestor* before) const {
  const int depth = before == nullptr ? 0 : before->depth + 1;
  int first = 0;
  int* const evaluations = before == nullptr ? &first : before->evaluations;
  bool is_circle = depth > kDeepest || ++*evaluations > kMostEvaluations;
  for (const Ancestor* at = before; at != nullptr; at = at->before) is_circle |= at->id == id;
  if (is_circle) return result_of(null_value(), Source::kCyclicPrerequisite);
  if (const auto forced = user_.forced_features.find(id); forced != user_.forced_features.end()) {
    return result_of(forced->second, Source::kOverride);
  }
  const Feature* feature = payload_.find(id);
  if (feature == nullptr) return result_of(null_value(), Source::kUnknownFeature);
  const Ancestor self{.before = before, .id = id, .depth = depth, .evaluations = evaluations};
  for (const Rule& rule : feature->rules) {
    if (auto result = apply(rule, *feature, self)) return *std::move(result);
  }
  return result_of(feature->default_value, Source::kDefaultValue);
}

std::optional<FeatureResult> Evaluation::apply(const Rule& rule, const Feature& feature,
                                               const Ancestor& self) const {
  if (!rule.prerequisites.empty()) {
    bool is_skipped = false;
    if (auto ended = unmet(rule, self, is_skipped)) return ended;
    if (is_skipped) return std::nullopt;
  }
  if (is_filtered_out(rule.filters)) return std::nullopt;
  if (rule.force) {
    if (!rule.condition.matches(user_.attributes) || !is_rolled_out(rule)) return std::nullopt;
    return result_of(*rule.force, Source::kForce, rule.id);
  }
  if (!rule.experiment) return std::nullopt;
  const BanditLeaf* leaf = rule.experiment->bandit ? leaf_for(*rule.experiment->bandit) : nullptr;
  ExperimentResult found = run(*rule.experiment, feature.id, leaf, &self);
  found.leaf = leaf;
  if (!found.in_experiment || found.is_passthrough()) return std::nullopt;
  FeatureResult result = result_of(found.value(), Source::kExperiment, rule.id);
  result.experiment = found;
  return result;
}

// The end of the feature, if a prerequisite brings it about; else whether the rule is skipped.
std::optional<FeatureResult> Evaluation::unmet(const Rule& rule, const Ancestor& self,
                                               bool& is_skipped) const {
  for (const Prerequisite& each : rule.prerequisites) {
    const FeatureResult parent = evaluate(each.id, &self);
    if (parent.source == Source::kCyclicPrerequisite) {
      return result_of(null_value(), Source::kCyclicPrerequisite);
    }
    if (each.condition.is_empty() ||
        each.condition.matches(Value::object({{"value", *parent.value}}))) {
      continue;
    }
    if (each.is_gate) return result_of(null_value(), Source::kPrerequisite);
    is_skipped = true;
    return std::nullopt;
  }
  return std::nullopt;
}

// The filters and ranges of a lane have salts of one kind: the value is read once for all of them.
std::optional<double> Evaluation::hash(const Seed& seed, const HashValue& value) const {
  const bool is_salt =
      value.is_text && seed.version() == 2 && bucket_detail::has_shared_low_byte(seed.state());
  if (!is_salt) return value.with_text([&](std::string_view text) { return seed.hash(text); });
  if (!hashed_ || hashed_->text().data() != value.text.data() ||
      hashed_->text().size() != value.text.size()) {
    hashed_.emplace(value.text);
  }
  return hashed_->bucket(seed.state()) / double{kBuckets};
}

bool Evaluation::is_filtered_out(const std::vector<Filter>& filters) const {
  return std::any_of(filters.begin(), filters.end(), [&](const Filter& filter) {
    const HashValue value = hash_value(filter.attribute, {});
    if (value.value == nullptr) return true;
    const auto n = hash(filter.seed, value);
    return !n || std::none_of(filter.ranges.begin(), filter.ranges.end(),
                              [&](const Range& range) { return range.contains(*n); });
  });
}

bool Evaluation::is_rolled_out(const Rule& rule) const {
  if (!rule.range && !rule.coverage) return true;
  if (!rule.range && *rule.coverage == 0) return false;
  const HashValue value =
      hash_value(rule.hash_attribute, fallback_of(rule.is_sticky, rule.fallback_attribute));
  if (value.value == nullptr) return false;
  const auto n = hash(rule.seed, value);
  if (!n) return false;
  return rule.range ? rule.range->contains(*n) : *n <= *rule.coverage;
}

const BanditLeaf* Evaluation::leaf_for(const Bandit& bandit) const {
  for (const BanditLeaf& leaf : bandit.leaves) {
    if (leaf.is_broken) break;
    if (leaf.condition.matches(user_.attributes)) return &leaf;
  }
  return &bandit.fallback;
}

std::string_view Evaluation::fallback_of(bool is_sticky, const std::string& fallback) const {
  return user_.sticky != nullptr && is_sticky ? std::string_view(fallback) : std::string_view();
}

Evaluation::HashValue Evaluation::hash_value(std::string_view attribute,
                                             std::string_view fallback) const {
  HashValue found{.attribute = attribute, .value = nullptr, .text = {}, .is_text = false};
  const auto take = [&](std::string_view name) {
    const Value* value = user_.attributes.find(name);
    if (value == nullptr || !is_truthy(*value)) return;
    found.attribute = name;
    found.value = value;
    if (const std::string* text = value->as_string()) {
      found.text = *text;
      found.is_text = true;
    }
  };
  take(attribute);
  if (found.value == nullptr && !fallback.empty()) take(fallback);
  return found;
}

ExperimentResult Evaluation::result(const Experiment& experiment, std::string_view feature,
                                    int variation) const {
  const bool is_valid =
      variation >= 0 && static_cast<std::size_t>(variation) < experiment.variations.size();
  const HashValue value = hash_value(
      experiment.hash_attribute, fallback_of(experiment.is_sticky, experiment.fallback_attribute));
  ExperimentResult result;
  result.experiment = &experiment;
  result.variation = is_valid ? variation : 0;
  result.in_experiment = is_valid;
  result.hash_attribute = value.attribute;
  result.hash_value = value.value;
  result.feature = feature;
  return result;
}

ExperimentResult Evaluation::outside(const Experiment& experiment, std::string_view feature) const {
  return result(experiment, feature, -1);
}

bool Evaluation::meets_prerequisites(const Experiment& experiment, const Ancestor* before) const {
  return std::all_of(experiment.prerequisites.begin(), experiment.prerequisites.end(),
                     [&](const Prerequisite& each) {
                       const FeatureResult parent = evaluate(each.id, before);
                       return parent.source != Source::kCyclicPrerequisite &&
                              (each.condition.is_empty() ||
                               each.condition.matches(Value::object({{"value", *parent.value}})));
                     });
}

// What a sticky bucket makes up for.
bool Evaluation::is_eligible(const Experiment& experiment, std::string_view hash_value,
                             const Ancestor* before) const {
  if (experiment.has_filters) {
    if (is_filtered_out(experiment.filters)) return false;
  } else if (experiment.name_space && !experiment.name_space->contains(hash_value)) {
    return false;
  }
  if (!experiment.condition.matches(user_.attributes)) return false;
  if (!meets_prerequisites(experiment, before)) return false;
  return !experiment.has_groups ||
         std::any_of(experiment.groups.begin(), experiment.groups.end(), [&](const auto& group) {
           return std::find(user_.groups.begin(), user_.groups.end(), group) != user_.groups.end();
         });
}

Evaluation::Sticky Evaluation::sticky_bucket(const Experiment& experiment) const {
  const HashValue own = hash_value(experiment.hash_attribute, {});
  const std::string_view fallback_name = experiment.fallback_attribute.empty()
                                             ? "id"
                                             : std::string_view(experiment.fallback_attribute);
  const HashValue fallback = hash_value(fallback_name, {});
  const auto assigned = [&](int version) -> const std::string* {
    const std::string key = experiment.key + "__" + std::to_string(version);
    const auto look = [&](const HashValue& value) {
      return value.with_key(
          [&](std::string_view text) { return user_.sticky->find(value.attribute, text, key); });
    };
    const std::string* found = look(own);
    return found == nullptr && fallback.value != nullptr ? look(fallback) : found;
  };
  for (int version = 0; version < experiment.least_bucket_version; ++version) {
    if (assigned(version) != nullptr) return {.variation = -1, .is_blocked = true};
  }
  const std::string* key = assigned(experiment.bucket_version);
  if (key == nullptr) return {};
  const auto& meta = experiment.meta;
  const auto found = std::find_if(meta.begin(), meta.end(),
                                  [&](const VariationMeta& each) { return each.own_key == *key; });
  return {.variation = found == meta.end() ? -1 : static_cast<int>(found - meta.begin()),
          .is_blocked = false};
}

ExperimentResult Evaluation::run(const Experiment& experiment, std::string_view feature,
                                 const BanditLeaf* leaf, const Ancestor* before) const {
  const auto count = static_cast<int>(experiment.variations.size());
  if (count < 2 || !user_.is_enabled) return outside(experiment, feature);
  if (experiment.pages.is_given() && !experiment.pages.include(user_.url)) {
    return outside(experiment, feature);
  }
  if (!user_.url.empty()) {
    const auto forced = query_string_override(experiment.key, user_.url, count);
    if (forced) return result(experiment, feature, *forced);
  }
  if (const auto forced = user_.forced_variations.find(experiment.key);
      forced != user_.forced_variations.end()) {
    return result(experiment, feature, forced->second);
  }
  if (!experiment.is_active) return outside(experiment, feature);
  const HashValue value = hash_value(
      experiment.hash_attribute, fallback_of(experiment.is_sticky, experiment.fallback_attribute));
  if (value.value == nullptr) return outside(experiment, feature);
  const bool is_sticky = user_.sticky != nullptr && experiment.is_sticky;
  const Sticky sticky = is_sticky ? sticky_bucket(experiment) : Sticky{};
  const auto is_eligible_as = [&](std::string_view text) {
    return is_eligible(experiment, text, before);
  };
  if (sticky.variation < 0 && !value.with_text(is_eligible_as)) return outside(experiment, feature);
  const auto n = hash(experiment.seed, value);
  if (!n) return outside(experiment, feature);
  if (sticky.is_blocked) {
    ExperimentResult blocked = outside(experiment, feature);
    blocked.sticky_used = true;
    return blocked;
  }
  const int assigned =
      sticky.variation >= 0
          ? sticky.variation
          : choose_variation(*n, leaf == nullptr ? experiment.ranges : leaf->ranges);
  if (assigned < 0) return outside(experiment, feature);
  if (experiment.forced) return result(experiment, feature, *experiment.forced);
  if (user_.is_qa || experiment.is_stopped) return outside(experiment, feature);
  ExperimentResult found = result(experiment, feature, assigned);
  found.hash_used = true;
  found.sticky_used = sticky.variation >= 0;
  found.bucket = n;
  found.leaf = leaf;
  if (is_sticky) {
    value.with_key([&](std::string_view text) {
      user_.sticky->assign(value.attribute, text,
                           experiment.key + "__" + std::to_string(experiment.bucket_version),
                           std::string(found.key()));
    });
  }
  if (tracker_ != nullptr) tracker_->viewed(found);
  return found;
}

}  // namespace hornbeam::experiment::growthbook
