#include "hornbeam/experiment/growthbook/payload.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/growthbook/decrypt.h"
#include "hornbeam/experiment/growthbook/internal/prerequisites.h"

namespace hornbeam::experiment::growthbook {
namespace {

// Unwinds the reading; what is thrown never leaves this file.
struct Refused {
  base::Error error;
};

[[noreturn]] void refuse(const std::string& where, std::string_view what) {
  throw Refused{{"payload", fmt::format("{}: {}", where, what)}};
}

// A member by name that is there and not null.
const Value* given(const Value& object, std::string_view name) {
  const Value* member = object.find(name);
  return member == nullptr || member->is_nullish() ? nullptr : member;
}

// The same if it is truthy, as JavaScript asks of most members.
const Value* truthy(const Value& object, std::string_view name) {
  const Value* member = object.find(name);
  return member == nullptr || !is_truthy(*member) ? nullptr : member;
}

std::string text_or(const Value& object, std::string_view name, std::string_view otherwise) {
  const Value* member = truthy(object, name);
  return member == nullptr ? std::string(otherwise) : to_text(*member);
}

double number_at(const Value& value, const std::string& where) {
  if (value.as_number() == nullptr) {
    refuse(where,
           fmt::format("expected a number, found {}; mend: write it without quotes", value.json()));
  }
  return *value.as_number();
}

std::optional<double> number_of(const Value& object, std::string_view name,
                                const std::string& where) {
  const Value* member = given(object, name);
  if (member == nullptr) return std::nullopt;
  return number_at(*member, fmt::format("{}.{}", where, name));
}

int small_number(const Value& object, std::string_view name, int otherwise,
                 const std::string& where) {
  const std::optional<double> number = number_of(object, name, where);
  if (!number || *number == 0) return otherwise;
  if (*number != std::floor(*number) || std::fabs(*number) > 1'000'000) {
    refuse(fmt::format("{}.{}", where, name), "expected a whole number up to 1000000");
  }
  return static_cast<int>(*number);
}

const Value::Array& array_at(const Value& value, const std::string& where) {
  if (!value.is_array()) {
    refuse(where, fmt::format("expected a list, found {}; mend: put it into brackets",
                              value.json().substr(0, 80)));
  }
  return *value.as_array();
}

std::vector<double> numbers_at(const Value& value, const std::string& where) {
  std::vector<double> numbers;
  for (const Value& each : array_at(value, where)) numbers.push_back(number_at(each, where));
  return numbers;
}

Range range_at(const Value& value, const std::string& where) {
  const std::vector<double> ends = numbers_at(value, where);
  if (ends.size() != 2) refuse(where, "expected a range; mend: write [start, end]");
  return {ends[0], ends[1]};
}

std::vector<Range> ranges_at(const Value& value, const std::string& where) {
  std::vector<Range> ranges;
  for (const Value& each : array_at(value, where)) ranges.push_back(range_at(each, where));
  return ranges;
}

// An experiment as results show it: of a rule, only what evaluation knows, in this order.
Value description_of(const Value& rule, const std::string& key, const Value& variations) {
  Value description = Value::object({{"variations", variations}, {"key", Value(key)}});
  if (const Value* coverage = rule.find("coverage")) description.set("coverage", *coverage);
  for (const std::string_view name :
       {"weights", "hashAttribute", "fallbackAttribute", "disableStickyBucketing"}) {
    if (const Value* member = truthy(rule, name)) description.set(name, *member);
  }
  for (const std::string_view name : {"bucketVersion", "minBucketVersion"}) {
    if (const Value* member = rule.find(name)) description.set(name, *member);
  }
  for (const std::string_view name : {"namespace", "meta", "ranges", "name", "phase", "seed",
                                      "hashVersion", "filters", "condition"}) {
    if (const Value* member = truthy(rule, name)) description.set(name, *member);
  }
  return description;
}

}  // namespace

/// Compiles a payload's parts. Recursion is bounded by the nesting of JSON.
class PayloadReader {
 public:
  PayloadReader(Payload& payload, const PayloadLimits& limits)
      : payload_(payload), limits_(limits) {}

  void read(const Value& source) {
    if (!source.is_object()) refuse("the payload", "expected an object; mend: {\"features\": {}}");
    if (const Value* groups = given(source, "savedGroups")) {
      auto compiled = SavedGroups::compile(*groups);
      if (!compiled) throw Refused{compiled.error()};
      payload_.groups_ = *std::move(compiled);
    }
    bandits_ = given(source, "contextualBandits");
    if (const Value* features = given(source, "features")) read_features(*features);
    if (const Value* experiments = given(source, "experiments")) {
      for (const Value& each : array_at(*experiments, "experiments")) {
        const std::string key = text_or(each, "key", "");
        payload_.experiments_.push_back(
            experiment(each, key, fmt::format("the experiment \"{}\"", key)));
        note_sticky(payload_.experiments_.back());
      }
    }
    link();
    std::vector<const Feature*> features;
    for (const auto& [id, feature] : payload_.features_) features.push_back(&feature);
    if (const auto problem = internal::problem_of_prerequisites(features, limits_)) {
      throw Refused{{"payload", *problem}};
    }
  }

