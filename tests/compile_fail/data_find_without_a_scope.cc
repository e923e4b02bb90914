// Finding a row of a table of organisations without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

bool use(data::Snapshot& db, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  return db.within(scope).find<Plant>(7).has_value();
#else
  return db.find<Plant>(7).has_value();
#endif
}
