#include "hornbeam/experiment/stats/metric.h"

#include <array>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "hornbeam/experiment/stats/distribution.h"

namespace hornbeam::experiment::stats {
namespace {

using Outcome = base::Result<Level>;

std::unexpected<base::Error> too_few(std::uint64_t units) {
  return base::error("no_units",
                     fmt::format("an arm has {} {}; a variance needs two at least: wait until "
                                 "there are more, or leave the arm out",
                                 units, units == 1 ? "unit" : "units"));
}

std::unexpected<base::Error> not_finite() {
  return base::error("not_finite",
                     "a value is not a finite number, or too large to be squared; leave out or "
                     "cap such values before summarizing");
}

// The ratio of numbers `at` and `at + 1` of a summary, and how each unit moves it, which is the
// numbers weighed with `by_numerator` and `by_denominator`.
struct Linearized {
  double ratio = 0;
  double by_numerator = 0;
  double by_denominator = 0;
};

template <std::size_t N>
base::Result<Linearized> linearize(const Summary<N>& values, std::size_t at) {
  const double denominator = values.mean(at + 1);
  if (denominator == 0) {
    return base::error("zero_denominator",
                       "the denominator of a ratio adds up to 0, so that there is no ratio; use "
                       "a mean of the numerator, or wait for data");
  }
  const double ratio = values.mean(at) / denominator;
  return Linearized{ratio, 1 / denominator, -ratio / denominator};
}

// The covariance of what a unit contributes to the ratios at `i` and at `j`.
template <std::size_t N>
double covariance(const Summary<N>& values, std::size_t i, const Linearized& one, std::size_t j,
                  const Linearized& other) {
  return one.by_numerator * (other.by_numerator * values.covariance(i, j) +
                             other.by_denominator * values.covariance(i, j + 1)) +
         one.by_denominator * (other.by_numerator * values.covariance(i + 1, j) +
                               other.by_denominator * values.covariance(i + 1, j + 1));
}

Outcome level(const Proportion& sample) {
  if (sample.successes > sample.units) {
    return base::error(
        "bad_count",
        fmt::format("{} of {} units succeeded; count each unit once, however often it succeeds",
                    sample.successes, sample.units));
  }
  if (sample.units < 2) return too_few(sample.units);
  const double units = static_cast<double>(sample.units);
  const double share = static_cast<double>(sample.successes) / units;
  const double others = static_cast<double>(sample.units - sample.successes) / units;
  return Level{.units = units, .mean = share, .variance = share * others};
}

Outcome level(const Mean& sample) {
  const Summary<1>& values = sample.values;
  if (values.units() < 2) return too_few(values.units());
  return Level{.units = static_cast<double>(values.units()),
               .mean = values.mean(0),
               .variance = values.covariance(0, 0)};
}

Outcome level(const Ratio& sample) {
  const Summary<2>& values = sample.values;
  if (values.units() < 2) return too_few(values.units());
  const auto ratio = linearize(values, 0);
  if (!ratio) return std::unexpected(ratio.error());
  return Level{.units = static_cast<double>(values.units()),
               .mean = ratio->ratio,
               .variance = covariance(values, 0, *ratio, 0, *ratio)};
}

Outcome level(const AdjustedMean& sample) {
  const Summary<2>& values = sample.values;
  if (values.units() < 2) return too_few(values.units());
  const double units = static_cast<double>(values.units());
  const double scale = sample.kind == Values::kZeroOne ? (units - 1) / units : 1;
  return Level{.units = units,
               .mean = values.mean(0),
               .variance = values.covariance(0, 0) * scale,
               .adjustment = Adjustment::kMean,
               .before = values.mean(1),
               .before_variance = values.covariance(1, 1) * scale,
               .covariance = values.covariance(0, 1) * scale};
}

Outcome level(const AdjustedRatio& sample) {
  const Summary<4>& values = sample.values;
  if (values.units() < 2) return too_few(values.units());
  const auto after = linearize(values, 0);
  if (!after) return std::unexpected(after.error());
  const auto before = linearize(values, 2);
  if (!before) return std::unexpected(before.error());
  return Level{.units = static_cast<double>(values.units()),
               .mean = after->ratio,
               .variance = covariance(values, 0, *after, 0, *after),
               .adjustment = Adjustment::kRatio,
               .before = before->ratio,
               .before_variance = covariance(values, 2, *before, 2, *before),
               .covariance = covariance(values, 0, *after, 2, *before)};
}

// The variance of the share of events at or below the quantile, where a unit's events go together,
// as a multiple of what it would be were they independent.
base::Result<double> clustering(const Quantile& sample) {
  const Summary<2>& events = sample.clusters->below_and_all;
  if (events.units() < 2) return too_few(events.units());
  const auto share = level(Ratio{events});
  if (!share) return std::unexpected(share.error());
  const double together = share->variance / share->units;
  const double apart = sample.level * (1 - sample.level) / static_cast<double>(sample.values);
  return together / apart;
}

Outcome level(const Quantile& sample) {
  const bool is_level = sample.level > 0 && sample.level < 1;
  if (!is_level) {
    return base::error(
        "bad_quantile",
        fmt::format("there is no quantile of level {}; 0.9 is the 90th percentile", sample.level));
  }
  if (!std::isfinite(sample.value) || !std::isfinite(sample.lower) ||
      !std::isfinite(sample.upper)) {
    return not_finite();
  }
  if (sample.lower > sample.upper) {
    return base::error("bad_quantile", "the interval of a quantile ends before it begins");
  }
  const double n = static_cast<double>(sample.values);
  const double z = normal_point_above(0.025);
  // Below this the interval of ranks reaches beyond the smallest or the largest value.
  const double needed =
      z * z * std::fmax(sample.level / (1 - sample.level), (1 - sample.level) / sample.level);
  if (sample.values < 2 || n <= needed) {
    return base::error("no_units",
                       fmt::format("an arm has {} values; the quantile of level {} needs more "
                                   "than {:.0f}",
                                   sample.values, sample.level, std::fmax(needed, 1)));
  }
  const double interval_n =
      sample.interval_values == 0 ? n : static_cast<double>(sample.interval_values);
  const double deviation = (sample.upper - sample.lower) / (2 * z);
  double variance = interval_n / n * (n - 1) * deviation * deviation;
  if (sample.clusters) {
    const auto times = clustering(sample);
    if (!times) return std::unexpected(times.error());
    variance *= *times;
  }
  return Level{.units = n, .mean = sample.value, .variance = variance};
}

template <class Summarized>
  requires requires(Summarized sample) { sample.values.is_finite(); }
base::Result<Sample> add(const Summarized& one, const Summarized& other) {
  Summarized both = one;
  both.values.merge(other.values);
  return both;
}

base::Result<Sample> add(const Proportion& one, const Proportion& other) {
  return Proportion{.units = one.units + other.units, .successes = one.successes + other.successes};
}

base::Result<Sample> add(const Quantile&, const Quantile&) {
  return base::error("not_additive",
                     "quantiles of parts do not make one of the whole; compute it from all values "
                     "together and give it as one aggregate");
}

}  // namespace

base::Result<Level> level_of(const Sample& sample) {
  Outcome made = std::visit([](const auto& each) { return level(each); }, sample);
  if (!made) return made;
  const std::array numbers{made->mean, made->variance, made->before, made->before_variance,
                           made->covariance};
  for (const double each : numbers) {
    if (!std::isfinite(each)) return not_finite();
  }
  return made;
}

std::uint64_t units_of(const Sample& sample) {
  return std::visit(
      [](const auto& each) -> std::uint64_t {
        using Kind = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<Kind, Proportion>) {
          return each.units;
        } else if constexpr (std::is_same_v<Kind, Quantile>) {
          return each.values;
        } else {
          return each.values.units();
        }
      },
      sample);
}

base::Result<Sample> merged(const Sample& one, const Sample& other) {
  if (one.index() != other.index()) {
    return base::error("different_metrics",
                       fmt::format("a {} and a {} are not parts of one metric; give every "
                                   "aggregate of a metric the same kind",
                                   kind_name(one), kind_name(other)));
  }
  return std::visit(
      [&](const auto& each) { return add(each, std::get<std::decay_t<decltype(each)>>(other)); },
      one);
}

std::string_view kind_name(const Sample& sample) {
  constexpr std::array<std::string_view, std::variant_size_v<Sample>> kNames = {
      "proportion", "mean", "ratio", "adjusted mean", "adjusted ratio", "quantile"};
  return kNames[sample.index()];
}

}  // namespace hornbeam::experiment::stats
