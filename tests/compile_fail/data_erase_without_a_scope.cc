// Erasing a row of a table of organisations without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

void use(data::Transaction& tx, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  tx.within(scope).erase<Plant>(7);
#else
  tx.erase<Plant>(7);
#endif
}