  Experiment experiment(const Value& source, const std::string& key, const std::string& where) {
    Experiment read = common(source, key, where);
    read.description = source;
    read.prerequisites = prerequisites(source, where);
    if (const Value* groups = truthy(source, "groups")) {
      read.has_groups = true;
      for (const Value& each : array_at(*groups, where + ".groups")) {
        read.groups.push_back(to_text(each));
      }
    }
    const std::string status = text_or(source, "status", "");
    const Value* active = source.find("active");
    read.is_active = status != "draft" &&
                     !(active != nullptr && active->as_bool() != nullptr && !*active->as_bool());
    read.is_stopped = status == "stopped";
    if (const Value* force = source.find("force")) {
      read.forced = force->is_nullish() ? -1 : small_number(source, "force", 0, where);
    }
    if (const Value* pages = truthy(source, "urlPatterns")) read.pages = UrlTargets(*pages);
    read.keeps_query = truthy(source, "persistQueryString") != nullptr;
    read.is_manual = truthy(source, "manual") != nullptr;
    read.change_id = text_or(source, "changeId", "");
    return read;
  }

  // Prerequisites find their features once all are there.
  void link_all(std::vector<Prerequisite>& prerequisites) const {
    for (Prerequisite& each : prerequisites) each.feature = payload_.find(each.id);
  }

 private:
  Condition condition(const Value& source, const std::string& where,
                      std::string_view name = "condition") {
    const Value* given_condition = truthy(source, name);
    if (given_condition == nullptr) return {};
    auto compiled = Condition::compile(*given_condition, payload_.groups_);
    if (!compiled) {
      throw Refused{
          {compiled.error().code, fmt::format("{}: {}", where, compiled.error().message)}};
    }
    for (const std::string& warning : compiled->warnings()) {
      payload_.warnings_.push_back(fmt::format("{}: {}", where, warning));
    }
    return *std::move(compiled);
  }

  std::vector<Prerequisite> prerequisites(const Value& source, const std::string& where) {
    std::vector<Prerequisite> read;
    const Value* given_ones = truthy(source, "parentConditions");
    if (given_ones == nullptr) return read;
    for (const Value& each : array_at(*given_ones, where + ".parentConditions")) {
      Prerequisite prerequisite;
      prerequisite.id = text_or(each, "id", "");
      prerequisite.condition = condition(each, where);
      prerequisite.is_gate = truthy(each, "gate") != nullptr;
      read.push_back(std::move(prerequisite));
    }
    return read;
  }

  static std::vector<Filter> filters(const Value& source, const std::string& where) {
    std::vector<Filter> read;
    const Value* given_ones = truthy(source, "filters");
    if (given_ones == nullptr) return read;
    for (const Value& each : array_at(*given_ones, where + ".filters")) {
      const Value* ranges = given(each, "ranges");
      if (ranges == nullptr)
        refuse(where + ".filters", "a filter needs \"ranges\"; mend: [[0, 1]]");
      const Value* seed = each.find("seed");
      read.push_back({.attribute = text_or(each, "attribute", "id"),
                      .seed = Seed(seed == nullptr ? "undefined" : to_text(*seed),
                                   small_number(each, "hashVersion", 2, where + ".filters")),
                      .ranges = ranges_at(*ranges, where + ".filters")});
    }
    return read;
  }

  // What rules and experiments of their own have in common.
  Experiment common(const Value& source, const std::string& key, const std::string& where) {
    Experiment read;
    read.key = key;
    const Value* variations = given(source, "contextualVariations");
    if (variations == nullptr) variations = given(source, "variations");
    if (variations != nullptr) read.variations = array_at(*variations, where + ".variations");
    if (read.variations.size() > limits_.most_variations) {
      refuse(where, fmt::format("{} variations are more than {}; mend: split the experiment",
                                read.variations.size(), limits_.most_variations));
    }
    read_meta(read, source, where);
    const auto count = static_cast<int>(read.variations.size());
    std::optional<std::vector<double>> weights;
    if (const Value* own = truthy(source, "weights"))
      weights = numbers_at(*own, where + ".weights");
    const double coverage = number_of(source, "coverage", where).value_or(1);
    const Value* ranges = truthy(source, "ranges");
    read.ranges = ranges != nullptr ? ranges_at(*ranges, where + ".ranges")
                                    : bucket_ranges(count, coverage, weights);
    read.hash_attribute = text_or(source, "hashAttribute", "id");
    read.fallback_attribute = text_or(source, "fallbackAttribute", "");
    read.seed = Seed(text_or(source, "seed", key), small_number(source, "hashVersion", 1, where));
    read.has_filters = truthy(source, "filters") != nullptr;
    read.filters = filters(source, where);
    read_namespace(read, source, where);
    read.condition = condition(source, where);
    read.is_sticky = truthy(source, "disableStickyBucketing") == nullptr;
    read.bucket_version = small_number(source, "bucketVersion", 0, where);
    read.least_bucket_version = small_number(source, "minBucketVersion", 0, where);
    return read;
  }

