#pragma once

// What the page of an experiment shows, in words and drawings. Made of a verdict; decides nothing.

#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/experiment/ingest.h"
#include "hornbeam/site/experiments/reading.h"

namespace hornbeam::site {

/// One question whose answer decides whether a result may be believed.
struct Check {
  std::string name;
  std::string state;  ///< "fine", "caution" or "refusal".
  std::string text;
};

/// One arm's part of a verdict.
struct ArmView {
  std::string key;
  std::string values;  ///< Such as "play.layout = board-first".
  std::string share;
  std::string units;
  std::string expected;
  std::string decision;  ///< A word for style sheets, such as "ship".
  std::string verdict;   ///< The same for people.
  std::string reason;
};

/// One metric of one arm.
struct EffectView {
  std::string arm;
  std::string control;
  std::string treated;
  std::string effect;
  std::string interval;
  std::string p_value;
  std::string power;
  std::string meaning;  ///< "better", "worse" or "open".
};

/// One metric, all arms.
struct MetricView {
  std::string title;
  std::string role;
  std::string plot;  ///< SVG.
  std::vector<EffectView> effects;
};

/// How one arm's goal became known.
struct SeriesView {
  std::string arm;
  std::string plot;  ///< SVG; empty if there is one day only.
};

/// The units that are alike in one dimension.
struct SegmentView {
  std::string name;   ///< Such as "phone".
  std::string units;  ///< How many there are.
  std::string plot;   ///< SVG.
  std::string warning;
};

/// One thing that units differ by.
struct DimensionView {
  std::string name;  ///< Such as "device".
  std::vector<SegmentView> segments;
};

/// All of an experiment's results.
struct ResultsView {
  bool has_any = false;
  bool is_believable = false;
  std::string headline;
  std::string period;
  std::vector<Check> checks;
  std::vector<ArmView> arms;
  std::vector<MetricView> metrics;
  std::vector<SeriesView> series;
  std::vector<DimensionView> dimensions;
  std::string family;        ///< What the dimensions' effects are corrected for together.
  bool is_withheld = false;  ///< Whether effects are kept back until the planned end.
};

/// Reads an experiment for its page.
ResultsView read_for_page(const PlacedExperiment& placed,
                          const std::vector<MetricDefinition>& definitions,
                          const std::vector<experiment::DayResult>& counted,
                          const std::vector<experiment::DimensionResult>& by_dimension,
                          std::int64_t mixed_units, experiment::Time now);

/// What a metric is there for, such as "primary: decides".
std::string_view role_name(experiment::stats::Role role);
/// "+4.2 %".
std::string percent_text(double share);
/// The values of an arm: "a = 1, b = x".
std::string values_text(const experiment::ParameterValues& values);
/// 12345 as "12 345".
std::string count_text(double count);

/// The names that templates have for the members.
constexpr auto describe(base::Type<Check>) {
  return base::fields(base::field("name", &Check::name), base::field("state", &Check::state),
                      base::field("text", &Check::text));
}
constexpr auto describe(base::Type<ArmView>) {
  using base::field;
  return base::fields(field("key", &ArmView::key), field("values", &ArmView::values),
                      field("share", &ArmView::share), field("units", &ArmView::units),
                      field("expected", &ArmView::expected), field("decision", &ArmView::decision),
                      field("verdict", &ArmView::verdict), field("reason", &ArmView::reason));
}
constexpr auto describe(base::Type<EffectView>) {
  using base::field;
  return base::fields(field("arm", &EffectView::arm), field("control", &EffectView::control),
                      field("treated", &EffectView::treated), field("effect", &EffectView::effect),
                      field("interval", &EffectView::interval),
                      field("p_value", &EffectView::p_value), field("power", &EffectView::power),
                      field("meaning", &EffectView::meaning));
}
constexpr auto describe(base::Type<MetricView>) {
  using base::field;
  return base::fields(field("title", &MetricView::title), field("role", &MetricView::role),
                      field("plot", &MetricView::plot), field("effects", &MetricView::effects));
}
constexpr auto describe(base::Type<SeriesView>) {
  return base::fields(base::field("arm", &SeriesView::arm), base::field("plot", &SeriesView::plot));
}
constexpr auto describe(base::Type<SegmentView>) {
  using base::field;
  return base::fields(field("name", &SegmentView::name), field("units", &SegmentView::units),
                      field("plot", &SegmentView::plot), field("warning", &SegmentView::warning));
}
constexpr auto describe(base::Type<DimensionView>) {
  return base::fields(base::field("name", &DimensionView::name),
                      base::field("segments", &DimensionView::segments));
}
constexpr auto describe(base::Type<ResultsView>) {
  using base::field;
  return base::fields(
      field("has_any", &ResultsView::has_any), field("is_believable", &ResultsView::is_believable),
      field("headline", &ResultsView::headline), field("period", &ResultsView::period),
      field("checks", &ResultsView::checks), field("arms", &ResultsView::arms),
      field("metrics", &ResultsView::metrics), field("series", &ResultsView::series),
      field("dimensions", &ResultsView::dimensions), field("family", &ResultsView::family),
      field("is_withheld", &ResultsView::is_withheld));
}

}  // namespace hornbeam::site
