#include "hornbeam/site/experiments/charts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"

namespace hornbeam::site {
namespace {

using base::html_escape;

constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string begin_svg(double width, double height, std::string_view kind, std::string_view title,
                      std::string_view description) {
  return fmt::format(
      R"(<svg class="chart {}" viewBox="0 0 {:.0f} {:.0f}" role="{}"><title>{}</title><desc>{}</desc>)",
      kind, width, height, kind == "lanes" ? "group" : "img",  // lanes have links in them
      html_escape(title), html_escape(description));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", kind,
                     x1, y1, x2, y2);
}

std::string rect(double x, double y, double width, double height, std::string_view kind,
                 std::string_view tip = {}) {
  const std::string title =
      tip.empty() ? std::string() : fmt::format("<title>{}</title>", html_escape(tip));
  return fmt::format(
      R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3">{}</rect>)",
      kind, x, y, std::max(0.0, width), std::max(0.0, height), title);
}

std::string label(double x, double y, std::string_view kind, std::string_view text) {
  return fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>)", kind, x, y,
                     html_escape(text));
}

std::string percent(double share) {
  const double value = share * 100;
  if (std::fabs(value) >= 10) return fmt::format("{:+.0f} %", value);
  return fmt::format("{:+.1f} %", value);
}

double days_since_1970(experiment::Time at) {
  return std::chrono::duration<double, std::ratio<86'400>>(at.time_since_epoch()).count();
}

/// A linear scale.
struct Scale {
  double from = 0;
  double to = 1;
  double first = 0;
  double last = 1;
  double operator()(double value) const {
    const double share = (value - from) / (to - from);
    return first + std::clamp(share, 0.0, 1.0) * (last - first);
  }
};

/// A step such as 1, 2, 5, 10 of which `count` fit about into `range`.
double step_for(double range, int count) {
  const double raw = range / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (times * power >= raw) return times * power;
  }
  return 10 * power;
}

// ---- lanes

constexpr double kLaneWidth = 1'000;
constexpr double kGutter = 190;
constexpr double kPoolHeight = 430;  // of 100 % of the units
constexpr double kLeastHeight = 46;
constexpr double kTop = 30;

class LaneChart {
 public:
  LaneChart(const experiment::Domain& domain, experiment::Time now, const std::string& prefix)
      : domain_(domain), now_(now), prefix_(prefix) {
    double first = days_since_1970(now);
    double last = first;
    for (const auto& lane : domain.lanes) {
      for (const auto& each : lane.experiments) {
        first = std::min(first, days_since_1970(each.starts_at));
        last = std::max(last, days_since_1970(each.ends_at));
      }
    }
    const double margin = std::max(2.0, (last - first) * 0.04);
    time_ = {first - margin, last + margin, kGutter, kLaneWidth - 8};
  }

  std::string draw() {
    double height = kTop;
    std::string body;
    const double pool = 1 - domain_.control / 100;
    for (const auto& holdout : domain_.holdouts) {
      body += band(height, holdout.share / 100, "holdout", holdout.key,
                   fmt::format("{:g} % of all: kept out", holdout.share));
    }
    body += band(height, domain_.control / 100, "control", "control",
                 fmt::format("{:g} % of all: defaults", domain_.control));
    double left = 100;
    bool has_orthogonal = false;
    for (const auto& lane : domain_.lanes) {
      has_orthogonal |= lane.mode == experiment::LaneMode::kOrthogonal;
      if (lane.mode != experiment::LaneMode::kExclusive) continue;
      left -= lane.share;
      body += lane_row(height, lane, pool * lane.share / 100);
    }
    for (const auto& lane : domain_.lanes) {
      if (lane.mode == experiment::LaneMode::kOrthogonal) body += lane_row(height, lane, pool);
    }
    if (left > 0.005 && !has_orthogonal) {
      body += band(height, pool * left / 100, "rest", "free",
                   fmt::format("{:.3g} % of all: in no lane", pool * left));
    }
    return begin_svg(kLaneWidth, height + 26, "lanes", "Lanes of " + domain_.key + " over time",
                     description()) +
           ticks(height) + body + now_line(height) + "</svg>";
  }

 private:
  std::string description() const {
    std::string text = fmt::format("{:g} % of units are the control.", domain_.control);
    for (const auto& lane : domain_.lanes) {
      text += fmt::format(" Lane {}:", lane.key);
      if (lane.experiments.empty()) text += " no experiment.";
      for (const auto& each : lane.experiments) {
        text += fmt::format(" {} from {} to {}.", each.key, long_time(each.starts_at),
                            long_time(each.ends_at));
      }
    }
    return text;
  }

  static double height_of(double share) { return std::max(kLeastHeight, share * kPoolHeight); }

