#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "hornbeam/search/mapping/date_math.h"
#include "hornbeam/search/query/planner_nodes.h"
#include "hornbeam/search/score/function_plan.h"

namespace hornbeam::search {
namespace {

double value_at(FieldType type, const Column& column, std::size_t index) {
  return number_value(type, column.value(index));
}

double modified(FieldValueFactor::Modifier modifier, double value) {
  using Modifier = FieldValueFactor::Modifier;
  switch (modifier) {
    case Modifier::kNone:
      return value;
    case Modifier::kLog:
      return std::log10(value);
    case Modifier::kLog1p:
      return std::log10(value + 1);
    case Modifier::kLog2p:
      return std::log10(value + 2);
    case Modifier::kLn:
      return std::log(value);
    case Modifier::kLn1p:
      return std::log1p(value);
    case Modifier::kLn2p:
      return std::log1p(value + 1);
    case Modifier::kSquare:
      return value * value;
    case Modifier::kSqrt:
      return std::sqrt(value);
    case Modifier::kReciprocal:
      return 1 / value;
  }
  return value;
}

DocFunction bind(const FieldValueFactor& factor, FieldType type, const SegmentView& view) {
  return [factor, type, column = view.segment->column(factor.field)](DocId doc) {
    double value = 0;
    if (column && column->has(doc)) {
      value = value_at(type, *column, column->range(doc).first);
    } else if (factor.missing) {
      value = *factor.missing;
    } else {
      throw ScoringFailure{{.code = "exception",
                            .message = fmt::format("Missing value for field [{}]", factor.field)}};
    }
    const double found = modified(factor.modifier, value * double{factor.factor});
    if (std::isnan(found) || found < 0) {
      throw ScoringFailure{
          {.code = "illegal_argument_exception",
           .message = fmt::format("field value function must not produce negative scores, but got: "
                                  "[{}] for field value: [{}]",
                                  found, value)}};
    }
    return found;
  };
}

/// 0 to 1, as evenly as a good hash (splitmix64) is.
double hashed(std::uint64_t seed) {
  seed += 0x9E3779B97F4A7C15;
  seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EB;
  seed ^= seed >> 31;
  return static_cast<double>(seed >> 40) / static_cast<double>(1 << 24);
}

DocFunction bind(const RandomScore& random, const SegmentView& view) {
  const auto seed = static_cast<std::uint64_t>(random.seed);
  if (random.field.empty() || random.field == kSeqNoField) {
    return [segment = view.segment.get(), seed](DocId doc) {
      return hashed(seed * 31 + static_cast<std::uint64_t>(segment->seq_no(doc)));
    };
  }
  const Column* const column = view.segment->column(random.field);
  return [column, seed](DocId doc) {
    const auto value = column ? column->first(doc).value_or(0) : 0;
    return hashed(seed * 31 + static_cast<std::uint64_t>(value));
  };
}

/// A decay with its texts read.
struct Decay {
  DecayFunction::Shape shape;
  DecayFunction::Several several;
  std::string field;
  FieldType type;
  double origin;
  double offset;
  double scale;  ///< As the shape's formula has it.

