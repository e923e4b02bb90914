#pragma once

// Loaded: what a relation gave for a list of rows, and how `load` fills it.

#include <concepts>
#include <cstddef>
#include <functional>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/data/relation.h"

namespace hornbeam::data {

namespace internal {

template <class Value>
const Value* key_of(const Value& value) {
  return &value;
}
template <class Value>
const Value* key_of(const std::optional<Value>& value) {
  return value ? &*value : nullptr;
}

template <class Key>
concept Hashable = requires(const Key& key) {
  { std::hash<Key>{}(key) } -> std::same_as<std::size_t>;
};

}  // namespace internal

/// The rows that a relation leads to, by the row it begins at. Rows of one are side by side, in the
/// order asked for. A value of its own: it outlives its transaction.
template <class Path>
class Loaded {
 public:
  using From = typename Path::From;  ///< The rows that the relation begins at.
  using To = typename Path::To;      ///< The rows that it leads to.
  using Key = typename Path::Key;    ///< The type of the columns that join them.
  /// Whether a row leads to one row at most.
  static constexpr bool kIsOne = Path::kCardinality == Cardinality::kOne;
  static_assert(internal::Hashable<Key>, "the key of a relation needs a std::hash");

  /// What `row` leads to: a span, or, where it is one at most, a pointer, which is null if there is
  /// none. Requires: `row` is one of those loaded for (checked), or its key is NULL.
  auto of(const From& row) const {
    const Key* key = internal::key_of(row.*path_.from_key);
    const std::span<const To> found = key == nullptr ? std::span<const To>() : group_of(*key);
    if constexpr (kIsOne) {
      return found.empty() ? static_cast<const To*>(nullptr) : found.data();
    } else {
      return found;
    }
  }

  /// Every row that was found, to go on from: a row that several lead to is there once for each.
  const std::vector<To>& rows() const noexcept { return rows_; }

  /// Empty, for `Reads::load`.
  explicit Loaded(Path path) : path_(path) {}
  /// Takes note of a row to load for; false if there is nothing to look for, or not again.
  bool expect(const From& row) {
    const Key* key = internal::key_of(row.*path_.from_key);
    return key != nullptr && groups_.try_emplace(*key, groups_.size()).second;
  }
  /// Takes what was found. Requires: every key is one of those expected.
  void keep(std::vector<std::tuple<Key, To>> found) {
    std::vector<std::size_t> group(found.size());
    begins_.assign(groups_.size() + 1, 0);
    for (std::size_t at = 0; at < found.size(); ++at) {
      const auto own = groups_.find(std::get<0>(found[at]));
      if (own == groups_.end()) internal::throw_unlike_related(internal::TableTraits<To>::name());
      group[at] = own->second;
      ++begins_[group[at] + 1];
    }
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    rows_.resize(found.size());
    for (std::size_t at = 0; at < found.size(); ++at) {
      rows_[next[group[at]]++] = std::get<1>(std::move(found[at]));
    }
    if constexpr (kIsOne) {
      for (std::size_t at = 0; at + 1 < begins_.size(); ++at) {
        if (begins_[at + 1] - begins_[at] > 1) {
          internal::throw_second_related(internal::TableTraits<To>::name());
        }
      }
    }
  }

 private:
  std::span<const To> group_of(const Key& key) const {
    const auto found = groups_.find(key);
    base::check(found != groups_.end(), "a relation was asked about a row it was not loaded for");
    const std::size_t begin = begins_[found->second];
    return std::span<const To>(rows_).subspan(begin, begins_[found->second + 1] - begin);
  }

  Path path_;
  std::unordered_map<Key, std::size_t> groups_;
  std::vector<std::size_t> begins_{0};
  std::vector<To> rows_;
};

namespace internal {

template <class Path>
RelationQuery<Path> as_query(const Relation<Path>& relation) {
  return relation.query();
}
template <class Path>
const RelationQuery<Path>& as_query(const RelationQuery<Path>& query) {
  return query;  // NOLINT(bugprone-return-const-ref-from-parameter): nobody keeps it past the call
}

/// A relation, narrowed or not.
template <class Given>
concept IsRelation = requires { typename Given::PathType; };

/// Loads one relation for `rows` by one statement; by none if there are no rows.
template <class Access, class Rows, class Path>
Loaded<Path> load_related(Session& session, const Access& access, const Rows& rows,
                          const RelationQuery<Path>& query) {
  using To = typename Path::To;
  using Key = typename Path::Key;
  static_assert(std::same_as<std::ranges::range_value_t<Rows>, typename Path::From>,
                "the relation begins at another table than these rows are of");
  SelectParts parts;
  query.path().add_tables(access, parts);
  Loaded<Path> loaded(query.path());
  std::vector<KeptValue> keys;
  for (const auto& row : rows) {
    if (loaded.expect(row)) keys.push_back(KeptValue::of(*key_of(row.*query.path().from_key)));
  }
  if (keys.empty()) {
    loaded.keep({});
    return loaded;
  }
  access.enter(session);
  const Predicate whole =
      related_sql(std::move(parts), query.path().key_column(), all_columns<To>(),
                  join_fields<To>(", ", kEvery, quoted), std::move(keys), query.asked());
  loaded.keep(Cursor<std::tuple<Key, To>>(prepared(session.connection, whole)).all());
  return loaded;
}

/// A chain of relations: each for the rows of the one before.
template <class Access, class Rows, class First, class... Next>
auto load_chain(Session& session, const Access& access, const Rows& rows, const First& first,
                const Next&... next) {
  auto loaded = load_related(session, access, rows, as_query(first));
  if constexpr (sizeof...(Next) == 0) {
    return std::tuple(std::move(loaded));
  } else {
    auto after = load_chain(session, access, loaded.rows(), next...);
    return std::tuple_cat(std::tuple(std::move(loaded)), std::move(after));
  }
}

}  // namespace internal

}  // namespace hornbeam::data
