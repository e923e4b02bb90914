// Loading what rows lead to, in a table of organisations, without saying whose.
// expect-error: this table belongs to an organisation, and may only be named within a scope
// expect-error: Mend: call db\.within\(scope\)
#include "tests/compile_fail/plant.h"

constexpr auto kPlants = data::has_many(&Plant::id, &Plant::id);

std::size_t use(data::Snapshot& db, const std::vector<Plant>& plants,
                [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  return db.within(scope).load(plants, kPlants).rows().size();
#else
  return db.load(plants, kPlants).rows().size();
#endif
}
