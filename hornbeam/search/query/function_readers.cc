#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search::query_reader {
namespace {

constexpr std::string_view kName = "function_score";

template <class Value, std::size_t kCount>
Value one_of(const std::pair<std::string_view, Value> (&values)[kCount], std::string_view what,
             base::JsonView json) {
  std::string text = scalar(kName, json);
  for (char& byte : text) byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
  for (const auto& [name, value] : values) {
    if (text == name) return value;
  }
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("No enum constant {} [{}]", what, text)}};
}

constexpr std::pair<std::string_view, ScoreMode> kScoreModes[] = {
    {"multiply", ScoreMode::kMultiply}, {"sum", ScoreMode::kSum}, {"avg", ScoreMode::kAverage},
    {"first", ScoreMode::kFirst},       {"max", ScoreMode::kMax}, {"min", ScoreMode::kMin}};
constexpr std::pair<std::string_view, BoostMode> kBoostModes[] = {
    {"multiply", BoostMode::kMultiply}, {"replace", BoostMode::kReplace}, {"sum", BoostMode::kSum},
    {"avg", BoostMode::kAverage},       {"max", BoostMode::kMax},         {"min", BoostMode::kMin}};
constexpr std::pair<std::string_view, FieldValueFactor::Modifier> kModifiers[] = {
    {"none", FieldValueFactor::Modifier::kNone},
    {"log", FieldValueFactor::Modifier::kLog},
    {"log1p", FieldValueFactor::Modifier::kLog1p},
    {"log2p", FieldValueFactor::Modifier::kLog2p},
    {"ln", FieldValueFactor::Modifier::kLn},
    {"ln1p", FieldValueFactor::Modifier::kLn1p},
    {"ln2p", FieldValueFactor::Modifier::kLn2p},
    {"square", FieldValueFactor::Modifier::kSquare},
    {"sqrt", FieldValueFactor::Modifier::kSqrt},
    {"reciprocal", FieldValueFactor::Modifier::kReciprocal}};
constexpr std::pair<std::string_view, DecayFunction::Several> kSeveral[] = {
    {"min", DecayFunction::Several::kMin},
    {"max", DecayFunction::Several::kMax},
    {"avg", DecayFunction::Several::kAverage},
    {"sum", DecayFunction::Several::kSum}};

FieldValueFactor read_field_value(base::JsonView json) {
  FieldValueFactor factor;
  Query common;
  members("field_value_factor", json, common, [&](std::string_view name, base::JsonView value) {
    if (name == "field") {
      factor.field = scalar(kName, value);
    } else if (name == "factor") {
      factor.factor = number(kName, name, value);
    } else if (name == "modifier") {
      factor.modifier = one_of(kModifiers, "FieldValueFactorFunction.Modifier", value);
    } else if (name == "missing") {
      factor.missing = double{number(kName, name, value)};
    } else {
      return false;
    }
    return true;
  });
  if (factor.field.empty()) refuse("[field_value_factor] required field 'field' missing");
  return factor;
}

RandomScore read_random(base::JsonView json) {
  RandomScore random;
  Query common;
  members("random_score", json, common, [&](std::string_view name, base::JsonView value) {
    if (name == "seed") {
      const std::string text = scalar(kName, value);
      const auto seed = value.find_int();
      random.seed = seed ? *seed : static_cast<std::int64_t>(std::hash<std::string>()(text));
    } else if (name == "field") {
      random.field = scalar(kName, value);
    } else {
      return false;
    }
    return true;
  });
  return random;
}

DecayFunction read_decay(DecayFunction::Shape shape, base::JsonView json) {
  DecayFunction decay{.shape = shape};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "multi_value_mode") {
      decay.several = one_of(kSeveral, "MultiValueMode", value);
      continue;
    }
    decay.field = name;
    Query common;
    members("decay", value, common, [&](std::string_view option, base::JsonView setting) {
      if (option == "origin") {
        decay.origin = scalar(kName, setting);
      } else if (option == "scale") {
        decay.scale = scalar(kName, setting);
      } else if (option == "offset") {
        decay.offset = scalar(kName, setting);
      } else if (option == "decay") {
        decay.decay = double{number(kName, option, setting)};
      } else {
        return false;
      }
      return true;
    });
  }
  if (decay.field.empty()) refuse("malformed score function score parameters.");
  return decay;
}

