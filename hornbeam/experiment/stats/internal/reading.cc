#include "hornbeam/experiment/stats/internal/reading.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/dunnett.h"
#include "hornbeam/experiment/stats/post_stratification.h"
#include "hornbeam/experiment/stats/power.h"
#include "hornbeam/experiment/stats/sequential.h"

namespace hornbeam::experiment::stats::internal {
namespace {

// Where shares of two weights are this close they are the same.
constexpr double kSameShare = 1e-9;

// What both arms have measured in one phase.
struct PhaseSamples {
  std::optional<Sample> control;
  std::optional<Sample> treated;
};

base::Result<void> add_to(std::optional<Sample>& sum, const Sample& part) {
  if (!sum) {
    sum = part;
    return {};
  }
  auto both = merged(*sum, part);
  if (!both) return std::unexpected(both.error());
  sum = *std::move(both);
  return {};
}

using ByPhase = std::map<std::size_t, PhaseSamples>;

base::Result<ByPhase> samples_by_phase(const Plan& plan, const Aggregates& aggregates,
                                       std::size_t arm, std::size_t metric) {
  ByPhase made;
  for (const DayAggregate& each : aggregates.days) {
    const auto phase = phase_of(plan, aggregates, each.day);
    if (!phase || !is_open(plan.phases[*phase], arm)) continue;
    if (each.arm != 0 && each.arm != arm) continue;
    PhaseSamples& at = made[*phase];
    std::optional<Sample>& sum = each.arm == 0 ? at.control : at.treated;
    if (auto added = add_to(sum, each.metrics[metric]); !added) {
      return std::unexpected(added.error());
    }
  }
  return made;
}

base::Result<PhaseSamples> whole_of(const ByPhase& phases) {
  PhaseSamples made;
  for (const auto& [phase, samples] : phases) {
    for (const auto& [sum, part] :
         {std::pair{&made.control, &samples.control}, std::pair{&made.treated, &samples.treated}}) {
      if (!*part) continue;
      if (auto added = add_to(*sum, **part); !added) return std::unexpected(added.error());
    }
  }
  if (made.control && made.treated) return made;
  return base::error("no_units",
                     "the arm or the control has no units in days on which both could be given; "
                     "wait for data, or give both a share on the same days");
}

bool can_be_averaged(const Sample& sample) {
  return std::holds_alternative<Proportion>(sample) || std::holds_alternative<Mean>(sample);
}

std::vector<Stratum> strata_of(const ByPhase& phases) {
  std::vector<Stratum> made;
  for (const auto& [phase, samples] : phases) {
    if (samples.control && samples.treated) made.push_back({*samples.control, *samples.treated});
  }
  return made;
}

// A test of one effect on its own.
base::Result<TestResult> test_alone(const Plan& plan, const Effect& effect, double alpha) {
  if (plan.reading == Reading::kFixed) return t_test(effect, alpha);
  return confidence_sequence(effect, {.alpha = alpha, .tuned_for = plan.tuned_for});
}

std::size_t goals_of(const Plan& plan) {
  return static_cast<std::size_t>(std::ranges::count_if(
      plan.metrics, [](const PlannedMetric& metric) { return metric.role == Role::kGoal; }));
}

double power_to_find(const Plan& plan, const Effect& effect, const PlannedMetric& metric) {
  MidExperimentOptions options{
      .alpha = plan.alpha,
      .power = plan.power,
      .smallest_effect = metric.smallest_effect,
      .tuned_for = plan.reading == Reading::kSequential ? plan.tuned_for : 0};
  if (metric.role == Role::kGoal && plan.correction != Correction::kNone) {
    options.goals = static_cast<int>(goals_of(plan));
    options.arms = static_cast<int>(plan.arms.size());
  }
  return power_with_more(effect, 0, options).value_or(0);
}

// The sequence at another alpha with the mixing constant of the plan's: its interval leaves 0 out
// exactly where the p-value is below that alpha.
double tuned_alike(const Plan& plan, double alpha) {
  const auto planned = sequence_rho({.alpha = plan.alpha, .tuned_for = plan.tuned_for});
  const auto other = sequence_rho({.alpha = alpha, .tuned_for = plan.tuned_for});
  if (!planned || !other) return plan.tuned_for;
  return plan.tuned_for * (*other / *planned) * (*other / *planned);
}

// The result with a corrected p-value. A correction multiplies p, or compares it with alpha divided
// by as much: at that alpha the interval says the same as the p-value.
void correct(const Plan& plan, MetricResult& result, double adjusted_p) {
  const double alone = result.uncorrected_p;
  const double times = alone > 0 ? std::max(1.0, adjusted_p / alone) : 1;
  const double alpha = plan.alpha / times;
  const auto test =
      plan.reading == Reading::kFixed
          ? t_test(result.effect, alpha)
          : confidence_sequence(result.effect,
                                {.alpha = alpha, .tuned_for = tuned_alike(plan, alpha)});
  if (test) result.test = *test;
  result.test.p_value = adjusted_p;
}

void correct_by_dunnett(const Plan& plan, const std::vector<Compared>& compared,
                        std::vector<MetricResult>& results, double goals) {
  for (std::size_t metric = 0; metric < plan.metrics.size(); ++metric) {
    if (plan.metrics[metric].role != Role::kGoal) continue;
    std::vector<SharedControlEffect> arms;
    std::vector<MetricResult*> into;
    for (MetricResult& result : results) {
      if (result.metric != metric) continue;
      const auto of = std::ranges::find_if(compared, [&](const Compared& each) {
        return each.arm == result.arm && each.metric == metric;
      });
      arms.push_back({result.effect, of->control_share});
      into.push_back(&result);
    }
    const auto tested = dunnett(arms, plan.alpha / goals);
    if (!tested) continue;
    for (std::size_t i = 0; i < into.size(); ++i) {
      into[i]->test.p_value = std::min(1.0, tested->p_values[i] * goals);
      into[i]->test.interval = tested->intervals[i];
    }
  }
}

// `planned` is how many tests there would be if every metric could be computed: those that cannot
// count as having found nothing.
void correct_together(const Plan& plan, const std::vector<MetricResult*>& goals,
                      std::size_t planned) {
  std::vector<double> p_values(std::max(planned, goals.size()), 1.0);
  for (std::size_t i = 0; i < goals.size(); ++i) p_values[i] = goals[i]->uncorrected_p;
  const auto together = adjusted(p_values, plan.correction);
  if (!together) return;
  for (std::size_t i = 0; i < goals.size(); ++i) correct(plan, *goals[i], together->at(i));
}

void judge(const Plan& plan, MetricResult& result) {
  const PlannedMetric& metric = plan.metrics[result.metric];
  const bool is_shown = result.test.p_value < plan.alpha;
  const bool is_good = (result.effect.value > 0) == (metric.better == Better::kHigher);
  result.is_better = is_shown && is_good;
  result.is_worse = is_shown && !is_good;
}

}  // namespace

bool is_open(const PlanPhase& phase, std::size_t arm) {
  return phase.weights[0] > 0 && phase.weights[arm] > 0;
}

std::optional<std::size_t> phase_of(const Plan& plan, const Aggregates& aggregates, int day) {
  if (day > aggregates.last_complete_day) return std::nullopt;
  for (std::size_t at = 0; at < plan.phases.size(); ++at) {
    if (plan.phases[at].first_day <= day && day <= plan.phases[at].last_day) return at;
  }
  return std::nullopt;
}

Window window_of(const Plan& plan, const Aggregates& aggregates, std::size_t arm) {
  Window made;
  std::optional<double> share;
  for (const PlanPhase& phase : plan.phases) {
    const int last = std::min(phase.last_day, aggregates.last_complete_day);
    if (!is_open(phase, arm) || last < phase.first_day) continue;
    made.days += last - phase.first_day + 1;
    const double now = phase.weights[arm] / (phase.weights[arm] + phase.weights[0]);
    made.has_changed_shares |= share && std::abs(*share - now) > kSameShare;
    share = now;
  }
  for (const DayAggregate& each : aggregates.days) {
    const auto phase = phase_of(plan, aggregates, each.day);
    if (!phase || !is_open(plan.phases[*phase], arm)) continue;
    if (each.arm == arm) made.units += each.units;
    if (each.arm == 0) made.control += each.units;
  }
  return made;
}

std::vector<AllocationPhase> allocation_of(const Plan& plan, const Aggregates& aggregates) {
  std::vector<AllocationPhase> made;
  made.reserve(plan.phases.size());
  for (const PlanPhase& phase : plan.phases) {
    made.push_back({phase.weights, std::vector<std::uint64_t>(plan.arms.size())});
  }
  for (const DayAggregate& each : aggregates.days) {
    if (const auto phase = phase_of(plan, aggregates, each.day)) {
      made[*phase].units[each.arm] += each.units;
    }
  }
  // A pause, in which nobody is given anything, expects nothing.
  std::erase_if(made, [](const AllocationPhase& phase) {
    return std::ranges::all_of(phase.weights, [](double weight) { return weight == 0; });
  });
  return made;
}

Compared compare(const Plan& plan, const Aggregates& aggregates, std::size_t arm,
                 std::size_t metric) {
  Compared made{.arm = arm, .metric = metric, .effect = Effect{}};
  const Lift lift = plan.metrics[metric].lift;
  const auto phases = samples_by_phase(plan, aggregates, arm, metric);
  if (!phases) {
    made.effect = std::unexpected(phases.error());
    return made;
  }
  const auto whole = whole_of(*phases);
  if (!whole) {
    made.effect = std::unexpected(whole.error());
    return made;
  }
  // Where the arm's share grew while people changed, the whole compares different people
  // (Simpson's paradox): compared within phases, it does not.
  made.is_averaged_over_phases =
      window_of(plan, aggregates, arm).has_changed_shares && can_be_averaged(*whole->control);
  if (made.is_averaged_over_phases) {
    made.effect = post_stratified(strata_of(*phases), lift);
  } else {
    const auto shared = shared_control_effect(*whole->control, *whole->treated, lift);
    if (!shared) {
      made.effect = std::unexpected(shared.error());
      return made;
    }
    made.effect = shared->effect;
    made.control_share = shared->control_share;
  }
  return made;
}

std::vector<Compared> compare_all(const Plan& plan, const Aggregates& aggregates) {
  std::vector<Compared> made;
  for (std::size_t arm = 1; arm < plan.arms.size(); ++arm) {
    for (std::size_t metric = 0; metric < plan.metrics.size(); ++metric) {
      made.push_back(compare(plan, aggregates, arm, metric));
    }
  }
  return made;
}

std::vector<MetricResult> test_all(const Plan& plan, const std::vector<Compared>& compared) {
  std::vector<MetricResult> made;
  for (const Compared& each : compared) {
    if (!each.effect) continue;
    MetricResult result{.arm = each.arm, .metric = each.metric, .effect = *each.effect};
    const auto alone = test_alone(plan, *each.effect, plan.alpha);
    if (!alone) continue;
    result.test = *alone;
    result.uncorrected_p = alone->p_value;
    result.power = power_to_find(plan, *each.effect, plan.metrics[each.metric]);
    made.push_back(result);
  }
  if (plan.comparison == ArmComparison::kDunnett) {
    correct_by_dunnett(plan, compared, made, static_cast<double>(goals_of(plan)));
  } else {
    std::vector<MetricResult*> goals;
    for (MetricResult& result : made) {
      if (plan.metrics[result.metric].role == Role::kGoal) goals.push_back(&result);
    }
    const auto planned = std::ranges::count_if(compared, [&](const Compared& each) {
      return plan.metrics[each.metric].role == Role::kGoal;
    });
    correct_together(plan, goals, static_cast<std::size_t>(planned));
  }
  for (MetricResult& result : made) judge(plan, result);
  return made;
}

}  // namespace hornbeam::experiment::stats::internal
