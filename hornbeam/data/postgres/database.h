#pragma once

#include <memory>
#include <string_view>

#include "hornbeam/data/database.h"

namespace hornbeam::data::postgres {

/// Opens a PostgreSQL URL: see `Database::open`.
std::unique_ptr<Database> open_database(std::string_view url, const DatabaseOptions& options);

}  // namespace hornbeam::data::postgres