  static void read_meta(Experiment& read, const Value& source, const std::string& where) {
    const Value* given_meta = truthy(source, "meta");
    const Value::Array none;
    const Value::Array& entries =
        given_meta == nullptr ? none : array_at(*given_meta, where + ".meta");
    for (std::size_t i = 0; i < std::max(read.variations.size(), entries.size()); ++i) {
      VariationMeta meta;
      const Value entry = i < entries.size() ? entries[i] : Value();
      meta.key = text_or(entry, "key", std::to_string(i));
      if (const Value* key = given(entry, "key")) meta.own_key = to_text(*key);
      meta.name = text_or(entry, "name", "");
      meta.is_passthrough = truthy(entry, "passthrough") != nullptr;
      read.meta.push_back(std::move(meta));
    }
  }

  static void read_namespace(Experiment& read, const Value& source, const std::string& where) {
    const Value* given_one = truthy(source, "namespace");
    if (given_one == nullptr) return;
    const Value::Array& parts = array_at(*given_one, where + ".namespace");
    if (parts.size() != 3) {
      refuse(where + ".namespace", "expected a name and a range; mend: [\"name\", 0, 0.5]");
    }
    read.name_space = Namespace::named(to_text(parts[0]),
                                       {number_at(parts[1], where), number_at(parts[2], where)});
  }

  std::optional<Bandit> bandit(const Value& rule, const Experiment& experiment,
                               const std::string& where) {
    const Value* reference = truthy(rule, "contextualBanditRef");
    const Value* definition = reference == nullptr || bandits_ == nullptr
                                  ? nullptr
                                  : truthy(*bandits_, to_text(*reference));
    if (definition == nullptr) return std::nullopt;
    const double coverage = number_of(rule, "coverage", where).value_or(1);
    const auto count = static_cast<int>(experiment.variations.size());
    const bool has_ranges = truthy(rule, "ranges") != nullptr;
    Bandit read;
    read.version = number_of(*definition, "banditVersion", where);
    const Value* own_weights = truthy(rule, "weights");
    read.fallback.weights =
        own_weights != nullptr ? numbers_at(*own_weights, where) : equal_weights(count);
    read.fallback.ranges = experiment.ranges;
    const Value* contexts = truthy(*definition, "contexts");
    if (contexts == nullptr) return read;
    for (const Value& each : array_at(*contexts, where + ".contexts")) {
      BanditLeaf leaf;
      leaf.id = small_number(each, "leafId", 0, where);
      if (const Value* weights = given(each, "weights")) leaf.weights = numbers_at(*weights, where);
      leaf.ranges = has_ranges ? experiment.ranges : bucket_ranges(count, coverage, leaf.weights);
      try {
        leaf.condition = condition(each, where);
      } catch (const Refused& refused) {
        payload_.warnings_.push_back(refused.error.message);
        leaf.is_broken = true;
      }
      read.leaves.push_back(std::move(leaf));
    }
    return read;
  }

  Rule rule(const Value& source, const std::string& feature, const std::string& where) {
    if (!source.is_object()) refuse(where, "expected an object; mend: {\"force\": ...}");
    if (++rules_ > limits_.most_rules) {
      refuse(where, fmt::format("the payload has more than {} rules; mend: retire old features",
                                limits_.most_rules));
    }
    Rule read;
    read.id = text_or(source, "id", "");
    read.prerequisites = prerequisites(source, where);
    read.filters = filters(source, where);
    read.hash_attribute = text_or(source, "hashAttribute", "id");
    read.fallback_attribute = text_or(source, "fallbackAttribute", "");
    read.is_sticky = truthy(source, "disableStickyBucketing") == nullptr;
    if (const Value* force = source.find("force")) {
      read.force = *force;
      read.condition = condition(source, where);
      read.seed =
          Seed(text_or(source, "seed", feature), small_number(source, "hashVersion", 1, where));
      if (const Value* range = truthy(source, "range")) read.range = range_at(*range, where);
      read.coverage = number_of(source, "coverage", where);
      return read;
    }
    const Value* variations = given(source, "contextualVariations");
    if (variations == nullptr) variations = given(source, "variations");
    if (variations == nullptr) return read;
    const std::string key = text_or(source, "key", feature);
    read.experiment = common(source, key, where);
    read.experiment->description = description_of(source, key, *variations);
    read.experiment->bandit = bandit(source, *read.experiment, where);
    note_sticky(*read.experiment);
    return read;
  }