/// Reads a member that is a function; false if it is none.
bool read_function(std::string_view name, base::JsonView value,
                   FunctionScoreQuery::Function& function) {
  using Shape = DecayFunction::Shape;
  if (name == "field_value_factor") {
    function.function = read_field_value(value);
  } else if (name == "random_score") {
    function.function = read_random(value);
  } else if (name == "gauss") {
    function.function = read_decay(Shape::kGauss, value);
  } else if (name == "exp") {
    function.function = read_decay(Shape::kExponential, value);
  } else if (name == "linear") {
    function.function = read_decay(Shape::kLinear, value);
  } else {
    return false;
  }
  return true;
}

FunctionScoreQuery::Function read_one(base::JsonView json) {
  FunctionScoreQuery::Function function;
  Query common;
  members(kName, json, common, [&](std::string_view name, base::JsonView value) {
    if (name == "filter") {
      function.filter = std::make_shared<const Query>(read_query(value));
    } else if (name == "weight") {
      function.weight = number(kName, name, value);
    } else {
      return read_function(name, value, function);
    }
    return true;
  });
  if (function.function.index() == 0 && !function.weight) {
    refuse("an entry in functions list is missing a function.");
  }
  return function;
}

}  // namespace

Query read_function_score(base::JsonView json) {
  Query query;
  FunctionScoreQuery scored;
  FunctionScoreQuery::Function single;
  bool has_single = false;
  members(kName, json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "query") {
      scored.query = std::make_shared<const Query>(read_query(value));
    } else if (name == "functions") {
      for (std::size_t i = 0; i < value.size(); ++i) {
        scored.functions.push_back(read_one(value.element(i)));
      }
    } else if (name == "score_mode") {
      scored.score_mode = one_of(kScoreModes, "FunctionScoreQuery.ScoreMode", value);
    } else if (name == "boost_mode") {
      scored.boost_mode = one_of(kBoostModes, "CombineFunction", value);
    } else if (name == "max_boost") {
      scored.max_boost = number(kName, name, value);
    } else if (name == "min_score") {
      scored.min_score = number(kName, name, value);
    } else if (name == "weight") {
      single.weight = number(kName, name, value);
      has_single = true;
    } else {
      has_single = read_function(name, value, single);
      return has_single;
    }
    return true;
  });
  if (has_single && !scored.functions.empty()) {
    refuse("already found [functions] array, now encountering a single function.");
  }
  if (has_single) scored.functions.push_back(std::move(single));
  query.node = std::move(scored);
  return query;
}

Query read_boosting(base::JsonView json) {
  Query query;
  BoostingQuery boosting;
  std::optional<float> negative_boost;
  members("boosting", json, query, [&](std::string_view name, base::JsonView value) {
    if (name == "positive") {
      boosting.positive = std::make_shared<const Query>(read_query(value));
    } else if (name == "negative") {
      boosting.negative = std::make_shared<const Query>(read_query(value));
    } else if (name == "negative_boost") {
      negative_boost = number("boosting", name, value);
    } else {
      return false;
    }
    return true;
  });
  if (!boosting.positive) refuse("[boosting] query requires 'positive' query to be set'");
  if (!boosting.negative) refuse("[boosting] query requires 'negative' query to be set'");
  if (!negative_boost || *negative_boost < 0) {
    refuse("[boosting] query requires 'negative_boost' to be set to be a positive value'");
  }
  boosting.negative_boost = *negative_boost;
  query.node = std::move(boosting);
  return query;
}

}  // namespace hornbeam::search::query_reader