  double value(double distance) const {
    switch (shape) {
      case DecayFunction::Shape::kGauss:
        return std::exp(0.5 * distance * distance / scale);
      case DecayFunction::Shape::kExponential:
        return std::exp(scale * distance);
      case DecayFunction::Shape::kLinear:
        return std::max(0.0, (scale - distance) / scale);
    }
    return 1;
  }
};

DocFunction bind(const Decay& decay, const SegmentView& view) {
  return [decay, column = view.segment->column(decay.field)](DocId doc) {
    // A document without a value is at the origin.
    if (!column || !column->has(doc)) return 1.0;
    const auto [begin, end] = column->range(doc);
    double nearest = std::numeric_limits<double>::max();
    double farthest = 0;
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double distance =
          std::max(0.0, std::abs(value_at(decay.type, *column, i) - decay.origin) - decay.offset);
      nearest = std::min(nearest, distance);
      farthest = std::max(farthest, distance);
      sum += distance;
    }
    switch (decay.several) {
      case DecayFunction::Several::kMin:
        return decay.value(nearest);
      case DecayFunction::Several::kMax:
        return decay.value(farthest);
      case DecayFunction::Several::kSum:
        return decay.value(sum);
      case DecayFunction::Several::kAverage:
        break;
    }
    return decay.value(sum / static_cast<double>(end - begin));
  };
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto found = std::from_chars(text.data(), text.data() + text.size(), value);
  if (found.ec != std::errc() || found.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "10d" in milliseconds.
std::optional<double> duration(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"nanos", 1e-6}, {"micros", 1e-3}, {"ms", 1},    {"s", 1e3},
      {"m", 6e4},      {"h", 3.6e6},     {"d", 8.64e7}};
  for (const auto& [unit, milliseconds] : kUnits) {
    if (!text.ends_with(unit)) continue;
    if (const auto count = number(text.substr(0, text.size() - unit.size()))) {
      return *count * milliseconds;
    }
  }
  return number(text);
}

[[noreturn]] void refuse_decay(const DecayFunction& decay, std::string_view what) {
  Planner::refuse(
      "parsing_exception",
      fmt::format("could not read the {} of the decay of field [{}]", what, decay.field));
}

double scale_of(DecayFunction::Shape shape, double scale, double decay) {
  switch (shape) {
    case DecayFunction::Shape::kGauss:
      return 0.5 * scale * scale / std::log(decay);
    case DecayFunction::Shape::kExponential:
      return std::log(decay) / scale;
    case DecayFunction::Shape::kLinear:
      return scale / (1 - decay);
  }
  return scale;
}

Decay read(const DecayFunction& decay, const PlanContext& context) {
  const FieldMapping* const field = context.mapping.find(decay.field);
  if (!field) {
    Planner::refuse("parsing_exception", fmt::format("unknown field [{}]", decay.field));
  }
  if (!is_number(field->type)) {
    Planner::refuse("parsing_exception",
                    fmt::format("field [{}] is of type [{}], but only numeric types are supported.",
                                decay.field, name_of(field->type)));
  }
  const bool is_date = field->type == FieldType::kDate;
  std::optional<double> origin;
  if (is_date) {
    const auto date =
        parse_date_math(decay.origin.value_or("now"), DateRounding::kDown, {.now = context.now});
    if (!date) throw Planner::Refusal{date.error()};
    origin = static_cast<double>(*date);
  } else if (decay.origin) {
    origin = number(*decay.origin);
  }
  const std::optional<double> scale = is_date ? duration(decay.scale) : number(decay.scale);
  const std::optional<double> offset = is_date ? duration(decay.offset) : number(decay.offset);
  if (!origin) refuse_decay(decay, "origin");
  if (!offset || *offset < 0) {
    Planner::refuse("illegal_argument_exception", "function_score query : offset must be > 0.0");
  }
  if (!scale) refuse_decay(decay, "scale");
  if (*scale <= 0) {
    Planner::refuse("illegal_argument_exception", "function_score : scale must be > 0.0.");
  }
  if (decay.decay <= 0 || decay.decay >= 1) {
    Planner::refuse("illegal_argument_exception",
                    "function_score : decay must be in the range [0..1].");
  }
  return {.shape = decay.shape,
          .several = decay.several,
          .field = decay.field,
          .type = field->type,
          .origin = *origin,
          .offset = *offset,
          .scale = scale_of(decay.shape, *scale, decay.decay)};
}

Combination combination(ScoreMode mode) {
  return static_cast<Combination>(mode);
}

Combination combination(BoostMode mode) {
  switch (mode) {
    case BoostMode::kMultiply:
      return Combination::kMultiply;
    case BoostMode::kReplace:
      return Combination::kReplace;
    case BoostMode::kSum:
      return Combination::kSum;
    case BoostMode::kAverage:
      return Combination::kAverage;
    case BoostMode::kMax:
      return Combination::kMax;
    case BoostMode::kMin:
      break;
  }
  return Combination::kMin;
}

}  // namespace

PlanPtr Planner::plan_node(const FunctionScoreQuery& query, float boost) {
  PlanPtr inner = query.query ? plan(*query.query, boost) : plan_constant(plan_all(), boost);
  FunctionScoring scoring{.of_functions = combination(query.score_mode),
                          .with_score = combination(query.boost_mode),
                          .max_boost = query.max_boost,
                          .min_score = query.min_score};
  for (const FunctionScoreQuery::Function& function : query.functions) {
    ScoreFunction made{.weight = function.weight};
    if (function.filter) made.filter = plan(*function.filter, 1);
    if (const auto* factor = std::get_if<FieldValueFactor>(&function.function)) {
      const FieldMapping* const field = context_.mapping.find(factor->field);
      if (!field && !factor->missing) {
        refuse("exception", fmt::format("Unable to find a field mapper for field [{}]. No "
                                        "'missing' value defined.",
                                        factor->field));
      }
      const FieldType type = field ? field->type : FieldType::kDouble;
      made.function = [copy = *factor, type](const SegmentView& view) {
        return bind(copy, type, view);
      };
    } else if (const auto* random = std::get_if<RandomScore>(&function.function)) {
      made.function = [copy = *random](const SegmentView& view) { return bind(copy, view); };
    } else if (const auto* decay = std::get_if<DecayFunction>(&function.function)) {
      made.function = [copy = read(*decay, context_)](const SegmentView& view) {
        return bind(copy, view);
      };
    }
    scoring.functions.push_back(std::move(made));
  }
  return plan_function_score(std::move(inner), std::move(scoring));
}

}  // namespace hornbeam::search
