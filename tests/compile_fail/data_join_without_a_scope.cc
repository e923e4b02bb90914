// Joining a table of organisations without saying whose rows.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

struct City {
  std::int64_t id = 0;
};
constexpr auto describe(base::Type<City>) {
  return base::fields(base::field("id", &City::id, data::primary_key));
}
constexpr std::string_view table_name(base::Type<City>) {
  return "cities";
}

std::int64_t use(data::Snapshot& db, [[maybe_unused]] const data::Scope& scope) {
  const auto same = data::column(&City::id) == data::column(&Plant::id);
#ifdef MENDED
  return db.within(scope).select<City>().join<Plant>(same).count();
#else
  return db.select<City>().join<Plant>(same).count();
#endif
}
