#pragma once

// A table of organisations, for the cases in which it is used without a scope.

#include "hornbeam/data.h"

using namespace hornbeam;  // NOLINT: the cases are a few lines each.

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