  std::string band(double& top, double share, std::string_view kind, std::string_view name,
                   std::string_view about) const {
    const double height = height_of(share);
    std::string out = rect(0, top, kLaneWidth, height - 4, fmt::format("band {}", kind));
    out += label(12, top + height / 2 - 6, "name", name);
    out += label(12, top + height / 2 + 13, "about", about);
    top += height;
    return out;
  }

  std::string lane_row(double& top, const experiment::Lane& lane, double share) const {
    const double height = height_of(share);
    const bool is_exclusive = lane.mode == experiment::LaneMode::kExclusive;
    double row = top;
    std::string out = band(row, share, is_exclusive ? "lane" : "lane orthogonal", lane.key,
                           is_exclusive ? fmt::format("{:.3g} % of all", share * 100)
                                        : fmt::format("{:.3g} % of all, orthogonal", share * 100));
    for (const auto& each : lane.experiments) out += bar(top, height - 4, each);
    for (const auto& each : lane.launches) out += launch(top, height - 4, each);
    top += height;
    return out;
  }

  std::string bar(double top, double height, const experiment::Experiment& each) const {
    const double from = time_(days_since_1970(each.starts_at));
    const double to = time_(days_since_1970(each.ends_at));
    const bool is_over = each.ends_at <= now_ || each.is_killed;
    std::string out =
        fmt::format(R"(<a href="{}/e/{}" class="bar {}">)", prefix_, base::percent_encode(each.key),
                    is_over ? "over" : (each.starts_at > now_ ? "planned" : "running"));
    out += rect(from, top + 3, to - from, height - 6, "frame");
    const std::vector<double>& weights =
        each.phases.empty() ? std::vector<double>() : each.phases.back().weights;
    double y = top + 22;
    const double room = height - 28;
    for (std::size_t i = 0; i < each.arms.size(); ++i) {
      const double weight = i < weights.size() ? weights[i] : each.arms[i].weight;
      const double part = room * weight / 100;
      out += rect(from + 4, y, to - from - 8, part - 1.5, fmt::format("arm arm-{}", i % 8),
                  fmt::format("{}: {:g} % of the lane", each.arms[i].key, weight));
      if (part >= 13) out += label(from + 10, y + part / 2 + 3.5, "arm-name", each.arms[i].key);
      y += part;
    }
    out += label(from + 8, top + 17, "key", each.key);
    for (std::size_t i = 1; i < each.phases.size(); ++i) {
      const double x = time_(days_since_1970(each.phases[i].starts_at));
      out += line(x, top + 3, x, top + height - 3, "phase");
    }
    return out + "</a>";
  }

  std::string launch(double top, double height, const experiment::Launch& each) const {
    std::string out;
    for (std::size_t i = 0; i < each.ramp.size(); ++i) {
      const double from = time_(days_since_1970(each.ramp[i].at));
      const double to =
          i + 1 < each.ramp.size() ? time_(days_since_1970(each.ramp[i + 1].at)) : kLaneWidth - 8;
      const double part = (height - 10) * each.ramp[i].share / 100;
      out += rect(from, top + height - 5 - part, to - from, part,
                  each.is_killed ? "launch over" : "launch",
                  fmt::format("launched: {}, {:g} %", each.key, each.ramp[i].share));
    }
    return out;
  }

  std::string ticks(double height) const {
    std::string out;
    const double days = time_.to - time_.from;
    const int step = days <= 21 ? 2 : days <= 75 ? 7 : days <= 200 ? 14 : 30;
    for (int day = static_cast<int>(std::ceil(time_.from)); day < time_.to; ++day) {
      if ((day + 3) % step != 0) continue;  // weeks begin on Mondays
      const double x = time_(day);
      if (x < kGutter + 20 || x > kLaneWidth - 30) continue;
      out += line(x, kTop - 6, x, height, "tick") + label(x, kTop - 12, "date", short_date(day));
    }
    return out;
  }

  std::string now_line(double height) const {
    const double x = time_(days_since_1970(now_));
    return line(x, kTop - 6, x, height + 4, "now") + label(x, height + 20, "now-name", "now");
  }

  const experiment::Domain& domain_;
  experiment::Time now_;
  const std::string& prefix_;
  Scale time_;
};

// The largest end worth a place on the scale: infinite ones, and those far beyond, are cut off.
double reach_of(const std::vector<double>& ends) {
  double reach = 0.01;
  for (const double end : ends) {
    if (std::isfinite(end)) reach = std::max(reach, std::fabs(end));
  }
  return std::min(reach * 1.12, 2.0);
}

std::string_view meaning_name(int meaning) {
  return meaning > 0 ? "better" : meaning < 0 ? "worse" : "open";
}

}  // namespace

