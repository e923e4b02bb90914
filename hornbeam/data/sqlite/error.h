#pragma once

#include <string_view>

#include "hornbeam/data/error.h"

struct sqlite3;

namespace hornbeam::data::sqlite {

/// The kind that an (extended) result code of SQLite belongs to.
ErrorKind kind_of(int code) noexcept;

/// Throws what `code`, just returned for `handle`, means. `doing` says during what, such as
/// "committing".
[[noreturn]] void throw_failure(sqlite3* handle, int code, std::string_view doing,
                                std::string_view sql = {});

}  // namespace hornbeam::data::sqlite
