#include "hornbeam/site/experiments/calculator.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/power.h"
#include "hornbeam/site/experiments/results_view.h"

namespace hornbeam::site {
namespace {

namespace stats = experiment::stats;

constexpr double kTunedFor = 5'000;  // as plans are
constexpr double kMostUnits = 1e12;

// How many units an arm needs until a confidence sequence finds the effect: the least whose power
// is enough. Power grows with units, so that halving finds it.
double sequential_units(double share, double effect, double power, double at_least) {
  const stats::PowerOptions options{.power = power, .tuned_for = kTunedFor};
  const stats::Baseline baseline = stats::Baseline::of_share(share);
  double low = at_least / 2;
  double high = at_least * 2;
  const auto is_enough = [&](double units) {
    return stats::power_of(effect, baseline, units, options).value_or(0) >= power;
  };
  while (high < kMostUnits && !is_enough(high)) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (is_enough(middle) ? high : low) = middle;
  }
  return std::ceil(high);
}

CalculatorAnswer answer(std::string name, std::string about, double visitors, double weekly) {
  const double weeks = std::ceil(visitors / weekly);
  return {.name = std::move(name),
          .about = std::move(about),
          .visitors = count_text(visitors),
          .weeks = weeks > 520 ? "more than 10 years"
                               : fmt::format("{:.0f} week{}", weeks, weeks == 1 ? "" : "s")};
}

std::string bars_of(const CalculatorView& view) {
  std::string out =
      R"(<svg class="chart bars" viewBox="0 0 420 92" role="img"><title>Visitors needed</title>)";
  double y = 8;
  for (const CalculatorAnswer* each : {&view.exclusive, &view.orthogonal}) {
    out +=
        fmt::format(R"(<text class="name" x="6" y="{:.0f}">{}</text>)"
                    R"(<rect class="bar {}" x="92" y="{:.0f}" width="{:.1f}" height="28" rx="3"/>)"
                    R"(<text class="amount" x="{:.1f}" y="{:.0f}">{}</text>)",
                    y + 19, each->name, each->name, y, each->share * 2.4, 100 + each->share * 2.4,
                    y + 19, each->visitors);
    y += 40;
  }
  return out + "</svg>";
}

}  // namespace

CalculatorView calculate(const CalculatorQuestion& question) {
  CalculatorView view;
  const double share = question.base / 100;
  const double effect = question.effect / 100;
  const double power = question.power / 100;
  if (share * (1 + effect) >= 1) {
    view.problem = fmt::format(
        "{:g} % cannot grow by {:g} %: it would be more than everybody; "
        "mend: ask for a smaller effect",
        question.base, question.effect);
    return view;
  }
  const auto units = stats::units_per_arm_of_share(share, share * (1 + effect),
                                                   stats::ShareMethod::kUnpooled, {.power = power});
  if (!units) {
    view.problem = units.error().message;
    return view;
  }
  const double fixed = std::ceil(*units);
  const double needed = sequential_units(share, effect, power, fixed);
  view.units = count_text(fixed);
  view.sequential_units = count_text(needed);
  const double pool = 1 - question.control / 100;
  const double in_lane = needed * static_cast<double>(question.arms);
  // The control needs as many as an arm, and usually has many more.
  const double for_control = needed / (question.control / 100);
  const double orthogonal = std::max(in_lane / pool, for_control);
  const double exclusive =
      std::max(in_lane * static_cast<double>(question.lanes) / pool, for_control);
  view.exclusive = answer("exclusive",
                          "A visitor is in one lane. Nothing can disturb; what two winners do "
                          "together is an estimate.",
                          exclusive, question.visitors);
  view.orthogonal = answer("orthogonal",
                           "A visitor is in every lane. All combinations occur and are measured; "
                           "arms may disturb each other.",
                           orthogonal, question.visitors);
  view.exclusive.share = 100;
  view.orthogonal.share = 100 * orthogonal / exclusive;
  view.bars = bars_of(view);
  return view;
}

}  // namespace hornbeam::site
