#pragma once

// Charts, drawn here as SVG: pages need no script, and may say `style-src 'self'`, since colours
// come from classes. Each has a title and a description for those who do not see it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/experiment/configuration.h"

namespace hornbeam::site {

/// The lanes over time: up and down is the share of units, left to right the time. Who is in what,
/// when. `prefix` is what the addresses of experiments begin with.
std::string lane_chart(const experiment::Domain& domain, experiment::Time now,
                       const std::string& prefix);

/// An effect to be drawn; relative, 0.05 is 5 % more.
struct DrawnEffect {
  std::string label;  ///< Such as the arm.
  double value = 0;
  double lower = 0;  ///< May be infinite, as the next.
  double upper = 0;
  /// What it means: +1 shown to be better, -1 shown to be worse, 0 neither.
  int meaning = 0;
};

/// Effects with their intervals on a common scale, below each other. `smallest` is the effect worth
/// finding, drawn as a band around none.
std::string interval_plot(const std::vector<DrawnEffect>& effects, double smallest,
                          const std::string& title);

/// An effect as it was known after a day.
struct DayEffect {
  int day = 0;  ///< Since 1970.
  double value = 0;
  double lower = 0;
  double upper = 0;
};

/// How an effect became known, day by day.
std::string time_series(const std::vector<DayEffect>& days, const std::string& title);

/// "12 Mar", of a day since 1970.
std::string short_date(int day);
/// "12 March 2026, 14:05 UTC".
std::string long_time(experiment::Time at);

}  // namespace hornbeam::site
