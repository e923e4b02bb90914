// Deleting rows of a table of organisations by a condition without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

void use(data::Transaction& tx, [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  tx.within(scope).erase_where(data::column(&Plant::id) > 7);
#else
  tx.erase_where(data::column(&Plant::id) > 7);
#endif
}
