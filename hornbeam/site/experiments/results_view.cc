#include "hornbeam/site/experiments/results_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "hornbeam/site/experiments/charts.h"

namespace hornbeam::site {
namespace {

namespace stats = experiment::stats;

constexpr int kMostSteps = 60;            // of a time series
constexpr std::size_t kMostSegments = 8;  // of a dimension

std::string level_text(double level, bool is_mean) {
  return is_mean ? fmt::format("{:.4g}", level) : fmt::format("{:.1f} %", level * 100);
}

std::string p_text(double p) {
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string_view decision_name(stats::Decision decision) {
  switch (decision) {
    case stats::Decision::kDoNotBelieve:
      return "Do not believe";
    case stats::Decision::kWait:
      return "Wait";
    case stats::Decision::kShip:
      return "Ship it";
    case stats::Decision::kStop:
      return "Stop it";
    case stats::Decision::kNoDifference:
      return "No difference";
    case stats::Decision::kInconclusive:
      break;
  }
  return "Inconclusive";
}

int meaning_of(const stats::MetricResult& result) {
  return result.is_better ? 1 : result.is_worse ? -1 : 0;
}

std::string_view meaning_word(const stats::MetricResult& result) {
  return result.is_better ? "better" : result.is_worse ? "worse" : "open";
}

std::string interval_text(const stats::Interval& interval) {
  const auto end = [](double value) {
    return std::isfinite(value) ? percent_text(value) : std::string(value < 0 ? "−∞" : "∞");
  };
  return end(interval.lower) + " to " + end(interval.upper);
}

/// The questions, in the order in which they are asked, and which doubts are about each.
struct Question {
  const char* name;
  std::array<stats::Doubt, 4> doubts;
  std::size_t count;
};
constexpr std::array kQuestions{
    Question{"Sample ratio",
             {stats::Doubt::kSampleRatio, stats::Doubt::kStrayUnits, stats::Doubt::kMixedUnits},
             3},
    Question{"Whole weeks",
             {stats::Doubt::kTooShort, stats::Doubt::kPartialWeek, stats::Doubt::kTooEarly},
             3},
    Question{"Power",
             {stats::Doubt::kUnderpowered, stats::Doubt::kUnmeasured, stats::Doubt::kChangedShares},
             3},
    Question{"Guardrails", {stats::Doubt::kGuardrailWorse, stats::Doubt::kGuardrailUncertain}, 2}};

std::string fine_text(std::size_t question, const Reading& reading, const stats::Verdict& verdict) {
  switch (question) {
    case 0:
      return fmt::format("Arms have the units they should have (p = {}).",
                         p_text(verdict.sample_ratio.p_value));
    case 1:
      return fmt::format("{} whole weeks were seen.",
                         (reading.days.last - reading.days.first + 1) / 7);
    case 2:
      return "The smallest effect worth finding would have been found.";
    default:
      break;
  }
  const bool has_any =
      std::any_of(reading.plan.metrics.begin(), reading.plan.metrics.end(),
                  [](const auto& each) { return each.role == stats::Role::kGuardrail; });
  return has_any ? "None got worse, and no loss that cannot be borne is possible."
                 : "The plan has none.";
}

std::vector<Check> checks_of(const Reading& reading, const stats::Verdict& verdict) {
  std::vector<Check> checks;
  for (std::size_t i = 0; i < kQuestions.size(); ++i) {
    const Question& question = kQuestions[i];
    Check check{question.name, "fine", {}};
    // The same is often said of several arms: the first says it, and how many others.
    std::size_t others = 0;
    for (const stats::Finding& finding : verdict.findings) {
      const auto end = question.doubts.begin() + static_cast<std::ptrdiff_t>(question.count);
      if (std::find(question.doubts.begin(), end, finding.doubt) == end) continue;
      if (check.text.empty()) {
        check.text = finding.message;
        check.state = finding.weight == stats::Weight::kRefusal ? "refusal" : "caution";
      } else {
        ++others;
      }
    }
    if (others > 0) {
      check.text += fmt::format(" ({} more of the kind.)", others);
    }
    if (check.text.empty()) check.text = fine_text(i, reading, verdict);
    checks.push_back(std::move(check));
  }
  return checks;
}

std::vector<ArmView> arms_of(const PlacedExperiment& placed, const Reading& reading,
                             const stats::Verdict& verdict) {
  std::vector<ArmView> arms;
  const auto& phase = placed.experiment->phases.back();
  std::vector<double> units(reading.plan.arms.size());
  for (const auto& day : reading.aggregates.days) {
    if (day.day <= reading.days.last) units[day.arm] += static_cast<double>(day.units);
  }
  for (std::size_t i = 0; i < reading.plan.arms.size(); ++i) {
    const int number = number_of_arm(*placed.experiment, reading.plan.arms[i]);
    const double share = share_of_arm(placed, number, phase);
    ArmView arm{
        .key = reading.plan.arms[i],
        .values =
            number == experiment::kControlArm
                ? "the defaults"
                : values_text(placed.experiment->arms[static_cast<std::size_t>(number)].values),
        .share = fmt::format("{:.3g} %", share * 100),
        .units = count_text(units[i])};
    if (i < verdict.sample_ratio.expected.size()) {
      arm.expected = count_text(std::round(verdict.sample_ratio.expected[i]));
    }
    for (const auto& each : verdict.arms) {
      if (each.arm != i) continue;
      arm.decision = stats::name_of(each.decision);
      arm.verdict = decision_name(each.decision);
      arm.reason = each.reason;
    }
    arms.push_back(std::move(arm));
  }
  return arms;
}

DrawnEffect drawn(const std::string& label, const stats::MetricResult& result) {
  return {.label = label,
          .value = result.effect.value,
          .lower = result.test.interval.lower,
          .upper = result.test.interval.upper,
          .meaning = meaning_of(result)};
}

std::vector<MetricView> metrics_of(const Reading& reading,
                                   const std::vector<MetricDefinition>& definitions,
                                   const stats::Verdict& verdict) {
  std::vector<MetricView> metrics;
  for (std::size_t i = 0; i < reading.plan.metrics.size(); ++i) {
    const stats::PlannedMetric& planned = reading.plan.metrics[i];
    const bool is_mean = experiment::definition_of(definitions, reading.metrics[i]).is_mean;
    MetricView metric{.title = planned.name, .role = std::string(role_name(planned.role))};
    std::vector<DrawnEffect> effects;
    for (const stats::MetricResult& result : verdict.results) {
      if (result.metric != i) continue;
      const std::string& arm = reading.plan.arms[result.arm];
      effects.push_back(drawn(arm, result));
      metric.effects.push_back({.arm = arm,
                                .control = level_text(result.effect.control, is_mean),
                                .treated = level_text(result.effect.treated, is_mean),
                                .effect = percent_text(result.effect.value),
                                .interval = interval_text(result.test.interval),
                                .p_value = p_text(result.test.p_value),
                                .power = fmt::format("{:.0f} %", result.power * 100),
                                .meaning = std::string(meaning_word(result))});
    }
    if (!effects.empty()) {
      metric.plot = interval_plot(effects, planned.smallest_effect,
                                  planned.name + ": effect of each arm against the control");
    }
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

// The goal as it was known after each day, by the units exposed until then.
std::vector<SeriesView> series_of(const Reading& reading) {
  std::map<std::size_t, std::vector<DayEffect>> by_arm;
  const int days = reading.days.last - reading.days.first + 1;
  const int step = std::max(1, (days + kMostSteps - 1) / kMostSteps);
  stats::Aggregates until = reading.aggregates;
  // Back from the last day, so that it is among the steps.
  for (int day = reading.days.last; day >= reading.days.first; day -= step) {
    until.last_complete_day = day;
    const auto verdict = stats::read_experiment(reading.plan, until);
    if (!verdict) continue;
    for (const auto& result : verdict->results) {
      if (result.metric != 0) continue;
      by_arm[result.arm].push_back(
          {day, result.effect.value, result.test.interval.lower, result.test.interval.upper});
    }
  }
  std::vector<SeriesView> series;
  for (auto& [arm, effects] : by_arm) {
    std::reverse(effects.begin(), effects.end());
    const std::string& key = reading.plan.arms[arm];
    series.push_back({key, time_series(effects, reading.plan.metrics[0].name + " of " + key +
                                                    " against the control, day by day")});
  }
  return series;
}

// One value of one dimension, and what was counted of its units.
struct Part {
  std::string dimension;
  std::string value;
  double units = 0;
  std::vector<experiment::DayResult> counted;
};

// The parts of each dimension, those with the most units first; what is beyond so many of one is
// put together. A dimension in which all units are alike has none.
std::vector<Part> parts_of(const std::vector<experiment::DimensionResult>& by_dimension) {
  std::map<std::string, std::vector<Part>> dimensions;
  for (const auto& each : by_dimension) {
    std::vector<Part>& parts = dimensions[each.dimension];
    const std::string value = each.value.empty() ? "unknown" : each.value;
    if (parts.empty() || parts.back().value != value)
      parts.push_back({each.dimension, value, 0, {}});
    if (each.result.row.metric.empty()) {
      parts.back().units += static_cast<double>(each.result.row.units);
    }
    parts.back().counted.push_back(each.result);
  }
  std::vector<Part> all;
  for (auto& [name, parts] : dimensions) {
    std::ranges::sort(parts, std::greater<>(),
                      [](const Part& part) { return std::pair(part.units, part.value); });
    if (parts.size() > kMostSegments) {
      Part& rest = parts[kMostSegments - 1];
      for (std::size_t i = kMostSegments; i < parts.size(); ++i) {
        rest.units += parts[i].units;
        rest.counted.insert(rest.counted.end(), parts[i].counted.begin(), parts[i].counted.end());
      }
      rest.value = fmt::format("{} others", parts.size() - kMostSegments + 1);
      parts.resize(kMostSegments);
    }
    if (parts.size() > 1) std::ranges::move(parts, std::back_inserter(all));
  }
  return all;
}

SegmentView segment_of_part(const Reading& reading, const Part& part,
                            const stats::SliceResult& read) {
  SegmentView view{.name = part.value, .units = count_text(part.units), .plot = {}, .warning = {}};
  std::vector<DrawnEffect> effects;
  for (const auto& result : read.results) {
    if (result.metric == 0) effects.push_back(drawn(reading.plan.arms[result.arm], result));
  }
  if (!effects.empty()) {
    view.plot = interval_plot(effects, reading.plan.metrics[0].smallest_effect,
                              fmt::format("{}, units whose {} is {}", reading.plan.metrics[0].name,
                                          part.dimension, part.value));
  }
  if (read.sample_ratio.is_mismatch) {
    view.warning = "The arms do not have the units they should have here.";
  }
  return view;
}

// All parts of all dimensions are one family of tests.
void add_dimensions(ResultsView& view, const Reading& reading,
                    const std::vector<MetricDefinition>& definitions,
                    const std::vector<experiment::DimensionResult>& by_dimension) {
  const std::vector<Part> parts = parts_of(by_dimension);
  std::vector<stats::Slice> slices;
  for (const Part& part : parts) {
    slices.push_back({part.value, aggregates_of(reading, definitions, part.counted)});
  }
  const auto read = stats::read_by_slices(reading.plan, slices);
  if (parts.empty() || !read) return;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (view.dimensions.empty() || view.dimensions.back().name != parts[i].dimension) {
      view.dimensions.push_back({parts[i].dimension, {}});
    }
    SegmentView segment = segment_of_part(reading, parts[i], (*read)[i]);
    view.dimensions.back().segments.push_back(std::move(segment));
  }
  view.family = fmt::format("{} parts of {} dimensions, {} arms each", parts.size(),
                            view.dimensions.size(), reading.plan.arms.size() - 1);
}

// Arms of a lane that shares its units with others, against a control that has no part in those:
// the other lanes' effects are in the difference.
bool is_confounded(const PlacedExperiment& placed) {
  const experiment::Experiment& own = *placed.experiment;
  if (placed.lane->mode != experiment::LaneMode::kOrthogonal) return false;
  if (compared_with(placed) != "control") return false;
  for (const auto& lane : placed.domain->lanes) {
    if (lane.key == placed.lane->key || lane.mode != experiment::LaneMode::kOrthogonal) continue;
    for (const auto& other : lane.experiments) {
      if (other.starts_at < own.ends_at && own.starts_at < other.ends_at) return true;
    }
  }
  return false;
}

std::string headline_of(const stats::Verdict& verdict) {
  if (verdict.is_believable) return "This may be believed.";
  const auto refusals =
      std::count_if(verdict.findings.begin(), verdict.findings.end(),
                    [](const auto& each) { return each.weight == stats::Weight::kRefusal; });
  return refusals == 1 ? "Do not believe this: there is a reason not to."
                       : fmt::format("Do not believe this: there are {} reasons not to.", refusals);
}

}  // namespace

std::string_view role_name(stats::Role role) {
  switch (role) {
    case stats::Role::kGoal:
      return "primary: decides";
    case stats::Role::kGuardrail:
      return "guardrail: must not get worse";
    case stats::Role::kOther:
      break;
  }
  return "secondary: shown, decides nothing";
}

std::string percent_text(double share) {
  const double value = share * 100;
  std::string text =
      std::fabs(value) >= 99.95 ? fmt::format("{:+.0f} %", value) : fmt::format("{:+.1f} %", value);
  if (text.front() == '-') text.replace(0, 1, "−");
  return text;
}

std::string values_text(const experiment::ParameterValues& values) {
  std::string text;
  for (const auto& [name, value] : values) {
    if (!text.empty()) text += ", ";
    text += name + " = " + value.text;
  }
  return text.empty() ? "the defaults" : text;
}

std::string count_text(double count) {
  std::string digits = fmt::format("{:.0f}", count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), "\u202f");
  }
  return digits;
}

ResultsView read_for_page(const PlacedExperiment& placed,
                          const std::vector<MetricDefinition>& current,
                          const std::vector<experiment::DayResult>& counted,
                          const std::vector<experiment::DimensionResult>& by_dimension,
                          std::int64_t mixed_units, experiment::Time now) {
  ResultsView view;
  const auto& definitions = definitions_for(*placed.experiment, current);
  const auto reading = make_reading(placed, definitions, counted, mixed_units, now);
  if (!reading) {
    view.headline = reading.error().code == "no_days"
                        ? "There is nothing to read yet: no complete day has an exposure."
                        : reading.error().message;
    return view;
  }
  const auto verdict = stats::read_experiment(reading->plan, reading->aggregates);
  if (!verdict) {
    view.headline = verdict.error().message;
    return view;
  }
  const bool is_fixed = reading->plan.reading == stats::Reading::kFixed;
  const int days = reading->days.last - reading->days.first + 1;
  view.has_any = true;
  view.is_believable = verdict->is_believable;
  view.is_withheld = is_fixed && days < reading->plan.planned_days;
  view.headline = headline_of(*verdict);
  view.period = fmt::format("{} to {}, {} complete days", short_date(reading->days.first),
                            short_date(reading->days.last), days);
  view.checks = checks_of(*reading, *verdict);
  if (is_confounded(placed)) {
    view.checks.push_back(
        {"Control", "caution",
         "Units of this lane have arms of other orthogonal lanes too, and the control has none: "
         "part of a difference may be theirs. Give the next experiment an arm without values; arms "
         "are then compared with that."});
  }
  view.arms = arms_of(placed, *reading, *verdict);
  // Who sees effects before the end decides by them, whatever the page says.
  if (view.is_withheld) return view;
  view.metrics = metrics_of(*reading, definitions, *verdict);
  if (!is_fixed) view.series = series_of(*reading);
  add_dimensions(view, *reading, definitions, by_dimension);
  return view;
}

}  // namespace hornbeam::site
