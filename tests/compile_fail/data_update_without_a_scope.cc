// Updating a row of a table of organisations without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

void use(data::Transaction& tx, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  tx.within(scope).update(Plant{});
#else
  tx.update(Plant{});
#endif
}
