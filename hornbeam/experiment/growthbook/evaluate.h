#pragma once

// What a user gets: features and experiments of a payload, evaluated as GrowthBook's client 1.8.0
// does. Without an allocation, unless a value must be converted or a sticky bucket is stored.
//
//   Evaluation evaluation(*payload, user);
//   if (evaluation.feature("new-checkout").on) ...

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/experiment/growthbook/payload.h"

namespace hornbeam::experiment::growthbook {

/// The variations that one value of an attribute was given before, by "experiment__version".
struct StickyDocument {
  std::string attribute_name;
  std::string attribute_value;
  std::vector<std::pair<std::string, std::string>> assignments;
  friend bool operator==(const StickyDocument&, const StickyDocument&) = default;
};

/// Keeps users where they are when an experiment changes. Thread: one at a time.
class StickyBuckets {
 public:
  StickyBuckets() = default;
  /// Adds what was stored.
  void load(StickyDocument document);
  /// The documents by "attribute||value".
  const std::map<std::string, StickyDocument, std::less<>>& documents() const { return documents_; }
  /// Those that evaluation changed since the last call: store them.
  std::vector<StickyDocument> take_changed();

  /// The variation stored for an experiment; null if there is none.
  const std::string* find(std::string_view attribute, std::string_view value,
                          std::string_view experiment) const;
  /// Stores one.
  void assign(std::string_view attribute, std::string_view value, std::string experiment,
              std::string variation);

 private:
  std::map<std::string, StickyDocument, std::less<>> documents_;
  std::vector<std::string> changed_;
};

/// Whom a payload is evaluated for. Lifetime: outlives its evaluations and their results.
struct User {
  Value attributes = Value::object();
  std::string url;
  std::map<std::string, int, std::less<>> forced_variations;  ///< By experiment, for QA.
  std::map<std::string, Value, std::less<>> forced_features;  ///< Values by feature, for QA.
  std::vector<std::string> groups;                            ///< For experiments that ask for one.
  bool is_enabled = true;                                     ///< Whether experiments run at all.
  bool is_qa = false;               ///< Nobody is in an experiment by chance.
  StickyBuckets* sticky = nullptr;  ///< Null: buckets are not sticky.
};

/// What an experiment gives a user. Lifetime: the payload's and the user's.
struct ExperimentResult {
  const Experiment* experiment = nullptr;
  int variation = 0;
  bool in_experiment = false;
  bool hash_used = false;
  bool sticky_used = false;
  std::optional<double> bucket;
  std::string_view hash_attribute;
  const Value* hash_value = nullptr;  ///< Null if the user has none, which is "" in results.
  std::string_view feature;           ///< The feature it was asked for; empty if for none.
  const BanditLeaf* leaf = nullptr;   ///< The bandit's weights for the user; null without one.

  /// The variation's value, its name in results, and whether the next rule decides.
  const Value& value() const;
  std::string_view key() const;
  bool is_passthrough() const;
};

/// Why a feature has its value.
enum class Source {
  kUnknownFeature,
  kDefaultValue,
  kForce,
  kOverride,
  kExperiment,
  kPrerequisite,
  kCyclicPrerequisite,
};
/// As GrowthBook calls it, such as "defaultValue".
std::string_view to_string(Source source) noexcept;

/// The value of a feature. Lifetime: the payload's and the user's.
struct FeatureResult {
  const Value* value = nullptr;  ///< Never null: a value that may be null.
  bool on = false;               ///< Whether the value is truthy.
  Source source = Source::kUnknownFeature;
  std::string_view rule;  ///< The id of the rule that decided; empty if it has none.
  std::optional<ExperimentResult> experiment;
};

/// Hears which experiments a user takes part in, each time one is evaluated. Called from within
/// evaluation: do little.
class Tracker {
 public:
  Tracker() = default;
  Tracker(const Tracker&) = default;
  Tracker& operator=(const Tracker&) = default;
  virtual ~Tracker() = default;
  virtual void viewed(const ExperimentResult& result) = 0;
};

/// Where an experiment with redirects sends a user.
struct Redirect {
  bool in_experiment = false;
  std::string url;             ///< As the variation says.
  std::string url_with_query;  ///< With the parameters of the page that was asked for.
};

/// Evaluates for one user. Thread: one at a time; cheap to make.
class Evaluation {
 public:
  /// Lifetime: `payload`, `user` and `tracker` outlive it and its results.
  Evaluation(const Payload& payload, const User& user, Tracker* tracker = nullptr)
      : payload_(payload), user_(user), tracker_(tracker) {}

  /// A feature by its id.
  FeatureResult feature(std::string_view id) const;
  /// An experiment of its own. Lifetime: `experiment` outlives the result.
  ExperimentResult run(const Experiment& experiment) const;
  /// Runs those of the payload's experiments that have redirects, in order, up to the first that
  /// the user is in; gives where it leads, if anywhere.
  std::vector<Redirect> redirects() const;

  /// The user's attributes whose sticky buckets must be loaded first, with their values.
  std::vector<std::pair<std::string, std::string>> sticky_keys() const;

 private:
  struct Ancestor;
  struct HashValue;
  struct Sticky;

  FeatureResult evaluate(std::string_view id, const Ancestor* before) const;
  std::optional<FeatureResult> apply(const Rule& rule, const Feature& feature,
                                     const Ancestor& self) const;
  std::optional<FeatureResult> unmet(const Rule& rule, const Ancestor& self,
                                     bool& is_skipped) const;
  ExperimentResult run(const Experiment& experiment, std::string_view feature,
                       const BanditLeaf* leaf, const Ancestor* before) const;
  bool is_eligible(const Experiment& experiment, std::string_view hash_value,
                   const Ancestor* before) const;
  bool meets_prerequisites(const Experiment& experiment, const Ancestor* before) const;
  std::optional<double> hash(const Seed& seed, const HashValue& value) const;
  bool is_filtered_out(const std::vector<Filter>& filters) const;
  bool is_rolled_out(const Rule& rule) const;
  Sticky sticky_bucket(const Experiment& experiment) const;
  const BanditLeaf* leaf_for(const Bandit& bandit) const;
  HashValue hash_value(std::string_view attribute, std::string_view fallback) const;
  std::string_view fallback_of(bool is_sticky, const std::string& fallback) const;
  ExperimentResult outside(const Experiment& experiment, std::string_view feature) const;
  ExperimentResult result(const Experiment& experiment, std::string_view feature,
                          int variation) const;

  const Payload& payload_;
  const User& user_;
  Tracker* tracker_;
  mutable std::optional<HashedUnit> hashed_;  // the text that was hashed last
};

/// Results as GrowthBook's clients give them in JSON; what they leave out is left out.
Value to_value(const FeatureResult& result);
Value to_value(const ExperimentResult& result);

}  // namespace hornbeam::experiment::growthbook
