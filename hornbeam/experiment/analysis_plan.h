#pragma once

// AnalysisPlan: how an experiment will be read, written down before anything is seen. It is part of
// the experiment's record, and results are computed by it: who defines a metric otherwise later
// does not change what a running experiment says.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json.h"
#include "hornbeam/base/rules.h"
#include "hornbeam/experiment/stats/plan.h"

namespace hornbeam::experiment {

/// What a metric is.
struct MetricDefinition {
  std::string key;    ///< As events and the configuration name it.
  std::string title;  ///< For people; empty: the key.
  /// Which way is good.
  stats::Better better = stats::Better::kHigher;
  /// The smallest effect worth finding, and of a guardrail the loss that can be borne; relative.
  double smallest_effect = 0.05;
  /// Whether it is the mean of values for each unit, instead of the share of units that did it.
  bool is_mean = false;

  friend bool operator==(const MetricDefinition&, const MetricDefinition&) = default;
};

/// How an experiment will be read.
struct AnalysisPlan {
  /// When it was written down.
  std::chrono::system_clock::time_point recorded_at{};
  /// Of the primary, the secondary and the guardrail metrics. Given by `Lanes`.
  std::vector<MetricDefinition> metrics{};
  /// On any day, by confidence sequences; or once, at the planned end, by t tests.
  stats::Reading reading = stats::Reading::kSequential;
  /// How effects of several arms are corrected.
  stats::ArmComparison comparison = stats::ArmComparison::kCorrection;
  double alpha = 0.05;      ///< The share of experiments that may find what is not there.
  double power = 0.8;       ///< For the smallest effect worth finding.
  std::int64_t days = 0;    ///< How long it is to run, in whole weeks. Given by `Lanes` if 0.
  std::int64_t units = 0;   ///< How many each arm is to have; 0: nobody said.
  double tuned_for = 5000;  ///< Units at which a confidence sequence is narrowest.
};

/// The definition of a metric; one made of the key where nobody gave any.
MetricDefinition definition_of(const std::vector<MetricDefinition>& definitions,
                               std::string_view key);

/// The names that JSON has for the members.
constexpr auto describe(base::Type<MetricDefinition>) {
  return base::fields(
      base::field("key", &MetricDefinition::key),
      base::field("title", &MetricDefinition::title, base::or_default),
      base::field("better", &MetricDefinition::better, base::or_default),
      base::field("smallest_effect", &MetricDefinition::smallest_effect, base::or_default),
      base::field("is_mean", &MetricDefinition::is_mean, base::or_default));
}
constexpr auto describe(base::Type<AnalysisPlan>) {
  using base::field;
  using base::or_default;
  using base::range;
  return base::fields(field("recorded_at", &AnalysisPlan::recorded_at, or_default),
                      field("metrics", &AnalysisPlan::metrics, or_default),
                      field("reading", &AnalysisPlan::reading, or_default),
                      field("comparison", &AnalysisPlan::comparison, or_default),
                      field("alpha", &AnalysisPlan::alpha, or_default, range(0.000'1, 0.5)),
                      field("power", &AnalysisPlan::power, or_default, range(0.5, 0.999)),
                      field("days", &AnalysisPlan::days, or_default, range(0, 3'650)),
                      field("units", &AnalysisPlan::units, or_default, range(0, 1'000'000'000)),
                      field("tuned_for", &AnalysisPlan::tuned_for, or_default, range(1.0, 1e12)));
}

}  // namespace hornbeam::experiment

/// "higher" or "lower".
template <>
struct hornbeam::base::JsonCodec<hornbeam::experiment::stats::Better> {
  static void write(std::string& out, hornbeam::experiment::stats::Better better);
  static void read(JsonReader& reader, JsonView json, hornbeam::experiment::stats::Better& better);
};
/// "sequential" or "fixed".
template <>
struct hornbeam::base::JsonCodec<hornbeam::experiment::stats::Reading> {
  static void write(std::string& out, hornbeam::experiment::stats::Reading reading);
  static void read(JsonReader& reader, JsonView json,
                   hornbeam::experiment::stats::Reading& reading);
};
/// "correction" or "dunnett".
template <>
struct hornbeam::base::JsonCodec<hornbeam::experiment::stats::ArmComparison> {
  static void write(std::string& out, hornbeam::experiment::stats::ArmComparison comparison);
  static void read(JsonReader& reader, JsonView json,
                   hornbeam::experiment::stats::ArmComparison& comparison);
};
