#pragma once

// What a plan costs in visitors, before anybody chooses how lanes share them.

#include <string>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/rules.h"

namespace hornbeam::site {

/// What is asked. Shares in percent.
struct CalculatorQuestion {
  double base = 10;          ///< How many of a hundred do it now.
  double effect = 10;        ///< The smallest effect worth finding, relative to that.
  std::int64_t arms = 5;     ///< Of the experiment, besides the control.
  std::int64_t lanes = 2;    ///< How many lanes the pool is divided into.
  double control = 50;       ///< Of all visitors.
  double visitors = 20'000;  ///< New ones a week.
  double power = 80;         ///< How often the effect is to be found.
};

/// One way to share the pool.
struct CalculatorAnswer {
  std::string name;      ///< "exclusive" or "orthogonal".
  std::string about;     ///< What it means.
  std::string visitors;  ///< For as long as it takes.
  std::string weeks;     ///< Whole ones.
  double share = 0;      ///< Of the dearer way, from 0 to 100: for a bar.
};

/// What the calculator says.
struct CalculatorView {
  std::string problem;           ///< What is wrong with the question; empty if nothing.
  std::string units;             ///< In each arm, read once at the end.
  std::string sequential_units;  ///< The same, read whenever one likes.
  CalculatorAnswer exclusive;
  CalculatorAnswer orthogonal;
  std::string bars;  ///< SVG.
};

/// Answers a question.
CalculatorView calculate(const CalculatorQuestion& question);

/// The names that forms and templates have for the members.
constexpr auto describe(base::Type<CalculatorQuestion>) {
  using base::field;
  using base::or_default;
  using base::range;
  return base::fields(
      field("base", &CalculatorQuestion::base, or_default, range(0.1, 99.0)),
      field("effect", &CalculatorQuestion::effect, or_default, range(0.1, 500.0)),
      field("arms", &CalculatorQuestion::arms, or_default, range(1, 50)),
      field("lanes", &CalculatorQuestion::lanes, or_default, range(1, 50)),
      field("control", &CalculatorQuestion::control, or_default, range(1.0, 99.0)),
      field("visitors", &CalculatorQuestion::visitors, or_default, range(1.0, 1e12)),
      field("power", &CalculatorQuestion::power, or_default, range(50.0, 99.9)));
}
constexpr auto describe(base::Type<CalculatorAnswer>) {
  using base::field;
  return base::fields(
      field("name", &CalculatorAnswer::name), field("about", &CalculatorAnswer::about),
      field("visitors", &CalculatorAnswer::visitors), field("weeks", &CalculatorAnswer::weeks),
      field("share", &CalculatorAnswer::share));
}
constexpr auto describe(base::Type<CalculatorView>) {
  using base::field;
  return base::fields(
      field("problem", &CalculatorView::problem), field("units", &CalculatorView::units),
      field("sequential_units", &CalculatorView::sequential_units),
      field("exclusive", &CalculatorView::exclusive),
      field("orthogonal", &CalculatorView::orthogonal), field("bars", &CalculatorView::bars));
}

}  // namespace hornbeam::site
