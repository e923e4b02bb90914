#pragma once

#include <optional>
#include <vector>

#include "hornbeam/experiment/stats/verdict.h"

namespace hornbeam::experiment::stats::internal {

/// Whether `arm` and the control can both be given on days of `phase`.
bool is_open(const PlanPhase& phase, std::size_t arm);

/// The phase that `day` is in, if it is a complete day of one.
std::optional<std::size_t> phase_of(const Plan& plan, const Aggregates& aggregates, int day);

/// One arm beside the control, over the days on which both could be given.
struct Window {
  int days = 0;
  std::uint64_t units = 0;
  std::uint64_t control = 0;
  bool has_changed_shares = false;  ///< The arm had another share of the two in another phase.
};
Window window_of(const Plan& plan, const Aggregates& aggregates, std::size_t arm);

/// The units of each arm in each phase.
std::vector<AllocationPhase> allocation_of(const Plan& plan, const Aggregates& aggregates);

/// One metric of one arm against the control of the same days, as yet without a test.
struct Compared {
  std::size_t arm = 0;
  std::size_t metric = 0;
  base::Result<Effect> effect;
  double control_share = 0.5;            ///< Of the squared standard error.
  bool is_averaged_over_phases = false;  ///< Compared within phases, then averaged.
};
Compared compare(const Plan& plan, const Aggregates& aggregates, std::size_t arm,
                 std::size_t metric);

/// All metrics of all arms.
std::vector<Compared> compare_all(const Plan& plan, const Aggregates& aggregates);

/// Tests all of `compared` together; those that have no effect are left out. Goals are corrected as
/// the plan says; those without an effect count as tests that found nothing.
std::vector<MetricResult> test_all(const Plan& plan, const std::vector<Compared>& compared);

}  // namespace hornbeam::experiment::stats::internal
