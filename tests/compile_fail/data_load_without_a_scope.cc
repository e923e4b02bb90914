// Loading what rows lead to, in a table of organisations, without saying whose.
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

constexpr auto kPlants = data::has_many(&Plant::id, &Plant::id);

std::size_t use(data::Snapshot& db, const std::vector<Plant>& plants,
                [[maybe_unused]] const data::Scope& scope) {
#ifdef MENDED
  return db.within(scope).load(plants, kPlants).rows().size();
#else
  return db.load(plants, kPlants).rows().size();
#endif
}
