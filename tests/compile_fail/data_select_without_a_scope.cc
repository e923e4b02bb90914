// Reading the rows of a table of organisations without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "hornbeam/data.h"

using namespace hornbeam;

struct Plant {
  std::int64_t id = 0;
  std::int64_t organisation = 0;
};
constexpr auto describe(base::Type<Plant>) {
  return base::fields(
      base::field("id", &Plant::id, data::primary_key),
      base::field("organisation", &Plant::organisation, data::belongs_to_organisation));
}
constexpr std::string_view table_name(base::Type<Plant>) {
  return "plants";
}

std::int64_t use(data::Snapshot& db, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  return db.within(scope).select<Plant>().count();
#else
  return db.select<Plant>().count();
#endif
}
