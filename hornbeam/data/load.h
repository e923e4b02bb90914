#pragma once

// The relations of rows at hand, in a read of their own; within a transaction, it is `tx.load`.

#include <ranges>
#include <utility>

#include "hornbeam/data/database.h"

namespace hornbeam::data {

/// What each of `rows` leads to, as `Snapshot::load` gives it, in one read:
///
///   const auto posts = co_await data::load(*database, authors, posts_of_author);
template <std::ranges::range Rows, internal::IsRelation... Relations>
auto load(Database& database, Rows rows, Relations... relations)
    -> base::Task<decltype(std::declval<Snapshot&>().load(rows, relations...))> {
  co_return co_await database.read([&](Snapshot& db) { return db.load(rows, relations...); });
}
/// The same, of the rows of the scope's organisations.
template <std::ranges::range Rows, internal::IsRelation... Relations>
auto load(Database& database, Scope scope, Rows rows, Relations... relations)
    -> base::Task<decltype(std::declval<ScopedSnapshot&>().load(rows, relations...))> {
  co_return co_await database.read(
      [&](Snapshot& db) { return db.within(scope).load(rows, relations...); });
}

}  // namespace hornbeam::data
