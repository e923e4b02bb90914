#pragma once

// Relation: how the rows of one table lead to those of another, said once and loaded for many rows
// at a time.
//
//   inline constexpr auto posts_of_author = data::has_many(&Author::id, &Post::author);
//   inline constexpr auto author_of_post = data::belongs_to(&Post::author, &Author::id);
//   inline constexpr auto tags_of_post =
//       data::many_to_many(&Post::id, &Tagging::post, &Tagging::tag, &Tag::id);
//
//   const auto posts = db.load(authors, posts_of_author);
//   for (const Author& author : authors) show(author, posts.of(author));
//
// Each relation takes one statement, however many rows there are: nothing is fetched behind the
// back of a loop. Relations of relations follow in the same call, each for the rows of the one
// before: `const auto [posts, comments] = db.load(authors, posts_of_author, comments_of_post);`

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/data/scope.h"
#include "hornbeam/data/select.h"

namespace hornbeam::data {

/// How many rows a row may lead to.
enum class Cardinality { kOne, kMany };

namespace internal {

/// The columns that a relation goes by: `from_key` of what it begins at is looked for in `to_key`.
template <Cardinality Many, class FromRow, class FromKey, class ToRow, class ToKey>
struct DirectPath {
  using From = FromRow;
  using To = ToRow;
  using Named = List<ToRow>;
  using Key = Plain<FromKey>;
  static constexpr Cardinality kCardinality = Many;

  FromKey FromRow::* from_key;
  ToKey ToRow::* to_key;

  std::string key_column() const { return column(to_key).sql(); }
  template <class Access>
  void add_tables(const Access& access, SelectParts& parts) const {
    parts.tables.push_back(table_reference<To>(access));
  }
};

/// The same by way of a table that holds pairs of keys.
template <class FromRow, class FromKey, class Pair, class Near, class Far, class ToRow, class ToKey>
struct PathThrough {
  using From = FromRow;
  using To = ToRow;
  using Named = List<ToRow, Pair>;
  using Key = Plain<FromKey>;
  static constexpr Cardinality kCardinality = Cardinality::kMany;

  FromKey FromRow::* from_key;
  Near Pair::* near;
  Far Pair::* far;
  ToKey ToRow::* to_key;

  std::string key_column() const { return column(near).sql(); }
  template <class Access>
  void add_tables(const Access& access, SelectParts& parts) const {
    parts.tables.push_back(table_reference<Pair>(access));
    TableReference to = table_reference<To>(access);
    to.join = " JOIN ";
    to.on = (column(to_key) == column(far)).predicate();
    parts.tables.push_back(std::move(to));
  }
};

/// What is asked of the rows that a relation leads to.
struct RelatedParts {
  Predicate where;
  Predicate order;
  std::optional<std::int64_t> most_each;
};

/// The statement for all keys at once; see relation.cc. `parts` has the tables.
Predicate related_sql(SelectParts parts, const std::string& key, const std::string& columns,
                      const std::string& names, std::vector<KeptValue> keys,
                      const RelatedParts& asked);
[[noreturn]] void throw_second_related(std::string_view table);
[[noreturn]] void throw_unlike_related(std::string_view table);

}  // namespace internal

/// A relation with what is asked of its rows. Made by `has_many` and its like, or by narrowing one.
template <class Path>
class RelationQuery {
 public:
  using PathType = Path;         ///< The way from rows to rows.
  using To = typename Path::To;  ///< The rows that it leads to.

  /// Asks for all rows that `path` leads to.
  explicit RelationQuery(Path path) : path_(path) {}

