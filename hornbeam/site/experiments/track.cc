#include "hornbeam/site/experiments/track.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>

#include <fmt/format.h>

#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/experiment/growthbook_export.h"
#include "hornbeam/experiment/segment.h"

namespace hornbeam::site {
namespace {

using experiment::Exposures;
using experiment::MetricEvent;
using experiment::Snapshot;
using experiment::Time;
using experiment::UnitKind;
using experiment::growthbook::Value;

// A member that is a text, or a number as the text that clients hash.
std::string text_of(const Value& value, std::string_view name) {
  const Value* member = value.find(name);
  if (member == nullptr) return {};
  if (const std::string* text = member->as_string()) return *text;
  return member->as_number() != nullptr ? member->json() : std::string();
}

// Properties come as an object, or as one in a text.
Value object_of(const Value& event, std::string_view name) {
  const Value* member = event.find(name);
  if (member == nullptr) return Value::object();
  if (member->is_object()) return *member;
  if (const std::string* text = member->as_string()) {
    auto parsed = Value::parse(*text);
    if (parsed && parsed->is_object()) return *std::move(parsed);
  }
  return Value::object();
}

std::optional<UnitKind> kind_of(std::string_view attribute) {
  for (const UnitKind kind : {UnitKind::kUser, UnitKind::kSession, UnitKind::kOrganisation}) {
    if (experiment::attribute_of(kind) == attribute) return kind;
  }
  return std::nullopt;
}

std::string random_id() {
  static thread_local std::mt19937_64 random{(std::uint64_t{std::random_device{}()} << 32U) ^
                                             std::random_device{}()};
  return fmt::format("{:016x}{:016x}", random(), random());
}

std::int64_t phase_at(const experiment::Experiment& running, Time now) {
  std::int64_t phase = 0;
  for (std::size_t i = 1; i < running.phases.size(); ++i) {
    if (running.phases[i].starts_at <= now) phase = static_cast<std::int64_t>(i);
  }
  return phase;
}

std::set<std::string, std::less<>> metrics_of(const Snapshot& snapshot) {
  std::set<std::string, std::less<>> metrics;
  for (const auto& domain : snapshot.configuration().domains) {
    for (const auto& lane : domain.lanes) {
      for (const auto& each : lane.experiments) {
        metrics.insert(each.primary_metric);
        metrics.insert(each.secondary_metrics.begin(), each.secondary_metrics.end());
        metrics.insert(each.guardrail_metrics.begin(), each.guardrail_metrics.end());
      }
    }
  }
  return metrics;
}

std::string segment_in(const Value& event, const std::vector<std::string>& dimensions) {
  const Value context = object_of(event, "context_json");
  std::vector<experiment::Dimension> own;
  for (const std::string& name : dimensions) own.emplace_back(name, text_of(context, name));
  return experiment::segment_of(std::move(own));
}

std::optional<Exposures> exposure_of(const Value& event, const Snapshot& snapshot, Time now,
                                     const std::vector<std::string>& dimensions) {
  const Value properties = object_of(event, "properties_json");
  const auto kind = kind_of(text_of(properties, "hashAttribute"));
  Exposures exposures{.experiment = text_of(properties, "experimentId"),
                      .arm = text_of(properties, "variationId"),
                      .kind = kind.value_or(UnitKind::kUser),
                      .unit = text_of(properties, "hashValue"),
                      .first_at = now,
                      .last_at = now,
                      .count = 1,
                      .version = snapshot.version(),
                      .phase = 0,
                      .segment = segment_in(event, dimensions)};
  if (!kind || exposures.experiment.empty() || exposures.unit.empty()) return std::nullopt;
  if (const auto* running = snapshot.find_experiment(exposures.experiment)) {
    exposures.phase = phase_at(*running, now);
  }
  return exposures;
}

MetricEvent event_of(const Value& event, std::string name, Time now) {
  const Value properties = object_of(event, "properties_json");
  const Value context = object_of(event, "context_json");
  MetricEvent made{.id = text_of(event, "event_id"),
                   // The plugin moves the attribute "id" here, unless there is a "device_id".
                   .user = text_of(event, "device_id"),
                   .session = text_of(context, "session"),
                   .organisation = text_of(context, "organisation"),
                   .metric = std::move(name),
                   .value = 1,
                   .at = now};
  if (made.id.empty()) made.id = text_of(properties, "event_id");
  if (made.id.empty()) made.id = random_id();
  if (made.user.empty()) made.user = text_of(event, "user_id");
  if (const Value* value = properties.find("value"); value != nullptr && value->as_number()) {
    made.value = *value->as_number();
  }
  return made;
}

}  // namespace

base::Result<Tracked> read_tracked(std::string_view body, const Snapshot& snapshot, Time now,
                                   std::size_t most, const std::vector<std::string>& dimensions) {
  const auto parsed = Value::parse(body);
  const auto* const entries = parsed ? parsed->as_array() : nullptr;
  if (entries == nullptr) {
    return base::error("syntax", "the body is no JSON array; mend: send [{\"event_name\": ...}]");
  }
  if (entries->size() > most) {
    return base::error("too_many", fmt::format("{} events are more than the {} of one request; "
                                               "mend: send them in several",
                                               entries->size(), most));
  }
  const auto metrics = metrics_of(snapshot);
  Tracked tracked;
  for (const Value& entry : *entries) {
    std::string name = text_of(entry, "event_name");
    if (name.empty()) {
      ++tracked.malformed;
    } else if (name == "Experiment Viewed") {
      auto exposure = exposure_of(entry, snapshot, now, dimensions);
      if (exposure) tracked.exposures.push_back(*std::move(exposure));
      if (!exposure) ++tracked.malformed;
    } else if (metrics.contains(name)) {
      tracked.events.push_back(event_of(entry, std::move(name), now));
    } else {
      ++tracked.ignored;
    }
  }
  return tracked;
}

}  // namespace hornbeam::site
