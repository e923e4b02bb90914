#pragma once

// The analysis plan of an experiment, for its page.

#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/site/experiments/reading.h"

namespace hornbeam::site {

/// A metric of a plan.
struct PlannedMetricView {
  std::string title;
  std::string role;      ///< Such as "primary: decides".
  std::string kind;      ///< What is measured, and which way is good.
  std::string smallest;  ///< The effect worth finding, or the loss that can be borne.
};

/// A line of a plan.
struct PlanLineView {
  std::string name;
  std::string text;
};

/// A plan, and how far it is carried out.
struct PlanView {
  std::string recorded;  ///< When it was written down; empty if it never was.
  std::vector<PlanLineView> lines;
  std::vector<PlannedMetricView> metrics;
  std::vector<std::string> changes;  ///< How the program sees its metrics otherwise by now.
};

/// The plan of an experiment; `current` is how the program defines metrics now.
PlanView plan_view_of(const PlacedExperiment& placed, const std::vector<MetricDefinition>& current,
                      const std::vector<experiment::DayResult>& counted, experiment::Time now);

/// The names that templates have for the members.
constexpr auto describe(base::Type<PlannedMetricView>) {
  using base::field;
  return base::fields(
      field("title", &PlannedMetricView::title), field("role", &PlannedMetricView::role),
      field("kind", &PlannedMetricView::kind), field("smallest", &PlannedMetricView::smallest));
}
constexpr auto describe(base::Type<PlanLineView>) {
  return base::fields(base::field("name", &PlanLineView::name),
                      base::field("text", &PlanLineView::text));
}
constexpr auto describe(base::Type<PlanView>) {
  using base::field;
  return base::fields(field("recorded", &PlanView::recorded), field("lines", &PlanView::lines),
                      field("metrics", &PlanView::metrics), field("changes", &PlanView::changes));
}

}  // namespace hornbeam::site
