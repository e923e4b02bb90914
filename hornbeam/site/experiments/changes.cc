#include "hornbeam/site/experiments/changes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/json.h"
#include "hornbeam/experiment/growthbook/value.h"
#include "hornbeam/site/experiments/reading.h"

namespace hornbeam::site {
namespace {

using experiment::Arm;
using experiment::Change;
using experiment::Configuration;
using experiment::Experiment;
using experiment::Lane;
using experiment::Time;

constexpr int kRampSteps = 4;

std::vector<std::string> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (separators.find(c) == std::string_view::npos) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

std::optional<double> number_of(const std::string& word) {
  double number = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (failure != std::errc() || end != word.data() + word.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

// A value as people write it: JSON that is a number or a truth value, else a text.
std::string json_of(const std::string& written) {
  const auto parsed = experiment::growthbook::Value::parse(written);
  if (parsed && (parsed->as_number() || parsed->as_bool() || parsed->as_string())) {
    return parsed->json();
  }
  std::string json;
  base::append_json_string(json, written);
  return json;
}

base::Result<std::vector<Arm>> arms_of(const std::string& text) {
  std::vector<Arm> arms;
  for (const std::string& row : words_of(text, "\r\n")) {
    const std::vector<std::string> words = words_of(row, " \t");
    if (words.empty()) continue;
    const auto weight = words.size() < 2 ? std::nullopt : number_of(words[1]);
    if (!weight) {
      return base::error("form", fmt::format("the arm \"{}\" has no weight; mend: write its key, "
                                             "its weight and its values: green 50 colour=green",
                                             words[0]));
    }
    Arm arm{.key = words[0], .weight = *weight, .values = {}};
    for (const std::string& word : words | std::views::drop(2)) {
      const auto at = word.find('=');
      if (at == std::string::npos || at == 0) {
        return base::error("form",
                           fmt::format("\"{}\" is no value; mend: write parameter=value", word));
      }
      arm.values[word.substr(0, at)] = {json_of(word.substr(at + 1))};
    }
    arms.push_back(std::move(arm));
  }
  return arms;
}

// Grows in equal steps from now to everybody.
std::vector<experiment::RampStep> ramp_of(std::int64_t weeks, Time now) {
  std::vector<experiment::RampStep> ramp;
  for (int i = 1; weeks > 0 && i <= kRampSteps; ++i) {
    const auto after = std::chrono::hours(24 * 7 * weeks) * (i - 1) / (kRampSteps - 1);
    ramp.push_back({.at = now + after, .share = 100.0 * i / kRampSteps});
  }
  return ramp;
}

Lane* find_lane(Configuration& configuration, std::string_view key) {
  for (auto& domain : configuration.domains) {
    for (auto& lane : domain.lanes) {
      if (lane.key == key) return &lane;
    }
  }
  return nullptr;
}

}  // namespace

base::Result<Change> change_of(const ChangeForm& form, const std::string& actor,
                               const std::string& experiment, Time now) {
  if (form.action == "end") {
    return experiment::end_experiment(actor, form.reason, experiment);
  }
  if (form.action == "kill") {
    return experiment::kill_experiment(actor, form.reason, experiment);
  }
  if (form.action == "promote") {
    return experiment::promote_arm(actor, form.reason, experiment, form.arm,
                                   ramp_of(form.weeks, now));
  }
  if (form.action != "phase") {
    return base::error("form", fmt::format("\"{}\" is nothing that can be done; mend: end, kill, "
                                           "phase or promote",
                                           form.action));
  }
  std::vector<experiment::Percent> weights;
  for (const std::string& word : words_of(form.weights, " ,\t\r\n")) {
    const auto weight = number_of(word);
    if (!weight) {
      return base::error("form",
                         fmt::format("\"{}\" is no weight; mend: write one for each arm, as in "
                                     "50 50",
                                     word));
    }
    weights.push_back(*weight);
  }
  return experiment::begin_phase(actor, form.reason, experiment, std::move(weights), form.coverage);
}

base::Result<Change> start_of(const StartForm& form, const std::string& actor) {
  auto arms = arms_of(form.arms);
  if (!arms) return std::unexpected(arms.error());
  if (form.reading != "sequential" && form.reading != "fixed") {
    return base::error("form",
                       fmt::format("\"{}\" is no way to read a result; mend: sequential, on "
                                   "any day, or fixed, once at the end",
                                   form.reading));
  }
  Experiment made;
  made.plan.emplace();
  made.plan->days = 7 * form.weeks;
  made.plan->units = form.units;
  if (form.reading == "fixed") {
    made.plan->reading = experiment::stats::Reading::kFixed;
    made.plan->comparison = experiment::stats::ArmComparison::kDunnett;
  }
  made.key = form.key;
  made.hypothesis = form.hypothesis;
  made.arms = *std::move(arms);
  made.primary_metric = form.primary;
  made.secondary_metrics = words_of(form.secondary, ", \t");
  made.guardrail_metrics = words_of(form.guardrails, ", \t");
  Change change{
      .actor = actor, .action = "start", .subject = form.key, .reason = form.reason, .edit = {}};
  change.edit = [made, lane = form.lane, days = form.days, weeks = form.weeks](
                    Configuration& configuration, Time now) -> base::Result<void> {
    Lane* found = find_lane(configuration, lane);
    if (found == nullptr) {
      return base::error("unknown", fmt::format("there is no lane \"{}\"; mend: choose one", lane));
    }
    Experiment next = made;
    next.starts_at = now + std::chrono::hours(24 * days);
    next.ends_at = next.starts_at + std::chrono::hours(24 * 7 * weeks);
    found->experiments.push_back(std::move(next));
    return {};
  };
  return change;
}

Change follow_up(const std::string& actor, const ArmOf& one, const ArmOf& other,
                 std::int64_t weeks) {
  const std::string name = one.arm + "+" + other.arm;
  Change change{.actor = actor,
                .action = "follow up",
                .subject = name,
                .reason = fmt::format("to measure {} of {} and {} of {} together", one.arm,
                                      one.experiment, other.arm, other.experiment),
                .edit = {}};
  change.edit = [pairs = std::vector{one, other}, name, weeks](Configuration& configuration,
                                                               Time now) -> base::Result<void> {
    for (const ArmOf& each : pairs) {
      const auto placed = find_experiment(configuration, each.experiment);
      if (!placed) {
        return base::error("unknown", fmt::format("there is no experiment \"{}\"; mend: take two "
                                                  "that were run",
                                                  each.experiment));
      }
      const auto& arms = placed->experiment->arms;
      const auto winner = std::find_if(arms.begin(), arms.end(),
                                       [&](const Arm& arm) { return arm.key == each.arm; });
      if (winner == arms.end()) {
        return base::error("unknown", fmt::format("the experiment \"{}\" has no arm \"{}\"; mend: "
                                                  "name one of its own",
                                                  each.experiment, each.arm));
      }
      Experiment next = *placed->experiment;
      next.key = name + ":" + placed->lane->key;
      const ArmOf& partner = &each == &pairs[0] ? pairs[1] : pairs[0];
      const auto placed_partner = find_experiment(configuration, partner.experiment);
      next.together_with = name + ":" + (placed_partner ? placed_partner->lane->key : "");
      next.plan.reset();
      next.hypothesis =
          fmt::format("Together, {} and {} do what each did alone.", pairs[0].arm, pairs[1].arm);
      next.arms = {{"without", 50, {}}, {winner->key, 50, winner->values}};
      next.phases.clear();
      next.is_killed = false;
      next.starts_at = now;
      next.ends_at = now + std::chrono::hours(24 * 7 * weeks);
      Lane& lane = *find_lane(configuration, placed->lane->key);
      lane.mode = experiment::LaneMode::kOrthogonal;
      lane.share = 0;
      lane.experiments.push_back(std::move(next));
    }
    return {};
  };
  return change;
}

}  // namespace hornbeam::site
