// The statistics of experiments beside scipy, on random inputs.

#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "hornbeam/experiment/stats/distribution.h"
#include "hornbeam/experiment/stats/dunnett.h"
#include "hornbeam/experiment/stats/effect.h"
#include "hornbeam/experiment/stats/interaction.h"
#include "hornbeam/experiment/stats/power.h"
#include "hornbeam/experiment/stats/sample_ratio.h"
#include "hornbeam/experiment/stats/split_check.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats {
namespace {

using Numbers = std::vector<double>;

constexpr int kNoScipy = 77;

struct Case {
  std::string name;
  Numbers inputs;
  Numbers answers;
};

struct Oracle {
  int status = 0;
  std::vector<Case> cases;
};

Case parse(const std::string& line) {
  std::istringstream words(line);
  Case made;
  words >> made.name;
  bool is_answer = false;
  for (std::string word; words >> word;) {
    if (word == "=") {
      is_answer = true;
    } else {
      (is_answer ? made.answers : made.inputs).push_back(std::strtod(word.c_str(), nullptr));
    }
  }
  return made;
}

Oracle ask_scipy() {
  const std::string command =
      fmt::format("{} {}/tests/conformance/stats_oracle.py", HORNBEAM_PYTHON, HORNBEAM_SOURCE_DIR);
  FILE* const pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  Oracle made;
  std::string line;
  for (int next = std::fgetc(pipe); next != EOF; next = std::fgetc(pipe)) {
    if (next != '\n') {
      line += static_cast<char>(next);
      continue;
    }
    made.cases.push_back(parse(line));
    line.clear();
  }
  made.status = WEXITSTATUS(pclose(pipe));
  return made;
}

// An arm with this mean, deviation and count.
Mean arm_of(double mean, double deviation, double count) {
  const double squares = deviation * deviation * (count - 1) + count * mean * mean;
  return Mean{
      Summary<1>::from_sums(static_cast<std::uint64_t>(count), {count * mean}, {squares}).value()};
}

Numbers welch(const Numbers& of, Side side) {
  const auto effect =
      effect_between(arm_of(of[0], of[1], of[2]), arm_of(of[3], of[4], of[5]), Lift::kAbsolute);
  const TestResult test = t_test(effect.value(), 0.05, side).value();
  return {test.statistic, test.p_value};
}

std::vector<std::uint64_t> counts(const Numbers& of, std::size_t from) {
  std::vector<std::uint64_t> made;
  for (std::size_t i = from; i < of.size(); ++i) made.push_back(static_cast<std::uint64_t>(of[i]));
  return made;
}

Numbers table(const Numbers& of) {
  const auto made = assignment_dependence({.rows = static_cast<std::size_t>(of[0]),
                                           .columns = static_cast<std::size_t>(of[1]),
                                           .units = counts(of, 2)})
                        .value();
  return {made.chi_squared, made.p_value, made.degrees_of_freedom};
}

Numbers ratio(const Numbers& of) {
  const auto arms = static_cast<std::ptrdiff_t>(of[0]);
  const AllocationPhase phase{.weights = Numbers(of.begin() + 1, of.begin() + 1 + arms),
                              .units = counts(of, static_cast<std::size_t>(1 + arms))};
  const auto made = check_sample_ratio({&phase, 1}).value();
  return {made.chi_squared, made.p_value};
}

Numbers dunnett_tail(const Numbers& of) {
  std::vector<SharedControlEffect> arms;
  for (std::size_t arm = 1; arm < of.size(); ++arm) {
    arms.push_back(
        {.effect = {.value = of[0], .standard_error = 1, .degrees_of_freedom = 1e12, .units = 100},
         .control_share = of[arm]});
  }
  return {dunnett(arms, 0.05)->p_values[0]};
}

struct Ours {
  std::function<Numbers(const Numbers&)> answer;
  double tolerance;  // Relative.
};

const std::map<std::string, Ours>& ours() {
  static const std::map<std::string, Ours> all = {
      {"normal", {[](const Numbers& of) { return Numbers{normal_above(of[0])}; }, 1e-11}},
      {"normal_point",
       {[](const Numbers& of) { return Numbers{normal_point_above(of[0])}; }, 1e-11}},
      {"student", {[](const Numbers& of) { return Numbers{student_above(of[0], of[1])}; }, 1e-9}},
      {"student_point",
       {[](const Numbers& of) { return Numbers{student_point_above(of[0], of[1])}; }, 1e-7}},
      {"chi_squared",
       {[](const Numbers& of) { return Numbers{chi_squared_above(of[0], of[1])}; }, 1e-10}},
      {"binomial",
       {[](const Numbers& of) {
          return Numbers{binomial_p_value(static_cast<std::uint64_t>(of[0]),
                                          static_cast<std::uint64_t>(of[1]), of[2])};
        },
        1e-9}},
      {"welch_two-sided", {[](const Numbers& of) { return welch(of, Side::kTwoSided); }, 1e-7}},
      {"welch_greater", {[](const Numbers& of) { return welch(of, Side::kGreater); }, 1e-7}},
      {"welch_less", {[](const Numbers& of) { return welch(of, Side::kLesser); }, 1e-7}},
      {"table", {table, 1e-9}},
      {"ratio", {ratio, 1e-9}},
      // scipy's is exact, ours a limit with a correction.
      {"uniform", {[](const Numbers& of) { return Numbers{p_of_uniform(of)}; }, 0.02}},
      // scipy integrates at random points.
      {"dunnett", {dunnett_tail, 1e-4}},
      {"student_power",
       {[](const Numbers& of) {
          return Numbers{units_per_arm_student(of[0], {.power = of[1]}).value()};
        },
        1e-6}}};
  return all;
}

TEST(Statistics, AreScipys) {
  const Oracle oracle = ask_scipy();
  if (oracle.status == kNoScipy) {
    GTEST_SKIP() << "scipy is not here; mend: run tools/fetch_scipy";
  }
  ASSERT_EQ(oracle.status, 0);
  std::map<std::string, int> compared;
  for (const Case& each : oracle.cases) {
    const auto& [answer, tolerance] = ours().at(each.name);
    const Numbers made = answer(each.inputs);
    ASSERT_EQ(made.size(), each.answers.size()) << each.name;
    for (std::size_t i = 0; i < made.size(); ++i) {
      EXPECT_NEAR(made[i], each.answers[i], tolerance * std::abs(each.answers[i]) + 1e-300)
          << fmt::format(
                 "{}({:.17g}): answer {}", each.name,
                 fmt::join(each.inputs.begin(),
                           each.inputs.begin() + static_cast<std::ptrdiff_t>(
                                                     std::min<std::size_t>(each.inputs.size(), 8)),
                           ", "),
                 i);
    }
    ++compared[each.name];
  }
  EXPECT_EQ(compared.size(), ours().size());
  for (const auto& [name, count] : compared) fmt::print("{}: {} cases\n", name, count);
}

}  // namespace
}  // namespace hornbeam::experiment::stats
