#pragma once

#include <chrono>
#include <string>

#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment::testing_example {

/// A time at which the example's experiments run.
inline constexpr Time kDuring{std::chrono::sys_days{std::chrono::year{2024} / 3 / 10}};

inline Arm arm(std::string key, Percent weight, const std::string& parameter,
               const std::string& value) {
  return {.key = std::move(key),
          .weight = weight,
          .values = {{parameter, base::RawJson{"\"" + value + "\""}}}};
}

inline Lane lane(const std::string& key, const std::string& parameter, const std::string& value) {
  Lane lane;
  lane.key = key;
  lane.share = 50;
  lane.parameters = {{parameter, base::RawJson{"\"" + value + "\""}}};
  return lane;
}

inline Experiment experiment(std::string key, std::vector<Arm> arms) {
  Experiment experiment;
  experiment.key = std::move(key);
  experiment.hypothesis = "People press what they see.";
  experiment.arms = std::move(arms);
  experiment.primary_metric = "orders";
  experiment.starts_at = kDuring - std::chrono::hours(24 * 9);
  experiment.ends_at = kDuring + std::chrono::hours(24 * 14);
  return experiment;
}

/// Control 50 %; in the pool a lane of two colours and one of three layouts, half of it each.
inline Configuration two_exclusive_lanes() {
  Lane colours = lane("colours", "button.colour", "grey");
  colours.experiments = {experiment("colour", {arm("red", 50, "button.colour", "red"),
                                               arm("blue", 50, "button.colour", "blue")})};
  Lane layout = lane("layout", "page.layout", "plain");
  layout.experiments = {experiment(
      "layout", {arm("wide", 25, "page.layout", "wide"), arm("narrow", 25, "page.layout", "narrow"),
                 arm("tall", 50, "page.layout", "tall")})};
  Domain domain;
  domain.key = "web";
  domain.lanes = {colours, layout};
  return {.domains = {domain}};
}

/// An id that is in an arm of the lane's experiment.
inline std::string id_in(const Snapshot& snapshot, std::string_view lane) {
  Assignments assignments;
  for (int i = 0;; ++i) {
    std::string id = "user-" + std::to_string(i);
    snapshot.assign({.units = {.user = id}}, kDuring, assignments);
    std::size_t at = 0;
    for (const Lane& each : snapshot.configuration().domains[0].lanes) {
      if (each.key == lane && assignments.all()[at].standing == Standing::kArm) return id;
      ++at;
    }
  }
}

}  // namespace hornbeam::experiment::testing_example