std::string lane_chart(const experiment::Domain& domain, experiment::Time now,
                       const std::string& prefix) {
  return LaneChart(domain, now, prefix).draw();
}

std::string interval_plot(const std::vector<DrawnEffect>& effects, double smallest,
                          const std::string& title) {
  constexpr double kWidth = 460;
  constexpr double kRow = 32;
  std::vector<double> ends{smallest};
  std::string description;
  for (const DrawnEffect& each : effects) {
    ends.insert(ends.end(), {each.lower, each.upper, each.value});
    description += fmt::format("{}: {}, from {} to {}. ", each.label, percent(each.value),
                               percent(each.lower), percent(each.upper));
  }
  const double reach = reach_of(ends);
  const Scale x{-reach, reach, 104, kWidth - 18};
  const double height = 10 + kRow * static_cast<double>(effects.size());
  std::string out = begin_svg(kWidth, height + 26, "intervals", title, description);
  out += rect(x(-smallest), 4, x(smallest) - x(-smallest), height, "nothing",
              "effects too small to be worth finding");
  const double step = step_for(2 * reach, 5);
  for (double at = -std::floor(reach / step) * step; at <= reach; at += step) {
    out += line(x(at), 4, x(at), height + 4, std::fabs(at) < step / 2 ? "zero" : "tick");
    out += label(x(at), height + 20, "date", std::fabs(at) < step / 2 ? "0" : percent(at));
  }
  double y = 6 + kRow / 2;
  for (const DrawnEffect& each : effects) {
    const std::string_view meaning = meaning_name(each.meaning);
    out += label(6, y + 5, "name", each.label);
    out += line(x(each.lower), y, x(each.upper), y, fmt::format("interval {}", meaning));
    for (const double end : {each.lower, each.upper}) {
      if (std::fabs(end) <= reach) {
        out += line(x(end), y - 6, x(end), y + 6, fmt::format("interval {}", meaning));
      }
    }
    out += fmt::format(
        R"(<circle class="point {}" cx="{:.1f}" cy="{:.1f}" r="5.5"><title>{}</title></circle>)",
        meaning, x(each.value), y, percent(each.value));
    y += kRow;
  }
  return out + "</svg>";
}

std::string time_series(const std::vector<DayEffect>& days, const std::string& title) {
  if (days.size() < 2) return {};
  constexpr double kWidth = 420;
  constexpr double kHeight = 150;
  // The first days know little; the scale is that of the second half, and the rest is cut off.
  std::vector<double> ends;
  for (std::size_t i = days.size() / 3; i < days.size(); ++i) {
    ends.insert(ends.end(), {days[i].lower, days[i].upper});
  }
  const double reach = reach_of(ends);
  const Scale x{static_cast<double>(days.front().day), static_cast<double>(days.back().day), 62,
                kWidth - 20};
  const Scale y{-reach, reach, kHeight - 24, 8};
  std::string out = begin_svg(kWidth, kHeight, "series", title,
                              fmt::format("After {}: {}, from {} to {}.",
                                          short_date(days.back().day), percent(days.back().value),
                                          percent(days.back().lower), percent(days.back().upper)));
  const double step = step_for(2 * reach, 4);
  for (double at = -std::floor(reach / step) * step; at <= reach; at += step) {
    const bool is_zero = std::fabs(at) < step / 2;
    out += line(62, y(at), kWidth - 20, y(at), is_zero ? "zero" : "tick");
    out += label(56, y(at) + 4, "value", is_zero ? "0" : percent(at));
  }
  std::string band;
  std::string middle;
  for (const DayEffect& each : days) {
    band += fmt::format("{:.1f},{:.1f} ", x(each.day), y(each.upper));
    middle += fmt::format("{:.1f},{:.1f} ", x(each.day), y(each.value));
  }
  for (auto each = days.rbegin(); each != days.rend(); ++each) {
    band += fmt::format("{:.1f},{:.1f} ", x(each->day), y(each->lower));
  }
  out += fmt::format(R"(<polygon class="range" points="{}"/><polyline class="path" points="{}"/>)",
                     band, middle);
  const int every = std::max(1, static_cast<int>(days.size()) / 4);
  for (std::size_t i = 0; i < days.size(); i += static_cast<std::size_t>(every)) {
    out += label(x(days[i].day), kHeight - 6, "date", short_date(days[i].day));
  }
  return out + "</svg>";
}

std::string short_date(int day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{} {}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1]);
}

std::string long_time(experiment::Time at) {
  const auto midnight = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{midnight};
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(at - midnight).count();
  return fmt::format("{} {} {}, {:02}:{:02} UTC", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), minutes / 60, minutes % 60);
}

}  // namespace hornbeam::site
