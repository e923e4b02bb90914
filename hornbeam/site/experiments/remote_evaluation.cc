#include "hornbeam/site/experiments/remote_evaluation.h"

#include <cmath>

#include "hornbeam/experiment/growthbook/evaluate.h"

namespace hornbeam::site {
namespace {

namespace growthbook = experiment::growthbook;
using growthbook::Value;

/// Collects what the client would have reported, had it had the rules.
class Collector final : public growthbook::Tracker {
 public:
  void viewed(const growthbook::ExperimentResult& result) override {
    // The client tells experiments apart by their key; rules are what it is not to know.
    Value about = Value::object({{"key", std::string_view(result.experiment->key)}});
    tracks_.push_back(
        Value::object({{"experiment", std::move(about)}, {"result", to_value(result)}}));
  }
  Value::Array take() { return std::exchange(tracks_, {}); }

 private:
  Value::Array tracks_;
};

growthbook::User user_of(const Value& request) {
  growthbook::User user;
  if (const Value* attributes = request.find("attributes"); attributes && attributes->is_object()) {
    user.attributes = *attributes;
  }
  if (const Value* url = request.find("url"); url && url->as_string()) user.url = *url->as_string();
  if (const Value* forced = request.find("forcedVariations")) {
    for (const auto& [name, value] : forced->members()) {
      const double* number = value.as_number();
      if (number == nullptr || std::fabs(*number) > 1e6) continue;
      user.forced_variations[name] = static_cast<int>(*number);
    }
  }
  const Value* features = request.find("forcedFeatures");
  if (features == nullptr || features->as_array() == nullptr) return user;
  for (const Value& pair : *features->as_array()) {
    const auto* both = pair.as_array();
    if (both == nullptr || both->size() != 2 || both->front().as_string() == nullptr) continue;
    user.forced_features[*both->front().as_string()] = both->back();
  }
  return user;
}

}  // namespace

base::Result<std::string> evaluate_remotely(const Publication& publication,
                                            std::string_view request) {
  const auto parsed = Value::parse(request);
  if (!parsed || !parsed->is_object()) {
    return base::error("syntax", "the body is no JSON object; mend: send {\"attributes\": {...}}");
  }
  const growthbook::User user = user_of(*parsed);
  Collector collector;
  const growthbook::Evaluation evaluation(*publication.payload, user, &collector);
  Value::Object features;
  for (const std::string& id : publication.features) {
    const growthbook::FeatureResult result = evaluation.feature(id);
    Value feature = Value::object({{"defaultValue", *result.value}});
    if (Value::Array tracks = collector.take(); !tracks.empty()) {
      Value rule = Value::object({{"force", *result.value}, {"tracks", std::move(tracks)}});
      feature.set("rules", Value::Array{std::move(rule)});
    }
    features.push_back({id, std::move(feature)});
  }
  return Value::object({{"status", 200},
                        {"features", Value::object_of(std::move(features))},
                        {"experiments", Value::Array{}},
                        {"dateUpdated", std::string_view(publication.updated)}})
      .json();
}

}  // namespace hornbeam::site
