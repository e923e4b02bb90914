#pragma once

// Queries that change the scores of another.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hornbeam::search {

struct Query;

/// Documents of `positive`; those of `negative` too score less.
struct BoostingQuery {
  std::shared_ptr<const Query> positive;
  std::shared_ptr<const Query> negative;
  float negative_boost = 0;
};

/// The value of a number field, changed by a function.
struct FieldValueFactor {
  enum class Modifier : std::uint8_t {
    kNone,
    kLog,
    kLog1p,
    kLog2p,
    kLn,
    kLn1p,
    kLn2p,
    kSquare,
    kSqrt,
    kReciprocal,
  };
  std::string field;
  float factor = 1;
  Modifier modifier = Modifier::kNone;
  std::optional<double> missing{};
};

/// A number from 0 to 1 that a document keeps for a seed.
struct RandomScore {
  std::int64_t seed = 0;
  std::string field{};  ///< Empty: by the document's number, which merges change.
};

/// The nearer a number or date is to an origin the more, up to 1.
struct DecayFunction {
  enum class Shape : std::uint8_t { kGauss, kExponential, kLinear };
  enum class Several : std::uint8_t { kMin, kMax, kAverage, kSum };
  Shape shape = Shape::kGauss;
  std::string field;
  std::optional<std::string> origin{};  ///< None: now, for a date.
  std::string scale;
  std::string offset = "0";
  double decay = 0.5;  ///< What is left at `scale` from the origin.
  Several several = Several::kMin;
};

/// How scores or functions come together.
enum class ScoreMode : std::uint8_t { kMultiply, kSum, kAverage, kFirst, kMax, kMin };
enum class BoostMode : std::uint8_t { kMultiply, kReplace, kSum, kAverage, kMax, kMin };

/// Documents of a query, with scores that functions of the document change.
struct FunctionScoreQuery {
  struct Function {
    std::shared_ptr<const Query> filter{};  ///< Null: for all.
    std::variant<std::monostate, FieldValueFactor, RandomScore, DecayFunction> function{};
    std::optional<float> weight{};
  };
  std::shared_ptr<const Query> query{};  ///< Null: all documents.
  std::vector<Function> functions{};
  ScoreMode score_mode = ScoreMode::kMultiply;
  BoostMode boost_mode = BoostMode::kMultiply;
  std::optional<float> max_boost{};
  std::optional<float> min_score{};
};

}  // namespace hornbeam::search