  void read_features(const Value& features) {
    if (!features.is_object()) refuse("features", "expected an object; mend: {\"key\": {}}");
    if (features.members().size() > limits_.most_features) {
      refuse("features", fmt::format("{} features are more than {}; mend: retire old ones",
                                     features.members().size(), limits_.most_features));
    }
    for (const Member& member : features.members()) {
      if (!is_truthy(member.value)) continue;
      Feature feature;
      feature.id = member.name;
      if (const Value* value = member.value.find("defaultValue")) feature.default_value = *value;
      if (const Value* rules = truthy(member.value, "rules")) {
        const std::string where = fmt::format("the feature \"{}\"", member.name);
        for (const Value& each : array_at(*rules, where + ".rules")) {
          feature.rules.push_back(
              rule(each, member.name, fmt::format("{}, rule {}", where, feature.rules.size())));
        }
      }
      payload_.features_.emplace(member.name, std::move(feature));
    }
  }

  void note_sticky(const Experiment& experiment) {
    for (const std::string& name : {experiment.hash_attribute, experiment.fallback_attribute}) {
      auto& known = payload_.sticky_attributes_;
      if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
        known.push_back(name);
      }
    }
  }

  void link() {
    for (auto& [id, feature] : payload_.features_) {
      for (Rule& rule : feature.rules) link_all(rule.prerequisites);
    }
    for (Experiment& experiment : payload_.experiments_) link_all(experiment.prerequisites);
  }

  Payload& payload_;
  const PayloadLimits& limits_;
  const Value* bandits_ = nullptr;
  std::size_t rules_ = 0;
};

namespace {

// Puts what an encrypted part holds in its place.
void decrypt_part(Value& payload, std::string_view encrypted, std::string_view plain,
                  std::string_view key, const PayloadLimits& limits) {
  const Value* part = payload.find(encrypted);
  if (part == nullptr || part->as_string() == nullptr) return;
  const std::optional<std::string> text = decrypt(*part->as_string(), key);
  if (!text) {
    throw Refused{
        {"decrypt", fmt::format("{} cannot be decrypted; mend: give the decryption key of "
                                "this payload's connection",
                                encrypted)}};
  }
  auto value = Value::parse(*text, limits.most_bytes);
  if (!value) throw Refused{value.error()};
  payload.set(plain, *std::move(value));
}

}  // namespace

base::Result<std::shared_ptr<const Payload>> Payload::parse(std::string_view json,
                                                            std::string_view decryption_key,
                                                            const PayloadLimits& limits) {
  auto value = Value::parse(json, limits.most_bytes);
  if (!value) return std::unexpected(value.error());
  return read(*value, decryption_key, limits);
}

base::Result<std::shared_ptr<const Payload>> Payload::read(const Value& payload,
                                                           std::string_view decryption_key,
                                                           const PayloadLimits& limits) {
  try {
    const std::shared_ptr<Payload> read(new Payload);
    Value plain = payload;
    for (const auto& [encrypted, name] : {std::pair("encryptedFeatures", "features"),
                                          {"encryptedExperiments", "experiments"},
                                          {"encryptedSavedGroups", "savedGroups"},
                                          {"encryptedContextualBandits", "contextualBandits"}}) {
      decrypt_part(plain, encrypted, name, decryption_key, limits);
    }
    PayloadReader(*read, limits).read(plain);
    return read;
  } catch (const Refused& refused) {
    return std::unexpected(refused.error);
  }
}

base::Result<Experiment> Payload::read_experiment(const Value& experiment) const {
  try {
    Payload scratch;
    scratch.groups_ = groups_;
    const PayloadLimits limits;
    PayloadReader reader(scratch, limits);
    const std::string key = text_or(experiment, "key", "");
    Experiment read = reader.experiment(experiment, key, fmt::format("the experiment \"{}\"", key));
    for (Prerequisite& each : read.prerequisites) each.feature = find(each.id);
    return read;
  } catch (const Refused& refused) {
    return std::unexpected(refused.error);
  }
}

const Feature* Payload::find(std::string_view id) const noexcept {
  const auto found = features_.find(id);
  return found == features_.end() ? nullptr : &found->second;
}

}  // namespace hornbeam::experiment::growthbook
