#include "hornbeam/search/aggregation/moving_functions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace hornbeam::search::aggregation {
namespace {

using Window = std::span<const double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double largest(Window values) {
  return values.empty() ? kNaN : *std::ranges::max_element(values);
}

double least(Window values) {
  return values.empty() ? kNaN : *std::ranges::min_element(values);
}

double sum(Window values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double average(Window values) {
  return values.empty() ? kNaN : sum(values) / static_cast<double>(values.size());
}

double deviation(Window values) {
  const double mean = average(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return values.empty() ? kNaN : std::sqrt(squares / static_cast<double>(values.size()));
}

/// Later values weigh more, by their place.
double linear_average(Window values) {
  if (values.empty()) return kNaN;
  double total = 0;
  double weights = 1;
  double weight = 1;
  for (const double value : values) {
    total += value * weight;
    weights += weight;
    weight += 1;
  }
  return total / weights;
}

/// Later values weigh more: each step multiplies by what `alpha` leaves.
double exponential_average(Window values, double alpha) {
  if (values.empty()) return kNaN;
  double mean = values.front();
  for (const double value : values.subspan(1)) mean = value * alpha + mean * (1 - alpha);
  return mean;
}

/// With a trend.
double holt(Window values, double alpha, double beta) {
  if (values.empty()) return kNaN;
  double level = 0;
  double trend = 0;
  double last_level = 0;
  double last_trend = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i == 0) {
      level = values[i];
    } else {
      level = alpha * values[i] + (1 - alpha) * (last_level + last_trend);
      trend = beta * (level - last_level) + (1 - beta) * last_trend;
    }
    last_level = level;
    last_trend = trend;
  }
  return level;
}

struct Season {
  double alpha = 0;
  double beta = 0;
  double gamma = 0;
  std::size_t period = 1;
  bool is_multiplied = false;
};

/// With a trend and a season. None of it is known before two periods have passed.
double holt_winters(Window values, const Season& season) {
  const std::size_t period = season.period;
  if (values.size() < period * 2) return kNaN;
  // Nothing may be divided by 0.
  const double padding = season.is_multiplied ? 1e-10 : 0;
  double level = 0;
  double trend = 0;
  for (std::size_t i = 0; i < period; ++i) {
    level += values[i] + padding;
    trend += (values[i + period] - values[i]) / static_cast<double>(period);
  }
  level /= static_cast<double>(period);
  trend /= static_cast<double>(period);
  std::vector<double> seasonal(values.size());
  const bool is_flat = level == 0 && season.is_multiplied;
  for (std::size_t i = 0; i < period && !is_flat; ++i) {
    const double value = values[i] + padding;
    seasonal[i] = season.is_multiplied ? value / level : value - level;
  }
  for (std::size_t i = period; i < values.size(); ++i) {
    const double value = values[i] + padding;
    const double before = seasonal[i - period];
    const double last_level = level;
    const double last_trend = trend;
    const double expected = last_level + last_trend;
    const double without = season.is_multiplied ? value / before : value - before;
    level = season.alpha * without + (1 - season.alpha) * expected;
    trend = season.beta * (level - last_level) + (1 - season.beta) * last_trend;
    const double part = season.is_multiplied ? value / expected : value - expected;
    seasonal[i] = season.gamma * part + (1 - season.gamma) * before;
  }
  const double next = seasonal[values.size() - period];
  return season.is_multiplied ? (level + trend) * next : level + trend + next;
}

struct Call {
  std::string name;
  std::vector<double> numbers;
};

std::string without_space(std::string_view script) {
  std::string text;
  for (const char c : script) {
    if (c != ' ' && c != '\n' && c != '\t' && c != ';') text += c;
  }
  return text;
}

/// "MovingFunctions.name(values,0.3,true)".
std::optional<Call> read_call(std::string_view script) {
  const std::string text = without_space(script);
  std::string_view rest = text;
  if (rest.starts_with("return")) rest.remove_prefix(6);
  constexpr std::string_view kPrefix = "MovingFunctions.";
  if (!rest.starts_with(kPrefix) || !rest.ends_with(')')) return std::nullopt;
  rest.remove_prefix(kPrefix.size());
  rest.remove_suffix(1);
  const std::size_t open = rest.find('(');
  if (open == rest.npos) return std::nullopt;
  Call call{.name = std::string(rest.substr(0, open)), .numbers = {}};
  rest.remove_prefix(open + 1);
  if (!rest.starts_with("values")) return std::nullopt;
  rest.remove_prefix(6);
  // The average, which the deviation is from in any case.
  if (call.name == "stdDev" && rest == ",MovingFunctions.unweightedAvg(values)") return call;
  while (rest.starts_with(',')) {
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find(','));
    double number = word == "true" ? 1 : 0;
    if (word != "true" && word != "false") {
      const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
      if (failed != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    }
    call.numbers.push_back(number);
    rest.remove_prefix(word.size());
  }
  return rest.empty() ? std::optional(std::move(call)) : std::nullopt;
}

struct PlainFunction {
  std::string_view name;
  double (*function)(Window);
};

constexpr std::array kPlainFunctions = {
    PlainFunction{"max", largest},
    PlainFunction{"min", least},
    PlainFunction{"sum", sum},
    PlainFunction{"stdDev", deviation},
    PlainFunction{"unweightedAvg", average},
    PlainFunction{"linearWeightedAvg", linear_average},
};

}  // namespace

std::optional<MovingFunction> find_moving_function(std::string_view script) {
  const std::optional<Call> call = read_call(script);
  if (!call) return std::nullopt;
  const std::vector<double>& numbers = call->numbers;
  if (numbers.empty()) {
    for (const PlainFunction& each : kPlainFunctions) {
      if (each.name == call->name) return each.function;
    }
  }
  if (call->name == "ewma" && numbers.size() == 1) {
    return [alpha = numbers[0]](Window values) { return exponential_average(values, alpha); };
  }
  if (call->name == "holt" && numbers.size() == 2) {
    return [alpha = numbers[0], beta = numbers[1]](Window values) {
      return holt(values, alpha, beta);
    };
  }
  constexpr double kLongestPeriod = 1e6;
  if (call->name == "holtWinters" && numbers.size() == 5 && numbers[3] >= 1 &&
      numbers[3] <= kLongestPeriod) {
    const Season season{.alpha = numbers[0],
                        .beta = numbers[1],
                        .gamma = numbers[2],
                        .period = static_cast<std::size_t>(numbers[3]),
                        .is_multiplied = numbers[4] != 0};
    return [season](Window values) { return holt_winters(values, season); };
  }
  return std::nullopt;
}

}  // namespace hornbeam::search::aggregation
