#pragma once

// What the pages show besides results, as templates see it.

#include <optional>
#include <string>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/experiment/lanes.h"
#include "hornbeam/site/experiments/reading.h"

namespace hornbeam::site {

/// A step of an experiment's life.
struct StepView {
  std::string name;
  std::string when;
  std::string state;  ///< "done", "now" or "next".
};

/// An experiment in a list, and at the head of its own page.
struct ExperimentCard {
  std::string key;
  std::string href;
  std::string hypothesis;
  std::string stage;  ///< A word: "planned", "running", "ended", "killed".
  std::string lane;
  std::string period;
  std::string primary;
  std::string arms;  ///< Their keys.
  std::vector<StepView> life;
};

/// A domain, drawn.
struct DomainView {
  std::string key;
  std::string unit;
  std::string chart;  ///< SVG.
  std::vector<ExperimentCard> experiments;
};

/// What a unit gets in one lane.
struct WhoView {
  std::string lane;
  std::string experiment;
  std::string arm;
  std::string standing;  ///< For people.
  std::string values;
  std::string record;  ///< What was stored of it.
};

/// A row of the audit.
struct AuditView {
  std::int64_t version = 0;
  std::string at;
  std::string actor;
  std::string action;
  std::string subject;
  std::string reason;
};

/// An arm that can be chosen.
struct ChoiceView {
  std::string value;  ///< "experiment/arm".
  std::string title;
  bool is_one = false;    ///< Chosen as the first.
  bool is_other = false;  ///< Chosen as the second.
};

/// An experiment for lists. `prefix` is what addresses begin with.
ExperimentCard card_of(const PlacedExperiment& placed,
                       const std::vector<MetricDefinition>& definitions, experiment::Time now,
                       const std::string& prefix);
/// All experiments of a domain, the newest first.
DomainView domain_of(const experiment::Domain& domain,
                     const std::vector<MetricDefinition>& definitions, experiment::Time now,
                     const std::string& prefix);
/// What the units of a request get in every lane.
std::vector<WhoView> who_of(const experiment::Snapshot& snapshot, const std::string& unit,
                            experiment::Time now,
                            const std::vector<experiment::UnitRecord>& records);
/// The audit, the newest first.
std::vector<AuditView> audit_of(const std::vector<experiment::AuditEntry>& entries);
/// Every arm of every experiment that has begun.
std::vector<ChoiceView> choices_of(const experiment::Configuration& configuration,
                                   experiment::Time now, const std::string& one,
                                   const std::string& other);
/// The names that templates have for the members.
constexpr auto describe(base::Type<StepView>) {
  using base::field;
  return base::fields(field("name", &StepView::name), field("when", &StepView::when),
                      field("state", &StepView::state));
}
constexpr auto describe(base::Type<ExperimentCard>) {
  using base::field;
  return base::fields(field("key", &ExperimentCard::key), field("href", &ExperimentCard::href),
                      field("hypothesis", &ExperimentCard::hypothesis),
                      field("stage", &ExperimentCard::stage), field("lane", &ExperimentCard::lane),
                      field("period", &ExperimentCard::period),
                      field("primary", &ExperimentCard::primary),
                      field("arms", &ExperimentCard::arms), field("life", &ExperimentCard::life));
}
constexpr auto describe(base::Type<DomainView>) {
  using base::field;
  return base::fields(field("key", &DomainView::key), field("unit", &DomainView::unit),
                      field("chart", &DomainView::chart),
                      field("experiments", &DomainView::experiments));
}
constexpr auto describe(base::Type<WhoView>) {
  using base::field;
  return base::fields(field("lane", &WhoView::lane), field("experiment", &WhoView::experiment),
                      field("arm", &WhoView::arm), field("standing", &WhoView::standing),
                      field("values", &WhoView::values), field("record", &WhoView::record));
}
constexpr auto describe(base::Type<AuditView>) {
  using base::field;
  return base::fields(field("version", &AuditView::version), field("at", &AuditView::at),
                      field("actor", &AuditView::actor), field("action", &AuditView::action),
                      field("subject", &AuditView::subject), field("reason", &AuditView::reason));
}
constexpr auto describe(base::Type<ChoiceView>) {
  using base::field;
  return base::fields(field("value", &ChoiceView::value), field("title", &ChoiceView::title),
                      field("is_one", &ChoiceView::is_one),
                      field("is_other", &ChoiceView::is_other));
}
}  // namespace hornbeam::site
