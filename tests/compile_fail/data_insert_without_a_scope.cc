// Inserting into a table of organisations without saying for whom.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

void use(data::Transaction& tx, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  tx.within(scope).insert(Plant{});
#else
  tx.insert(Plant{});
#endif
}
