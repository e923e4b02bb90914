#include "hornbeam/experiment/internal/period.h"

#include <algorithm>
#include <utility>

namespace hornbeam::experiment::internal {
namespace {

// Assignments kept for all periods of a domain: half a megabyte or so.
constexpr std::size_t kMostAssignments = 4'096;
// So many that to look through them is nothing.
constexpr std::size_t kMostPeriods = 256;

std::vector<Time> ends_of(const CompiledDomain& domain, const std::vector<CompiledLane>& lanes) {
  std::vector<Time> ends;
  for (const std::size_t index : domain.lanes) {
    for (const CompiledExperiment& experiment : lanes[index].experiments) {
      ends.push_back(experiment.from);
      ends.push_back(experiment.until);
      for (const CompiledPhase& phase : experiment.phases) ends.push_back(phase.from);
    }
    for (const CompiledLaunch& launch : lanes[index].launches) {
      for (const auto& [at, share] : launch.ramp) ends.push_back(at);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

class PeriodCompiler {
 public:
  PeriodCompiler(const CompiledDomain& domain, const std::vector<CompiledLane>& lanes, Time at)
      : domain_(domain), lanes_(lanes), at_(at) {}

  CompiledPeriod compile() {
    add_salt(domain_.pool_salt);
    add_salt(domain_.lane_salt);
    for (const auto& [salt, share] : domain_.holdouts) {
      add_salt(salt);
      made_.holdouts.push_back(share);
    }
    // In the order of the configuration, in which slices lie too; `domain.lanes` may have another.
    for (std::size_t i = 0; i < domain_.lanes.size(); ++i) add_lane(i);
    made_.exclusive.push_back({});
    for (const std::size_t index : domain_.lanes) {
      if (is_other_[index - domain_.first_lane]) made_.others.push_back(index);
    }
    add_exclusive_salts();
    made_.salts = SaltSet(salts_);
    return std::move(made_);
  }

 private:
  std::size_t add_salt(const Salt& salt, const std::vector<BucketRange>& arms = {}) {
    salts_.push_back({salt.state(), arms});
    return salts_.size() - 1;
  }

  void add_lane(std::size_t place) {
    const CompiledLane& lane = lanes_[domain_.first_lane + place];
    Assignment each;
    each.lane = &lane;
    each.experiment = lane.running_at(at_);
    if (each.experiment != nullptr) {
      each.phase = static_cast<std::int16_t>(each.experiment->phase_at(at_));
    }
    made_.held_out.push_back(each);
    made_.held_out.back().standing = Standing::kHeldOut;
    const bool has_ramp = add_launches(lane, each);
    const bool has_room = lane.slice || salts_.size() < SaltSet::kMost;
    const bool is_quick = each.experiment != nullptr && !has_ramp && has_room &&
                          each.experiment->condition.is_empty() &&
                          each.experiment->requirements.empty();
    is_other_.push_back(has_ramp || (each.experiment != nullptr && !is_quick));
    add_quick(place, lane, is_quick ? each : Assignment{});
    made_.in_pool.push_back(each);
    made_.in_control.push_back(each);
    if (!is_quick) return;
    made_.in_control.back().standing = Standing::kControl;
    made_.in_pool.back().standing = lane.slice ? Standing::kOtherLane : Standing::kNotCovered;
  }

  // Gives the unit the launches that everybody has; tells whether there are others.
  bool add_launches(const CompiledLane& lane, Assignment& each) const {
    bool has_ramp = false;
    for (std::size_t i = 0; i < lane.launches.size(); ++i) {
      const int buckets = lane.launches[i].buckets_at(at_);
      if (buckets == kBuckets) each.launches |= 1U << i;
      has_ramp |= buckets > 0 && buckets < kBuckets;
    }
    return has_ramp;
  }

  void add_quick(std::size_t place, const CompiledLane& lane, const Assignment& running) {
    QuickLane quick{.place = place, .salt = 0, .phase = nullptr};
    if (running.experiment != nullptr) {
      quick.phase = &running.experiment->phases[static_cast<std::size_t>(running.phase)];
    }
    if (lane.slice) {
      made_.slice_ends.push_back(lane.slice->end);
      made_.exclusive.push_back(quick);
    } else if (quick.phase != nullptr) {
      quick.salt = add_salt(quick.phase->salt, quick.phase->arms);
      made_.orthogonal.push_back(quick);
    }
  }

  // A unit is in one of these lanes. To hash it with the salts of all, before it is known which, is
  // the faster way while there are few.
  void add_exclusive_salts() {
    constexpr std::size_t kFew = 24;
    const auto running = std::count_if(made_.exclusive.begin(), made_.exclusive.end(),
                                       [](const QuickLane& each) { return each.phase != nullptr; });
    const std::size_t all = salts_.size() + static_cast<std::size_t>(running);
    made_.has_exclusive_salts = all <= kFew;
    if (!made_.has_exclusive_salts) return;
    for (QuickLane& each : made_.exclusive) {
      if (each.phase != nullptr) each.salt = add_salt(each.phase->salt, each.phase->arms);
    }
  }

  const CompiledDomain& domain_;
  const std::vector<CompiledLane>& lanes_;
  const Time at_;
  CompiledPeriod made_;
  std::vector<AskedSalt> salts_;
  std::vector<bool> is_other_;  // by place
};

// The arm of a lane's unit. All arms are looked at, without a branch on what nobody can foretell: a
// processor that guesses wrong in every second lane loses more than the comparisons cost.
int arm_of(const QuickLane& lane, const HashedUnit& unit) {
  if (lane.phase == nullptr) return kControlArm;
  const auto bucket = static_cast<unsigned>(unit.bucket(lane.phase->salt));
  int arm = kControlArm;
  for (std::size_t i = 0; i < lane.phase->arms.size(); ++i) {
    const auto [first, end] = lane.phase->arms[i];
    const bool is_in = bucket - static_cast<unsigned>(first) < static_cast<unsigned>(end - first);
    arm = is_in ? static_cast<int>(i) : arm;
  }
  return arm;
}

// Writes what is there already if `is_meant` does not hold: a branch would be a coin's toss.
void give_arm(Assignment& assignment, int arm, bool is_meant) {
  const Standing standing = arm == kControlArm ? Standing::kNotCovered : Standing::kArm;
  const auto number = static_cast<std::int16_t>(arm);
  assignment.arm = is_meant ? number : assignment.arm;
  assignment.standing = is_meant ? standing : assignment.standing;
}

}  // namespace

Timeline timeline_of(const CompiledDomain& domain, const std::vector<CompiledLane>& lanes) {
  Timeline made;
  made.ends = ends_of(domain, lanes);
  const std::size_t count = made.ends.size() + 1;
  if (domain.lanes.empty() || count > kMostPeriods ||
      count * domain.lanes.size() > kMostAssignments || domain.holdouts.size() + 2 > 16) {
    return made;
  }
  made.periods.push_back(PeriodCompiler(domain, lanes, Time::min()).compile());
  for (const Time begin : made.ends) {
    made.periods.push_back(PeriodCompiler(domain, lanes, begin).compile());
  }
  return made;
}

QuickAnswer assign_quickly(const CompiledPeriod& period, int control, const HashedUnit& unit,
                           Assignment* assignments) noexcept {
  SaltSet::Answer asked;  // Left as it is: all that is read is filled in.
  period.salts.ask(unit, asked);
  QuickAnswer answer;
  answer.diversion = {.is_control = asked.buckets[0] < static_cast<unsigned>(control),
                      .lane_bucket = static_cast<int>(asked.buckets[1])};
  for (std::size_t i = 0; i < period.holdouts.size(); ++i) {
    answer.is_held_out |= asked.buckets[2 + i] < static_cast<unsigned>(period.holdouts[i]);
  }
  const bool is_control = answer.diversion.is_control;
  const std::vector<Assignment>& before = answer.is_held_out ? period.held_out
                                          : is_control       ? period.in_control
                                                             : period.in_pool;
  std::copy(before.begin(), before.end(), assignments);
  if (answer.is_held_out) return answer;
  for (const QuickLane& lane : period.orthogonal) {
    give_arm(assignments[lane.place], asked.arms[lane.salt], !is_control);
  }
  if (period.slice_ends.empty()) return answer;
  int slice = 0;  // As wide as what is compared, so that four are at once.
  for (const int end : period.slice_ends) slice += answer.diversion.lane_bucket >= end ? 1 : 0;
  const QuickLane& lane = period.exclusive[static_cast<std::size_t>(slice)];
  const int arm = period.has_exclusive_salts ? asked.arms[lane.salt] : arm_of(lane, unit);
  give_arm(assignments[lane.place], arm, !is_control && lane.phase != nullptr);
  return answer;
}

}  // namespace hornbeam::experiment::internal
