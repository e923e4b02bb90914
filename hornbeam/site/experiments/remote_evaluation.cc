#include "hornbeam/site/experiments/remote_evaluation.h"

#include <cmath>

#include "hornbeam/experiment/growthbook_export.h"

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

void read_forced(const Value& request, growthbook::User& user) {
  if (const Value* forced = request.find("forcedVariations")) {
    for (const auto& [name, value] : forced->members()) {
      const double* number = value.as_number();
      if (number == nullptr || std::fabs(*number) > 1e6) continue;
      user.forced_variations[name] = static_cast<int>(*number);
    }
  }
  const Value* features = request.find("forcedFeatures");
  if (features == nullptr || features->as_array() == nullptr) return;
  for (const Value& pair : *features->as_array()) {
    const auto* both = pair.as_array();
    if (both == nullptr || both->size() != 2 || both->front().as_string() == nullptr) continue;
    user.forced_features[*both->front().as_string()] = both->back();
  }
}

}  // namespace

base::Result<RemoteRequest> read_remote(std::string_view body) {
  const auto parsed = Value::parse(body);
  if (!parsed || !parsed->is_object()) {
    return base::error("syntax", "the body is no JSON object; mend: send {\"attributes\": {...}}");
  }
  RemoteRequest request;
  const Value* attributes = parsed->find("attributes");
  if (attributes != nullptr && attributes->is_object()) request.user.attributes = *attributes;
  const Value* url = parsed->find("url");
  if (url != nullptr && url->as_string() != nullptr) request.user.url = *url->as_string();
  read_forced(*parsed, request.user);
  return request;
}

std::vector<std::pair<experiment::UnitKind, std::string>> units_of(const RemoteRequest& request) {
  using experiment::UnitKind;
  std::vector<std::pair<UnitKind, std::string>> units;
  for (const UnitKind kind : {UnitKind::kUser, UnitKind::kSession, UnitKind::kOrganisation}) {
    const Value* value = request.user.attributes.find(experiment::attribute_of(kind));
    if (value == nullptr) continue;
    if (const std::string* text = value->as_string()) {
      if (!text->empty()) units.emplace_back(kind, *text);
    } else if (value->as_number() != nullptr) {
      units.emplace_back(kind, value->json());
    }
  }
  return units;
}

void load_arms(RemoteRequest& request, experiment::UnitKind kind, const std::string& id,
               const experiment::ArmsByExperiment& arms) {
  growthbook::StickyDocument document{.attribute_name = std::string(experiment::attribute_of(kind)),
                                      .attribute_value = id,
                                      .assignments = {}};
  // What is exported has bucket version 0.
  for (const auto& [key, arm] : arms) document.assignments.emplace_back(key + "__0", arm);
  request.sticky.load(std::move(document));
  request.is_sticky = true;
}

std::string evaluate_remotely(const Publication& publication, const RemoteRequest& request) {
  growthbook::User user = request.user;
  growthbook::StickyBuckets sticky = request.sticky;
  if (request.is_sticky) user.sticky = &sticky;
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
