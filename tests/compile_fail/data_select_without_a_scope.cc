// Reading the rows of a table of organisations without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

std::int64_t use(data::Snapshot& db, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  return db.within(scope).select<Plant>().count();
#else
  return db.select<Plant>().count();
#endif
}
