#pragma once

// Who a rule is for: MongoDB-like conditions over a user's attributes, compiled once and then
// matched without an allocation (texts and numbers that need no conversion).
//
//   {"country": {"$in": ["DE", "AT"]}, "$not": {"plan.level": {"$lt": 3}}}
//
// The rules are GrowthBook's, client 1.8.0, with JavaScript's conversions. Bounds: conditions nest
// 64 deep and refer to groups 16 deep; what one match may cost is worked out when it is compiled.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/result.h"
#include "hornbeam/experiment/growthbook/value.h"

namespace hornbeam::experiment::growthbook {

class Condition;

namespace internal {
struct Conjunction;
struct Groups;
}  // namespace internal

/// Groups of users that conditions refer to by id: a list of values, or a condition.
class SavedGroups {
 public:
  /// None.
  SavedGroups();
  /// Reads an object of them; undefined or null is none. An entry that is neither list nor
  /// condition matches nobody. Errors: "condition", naming the group and the mend.
  static base::Result<SavedGroups> compile(const Value& groups);

 private:
  friend class Condition;
  std::shared_ptr<const internal::Groups> groups_;
};

/// A compiled condition. Thread: immutable.
class Condition {
 public:
  /// What everybody matches.
  Condition() = default;
  /// Compiles `condition`. Errors: "condition": what is wrong, where, and the mend. An unknown
  /// operator, or an expression that is none, is no error: it matches nobody.
  static base::Result<Condition> compile(const Value& condition, const SavedGroups& groups = {});

  /// Whether `attributes` match.
  bool matches(const Value& attributes) const;
  /// Whether there is nothing to match.
  bool is_empty() const noexcept { return root_ == nullptr; }
  /// What was compiled but can match nobody, such as an expression that RE2 does not take.
  const std::vector<std::string>& warnings() const noexcept;

 private:
  std::shared_ptr<const internal::Conjunction> root_;
  std::shared_ptr<const internal::Groups> groups_;
  std::shared_ptr<const std::vector<std::string>> warnings_;
};

}  // namespace hornbeam::experiment::growthbook
