#include "hornbeam/live/glicko2.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hornbeam::live {
namespace {

// The paper's letters: mu and phi are rating and deviation on its own scale, sigma the volatility.
constexpr double kScale = 173.7178;
constexpr double kMean = 1500;
constexpr double kMostDeviation = 350;
constexpr double kTolerance = 1e-6;
constexpr std::chrono::hours kPeriod{24 * 5};

double mu_of(const Rating& rating) {
  return (rating.rating - kMean) / kScale;
}
double phi_of(const Rating& rating) {
  return rating.deviation / kScale;
}
/// How much a game against somebody of that deviation counts.
double g(double phi) {
  return 1 / std::sqrt(1 + 3 * phi * phi / (std::numbers::pi * std::numbers::pi));
}
/// The score to be expected.
double expected(double mu, const Rating& opponent) {
  return 1 / (1 + std::exp(-g(phi_of(opponent)) * (mu - mu_of(opponent))));
}

/// Step 5 of the paper: the new volatility, by the Illinois algorithm.
double new_volatility(double sigma, double phi, double v, double delta, double tau) {
  const double a = std::log(sigma * sigma);
  const auto f = [&](double x) {
    const double e = std::exp(x);
    const double d = phi * phi + v + e;
    return e * (delta * delta - d) / (2 * d * d) - (x - a) / (tau * tau);
  };
  double low = a;
  double high = 0;
  if (delta * delta > phi * phi + v) {
    high = std::log(delta * delta - phi * phi - v);
  } else {
    // Terminates: f grows without bound as its argument falls.
    double k = 1;
    while (f(a - k * tau) < 0) ++k;
    high = a - k * tau;
  }
  double f_low = f(low);
  double f_high = f(high);
  constexpr int kMostRounds = 100;  // A handful suffice.
  for (int round = 0; round < kMostRounds && std::abs(high - low) > kTolerance; ++round) {
    const double middle = low + (low - high) * f_low / (f_high - f_low);
    const double f_middle = f(middle);
    if (f_middle * f_high <= 0) {
      low = high;
      f_low = f_high;
    } else {
      f_low /= 2;
    }
    high = middle;
    f_high = f_middle;
  }
  return std::exp(low / 2);
}

}  // namespace

Rating rate(const Rating& before, std::span<const RatedGame> games, double system_constant) {
  const double mu = mu_of(before);
  const double phi = phi_of(before);
  if (games.empty()) {
    Rating after = before;
    after.deviation = std::min(kMostDeviation, kScale * std::hypot(phi, before.volatility));
    return after;
  }
  double information = 0;
  double surprise = 0;
  for (const RatedGame& game : games) {
    const double weight = g(phi_of(game.opponent));
    const double score = expected(mu, game.opponent);
    information += weight * weight * score * (1 - score);
    surprise += weight * (game.score - score);
  }
  const double v = 1 / information;
  const double sigma = new_volatility(before.volatility, phi, v, v * surprise, system_constant);
  const double phi_before = std::hypot(phi, sigma);
  const double phi_after = 1 / std::sqrt(1 / (phi_before * phi_before) + information);
  return {.rating = kMean + kScale * (mu + phi_after * phi_after * surprise),
          .deviation = std::min(kMostDeviation, kScale * phi_after),
          .volatility = sigma};
}

Rating rest(const Rating& before, std::chrono::milliseconds idle) {
  const double periods =
      std::max(0.0, std::chrono::duration<double>(idle) / std::chrono::duration<double>(kPeriod));
  Rating after = before;
  after.deviation = std::min(
      kMostDeviation, kScale * std::hypot(phi_of(before), before.volatility * std::sqrt(periods)));
  return after;
}

}  // namespace hornbeam::live
