#pragma once

// What GrowthBook's servers publish: features with their rules, experiments that run by themselves,
// saved groups and bandits; read once, compiled, and then evaluated by `evaluate.h`.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/growthbook/condition.h"
#include "hornbeam/experiment/growthbook/hash.h"
#include "hornbeam/experiment/growthbook/url.h"
#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment::growthbook {

struct Feature;

/// Users by a hash of one attribute: those whose number is in one of the ranges.
struct Filter {
  std::string attribute = "id";
  Seed seed;
  std::vector<Range> ranges;
};

/// A feature that must have a certain value first.
struct Prerequisite {
  std::string id;
  const Feature* feature = nullptr;  ///< Null if the payload has none of that id.
  Condition condition;               ///< Over `{"value": ...}`.
  bool is_gate = false;              ///< Whether the whole feature is off if it does not hold.
};

/// What results tell of one variation.
struct VariationMeta {
  std::string key;                     ///< Its name in results; its number if there is no other.
  std::optional<std::string> own_key;  ///< As the payload gives it: what sticky buckets hold.
  std::string name;
  bool is_passthrough = false;  ///< Whether the next rule decides on the value.
};

/// Weights of a bandit for users of one kind.
struct BanditLeaf {
  int id = -1;
  bool is_broken = false;  ///< Whether asking its condition ends the search.
  Condition condition;
  std::vector<double> weights;
  std::vector<Range> ranges;
};

/// Weights that depend on the user.
struct Bandit {
  std::optional<double> version;
  std::vector<BanditLeaf> leaves;
  BanditLeaf fallback;  ///< Of everybody else: the rule's own weights.
};

/// One experiment, as a rule or of its own.
struct Experiment {
  std::string key;
  std::vector<Value> variations;
  std::vector<VariationMeta> meta;  ///< As many as variations.
  std::vector<Range> ranges;
  std::string hash_attribute = "id";
  std::string fallback_attribute;  ///< Empty if there is none.
  Seed seed;
  std::vector<Filter> filters;
  bool has_filters = false;  ///< Whether they, and not a namespace, say who is in.
  std::optional<Namespace> name_space;
  Condition condition;
  std::vector<Prerequisite> prerequisites;
  std::vector<std::string> groups;
  bool has_groups = false;
  bool is_active = true;
  bool is_stopped = false;
  std::optional<int> forced;
  bool is_sticky = true;
  int bucket_version = 0;
  int least_bucket_version = 0;
  UrlTargets pages;
  bool keeps_query = false;
  bool is_manual = false;
  std::string change_id;
  std::optional<Bandit> bandit;
  Value description;  ///< As results show it.
};

/// One way to a value: of those that apply, the first decides.
struct Rule {
  std::string id;
  std::vector<Prerequisite> prerequisites;
  std::vector<Filter> filters;
  std::optional<Value> force;  ///< The value, if the rule gives one instead of an experiment.
  Condition condition;
  Seed seed;
  std::string hash_attribute = "id";
  std::string fallback_attribute;
  bool is_sticky = true;
  std::optional<Range> range;
  std::optional<double> coverage;
  std::optional<Experiment> experiment;
};

/// A flag: a default, and rules that give users other values.
struct Feature {
  std::string id;
  Value default_value = nullptr;
  std::vector<Rule> rules;
};

/// What a payload may be at most; beyond it is refused.
struct PayloadLimits {
  std::size_t most_bytes = 64U << 20U;
  std::size_t most_features = 100'000;
  std::size_t most_rules = 1'000'000;
  std::size_t most_variations = 1'000;      ///< Of one experiment.
  std::size_t deepest_prerequisites = 64;   ///< Features that ask features that ask features.
  std::size_t most_prerequisites = 10'000;  ///< Evaluations that one feature may need, all told.
};

/// Everything that is published at one time. Thread: immutable, shared.
class Payload {
 public:
  /// Reads `{"features": ..., "experiments": ..., "savedGroups": ..., "contextualBandits": ...}`,
  /// each of which may be missing, or be encrypted by `decryption_key` ("encryptedFeatures", ...).
  /// Errors: "syntax", "too_large", "payload", "condition", "decrypt": what, where, and the mend.
  static base::Result<std::shared_ptr<const Payload>> parse(std::string_view json,
                                                            std::string_view decryption_key = {},
                                                            const PayloadLimits& limits = {});
  /// The same of a value. Errors: "payload", "condition", "decrypt".
  static base::Result<std::shared_ptr<const Payload>> read(const Value& payload,
                                                           std::string_view decryption_key = {},
                                                           const PayloadLimits& limits = {});
  /// Reads one experiment, as code that runs it by itself gives it; it may ask this payload's
  /// features. Errors: as `read`. Lifetime: this payload outlives it.
  base::Result<Experiment> read_experiment(const Value& experiment) const;

  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;

  /// A feature by its id; null if there is none. Lifetime: the payload's, as of the others.
  const Feature* find(std::string_view id) const noexcept;
  /// Every feature by its id.
  const auto& features() const noexcept { return features_; }
  /// Experiments that run by themselves, in order.
  const std::vector<Experiment>& experiments() const noexcept { return experiments_; }
  /// The attributes whose sticky buckets must be at hand before anything is evaluated.
  const std::vector<std::string>& sticky_attributes() const noexcept { return sticky_attributes_; }
  /// What can match nobody, such as an expression that RE2 does not take, with the mend.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  friend class PayloadReader;
  Payload() = default;

  SavedGroups groups_;
  struct HashText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_map<std::string, Feature, HashText, std::equal_to<>> features_;
  std::vector<Experiment> experiments_;
  std::vector<std::string> sticky_attributes_;
  std::vector<std::string> warnings_;
};

}  // namespace hornbeam::experiment::growthbook