  /// Only rows for which `condition` holds; of several calls, all must.
  template <class... Sources>
  RelationQuery where(Condition<Sources...> condition) const {
    require_named<Sources...>();
    RelationQuery next = *this;
    next.asked_.where =
        internal::joined(std::move(next.asked_.where), "AND", std::move(condition).predicate());
    return next;
  }
  /// The rows of each in the order of a column; of several calls, the first decides.
  template <Table Row, class Value>
  RelationQuery order_by(Value Row::* member, Direction direction = ascending) const {
    return order_by(column(member), direction);
  }
  template <class Value, class... Sources>
  RelationQuery order_by(const Expression<Value, Sources...>& by,
                         Direction direction = ascending) const {
    require_named<Sources...>();
    RelationQuery next = *this;
    internal::Predicate part = by.part();
    if (direction == descending) part.sql += " DESC";
    internal::append(next.asked_.order, ", ", std::move(part));
    return next;
  }
  /// Of each row at most `count`, the first in the order asked for.
  RelationQuery limit_each(std::int64_t count) const {
    RelationQuery next = *this;
    next.asked_.most_each = count;
    return next;
  }

  /// The way, without what was asked for.
  const Path& path() const { return path_; }
  /// What was asked for besides the way.
  const internal::RelatedParts& asked() const { return asked_; }

 private:
  template <class... Sources>
  static consteval void require_named() {
    static_assert(internal::kIsSubset<internal::List<Sources...>, typename Path::Named>,
                  "the relation does not lead to this table: ask about the rows it loads");
  }

  Path path_;
  internal::RelatedParts asked_;
};

/// How rows lead to rows, and nothing else; a constant.
template <class Path>
struct Relation {
  using PathType = Path;         ///< The way from rows to rows.
  using To = typename Path::To;  ///< The rows that it leads to.

  Path path;  ///< The way itself: which columns are equal.

  /// All rows of the relation, to be narrowed down.
  constexpr RelationQuery<Path> query() const { return RelationQuery<Path>(path); }
  /// As in `RelationQuery`.
  template <class... Sources>
  RelationQuery<Path> where(Condition<Sources...> condition) const {
    return query().where(std::move(condition));
  }
  /// As in `RelationQuery`.
  template <class By>
  RelationQuery<Path> order_by(By by, Direction direction = ascending) const {
    return query().order_by(by, direction);
  }
  /// As in `RelationQuery`.
  RelationQuery<Path> limit_each(std::int64_t count) const { return query().limit_each(count); }
};

/// Rows of `To` whose `reference` is this row's `key`.
template <Table From, class FromKey, Table To, class ToKey>
  requires internal::ComparableWith<internal::Plain<FromKey>, ToKey>
constexpr auto has_many(FromKey From::* key, ToKey To::* reference) {
  using Path = internal::DirectPath<Cardinality::kMany, From, FromKey, To, ToKey>;
  return Relation<Path>{{key, reference}};
}
/// The same where there is at most one such row.
template <Table From, class FromKey, Table To, class ToKey>
  requires internal::ComparableWith<internal::Plain<FromKey>, ToKey>
constexpr auto has_one(FromKey From::* key, ToKey To::* reference) {
  using Path = internal::DirectPath<Cardinality::kOne, From, FromKey, To, ToKey>;
  return Relation<Path>{{key, reference}};
}
/// The row of `To` whose `key` this row's `reference` is; none where the reference is NULL.
template <Table From, class FromKey, Table To, class ToKey>
  requires internal::ComparableWith<internal::Plain<FromKey>, ToKey>
constexpr auto belongs_to(FromKey From::* reference, ToKey To::* key) {
  return has_one(reference, key);
}
/// Rows of `To` that a table of pairs ties to this row: `near` is this row's key, `far` theirs.
template <Table From, class FromKey, Table Pair, class Near, class Far, Table To, class ToKey>
  requires internal::ComparableWith<internal::Plain<FromKey>, Near> &&
           internal::ComparableWith<internal::Plain<Far>, ToKey>
constexpr auto many_to_many(FromKey From::* key, Near Pair::* near, Far Pair::* far,
                            ToKey To::* to_key) {
  using Path = internal::PathThrough<From, FromKey, Pair, Near, Far, To, ToKey>;
  return Relation<Path>{{key, near, far, to_key}};
}

}  // namespace hornbeam::data
