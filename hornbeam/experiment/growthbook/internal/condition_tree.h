#pragma once

// What a condition is compiled to. Everything that depends on the condition alone is worked out
// before: paths are split, expressions compiled, versions padded, lists sorted.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/experiment/growthbook/coercion.h"
#include "hornbeam/experiment/growthbook/pattern.h"
#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment::growthbook::internal {

/// Values to be among: texts sorted, everything else as it came.
struct ValueList {
  std::vector<std::string> texts;
  std::vector<Value> others;
  bool is_insensitive = false;

  static ValueList of(const Value::Array& values, bool is_insensitive);
  /// Whether `actual` is one of them, or, if it is an array, one of its elements is.
  bool has_any(const Value& actual) const;

 private:
  bool has(const Value& actual) const;
};

enum class Operator : std::uint8_t {
  kVersionEqual,
  kVersionNotEqual,
  kVersionGreater,
  kVersionGreaterOrEqual,
  kVersionLess,
  kVersionLessOrEqual,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kExists,
  kIn,
  kNotIn,
  kNot,
  kSize,
  kElementMatches,
  kAll,
  kPattern,
  kType,
  kNever,
};

struct Operation;
struct Clause;

/// What one value is asked: all of `operations`, or one comparison with `value`.
struct ValueTest {
  enum class Kind : std::uint8_t {
    kText,
    kTextInsensitive,
    kNumber,
    kTruth,
    kNull,
    kJson,
    kOperators
  };
  Kind kind = Kind::kNull;
  Value value;
  std::vector<Operation> operations;
};

/// Clauses that must all hold.
struct Conjunction {
  std::vector<Clause> clauses;
};

struct Operation {
  Operator op = Operator::kNever;
  Value operand;                          // kEqual ... kExists, kType
  std::string version;                    // the versions
  std::shared_ptr<const ValueList> list;  // kIn, kNotIn
  std::vector<ValueTest> tests;           // kNot, kSize, kAll; kElementMatches if it has operators
  std::unique_ptr<Conjunction> elements;  // kElementMatches else
  Pattern pattern{""};                    // kPattern
};

using Path = std::vector<std::string>;

/// A reference to a saved group.
struct GroupReference {
  std::shared_ptr<const ValueList> list;  // of a list
  Path attribute;                         // what of the user is looked for in it
  std::optional<std::size_t> condition;   // else the number of a group that is a condition
};

struct Clause {
  enum class Kind : std::uint8_t { kPath, kOr, kNor, kAnd, kNot, kGroup, kAlways, kNever };
  Kind kind = Kind::kPath;
  Path path;
  ValueTest test;
  std::vector<Conjunction> parts;
  GroupReference group;
};

/// The groups that conditions refer to.
struct Groups {
  std::map<std::string, Value, std::less<>> entries;
  std::map<std::string, std::shared_ptr<const ValueList>, std::less<>> lists;
  std::map<std::string, std::size_t, std::less<>> numbers;  // of those that are conditions
  std::vector<Conjunction> conditions;
};

/// The groups on the way to the one that is being asked, so that a circle ends.
struct Way {
  const Way* before = nullptr;
  std::size_t group = 0;
};

inline constexpr int kDeepestGroups = 16;

/// Whether `attributes` hold what `all` asks.
bool holds(const Conjunction& all, const Value& attributes, const Groups& groups, const Way* way);

/// The attribute at `path`; null if there is none. `scratch` holds a value that is stored nowhere.
const Value& resolve(const Path& path, const Value& attributes, Value& scratch);

}  // namespace hornbeam::experiment::growthbook::internal
