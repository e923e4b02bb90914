#include "hornbeam/search/aggregation/significance.h"

#include <cmath>
#include <limits>

namespace hornbeam::search::aggregation {
namespace {

/// Documents by whether they have the term (first) and are in the subset (second).
struct Contingency {
  double n11, n10, n01, n00;

  double with_term() const { return n11 + n10; }
  double without_term() const { return n01 + n00; }
  double in_subset() const { return n11 + n01; }
  double outside() const { return n10 + n00; }
  double all() const { return with_term() + without_term(); }
};

Contingency contingency(const TermFrequencies& term, bool is_superset) {
  if (!is_superset) {
    return {.n11 = term.in_subset,
            .n10 = term.in_superset,
            .n01 = term.subset_size - term.in_subset,
            .n00 = term.superset_size - term.in_superset};
  }
  return {.n11 = term.in_subset,
          .n10 = term.in_superset - term.in_subset,
          .n01 = term.subset_size - term.in_subset,
          .n00 = term.superset_size - term.in_superset - (term.subset_size - term.in_subset)};
}

double jlh(const TermFrequencies& term) {
  if (term.subset_size == 0 || term.superset_size == 0) return 0;
  const double here = term.in_subset / term.subset_size;
  const double there = term.in_superset / term.superset_size;
  // What the background does not know counts as if it were there once.
  const double floor = there == 0 ? 1 / term.superset_size : there;
  return here <= there ? 0 : (here - there) * (here / floor);
}

double mutual_information(const Contingency& n) {
  const auto part = [&](double both, double row, double column) {
    if (both == 0) return 0.0;
    return both / n.all() * std::log2(n.all() * both / (row * column));
  };
  return part(n.n11, n.with_term(), n.in_subset()) + part(n.n10, n.with_term(), n.outside()) +
         part(n.n01, n.without_term(), n.in_subset()) + part(n.n00, n.without_term(), n.outside());
}

double chi_square(const Contingency& n) {
  const double difference = n.n11 * n.n00 - n.n01 * n.n10;
  return n.all() * difference * difference /
         (n.in_subset() * n.with_term() * n.without_term() * n.outside());
}

double google_distance(const TermFrequencies& term, bool is_superset) {
  const double with_term = term.in_superset + (is_superset ? 0 : term.in_subset);
  const double all = term.superset_size + (is_superset ? 0 : term.subset_size);
  if (term.in_subset == 0) return 0;
  if (with_term == term.subset_size && with_term == term.in_subset) return 1;
  const double x = std::log(with_term);
  const double y = std::log(term.subset_size);
  return std::exp(-(std::max(x, y) - std::log(term.in_subset)) / (std::log(all) - std::min(x, y)));
}

struct HeuristicName {
  const char* name;
  Heuristic heuristic;
};

}  // namespace

Significance Significance::read(Parameters& parameters) {
  constexpr HeuristicName kNames[] = {{"jlh", Heuristic::kJlh},
                                      {"mutual_information", Heuristic::kMutualInformation},
                                      {"chi_square", Heuristic::kChiSquare},
                                      {"gnd", Heuristic::kGoogleDistance},
                                      {"percentage", Heuristic::kPercentage}};
  Significance significance;
  for (const HeuristicName& each : kNames) {
    auto object = parameters.object(each.name);
    if (!object) continue;
    significance.heuristic_ = each.heuristic;
    significance.includes_negatives_ = object->flag("include_negatives", false);
    significance.is_superset_ = object->flag("background_is_superset", true);
    object->finish();
  }
  return significance;
}

double Significance::score(const TermFrequencies& term) const {
  const Contingency n = contingency(term, is_superset_);
  switch (heuristic_) {
    case Heuristic::kJlh:
      return jlh(term);
    case Heuristic::kPercentage:
      return term.in_superset == 0 ? 0 : term.in_subset / term.in_superset;
    case Heuristic::kGoogleDistance:
      return google_distance(term, is_superset_);
    case Heuristic::kMutualInformation:
    case Heuristic::kChiSquare:
      break;
  }
  // A term may be telling because it is seldom in the subset.
  const bool is_seldom = n.n11 / n.in_subset() < n.n10 / n.outside();
  if (!includes_negatives_ && is_seldom) return -std::numeric_limits<double>::infinity();
  return heuristic_ == Heuristic::kChiSquare ? chi_square(n) : mutual_information(n);
}

}  // namespace hornbeam::search::aggregation
