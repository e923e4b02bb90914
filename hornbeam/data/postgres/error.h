#pragma once

#include <string_view>

#include "hornbeam/data/error.h"

struct pg_result;

namespace hornbeam::data::postgres {

/// The kind that a SQLSTATE belongs to.
/// Source: https://www.postgresql.org/docs/15/errcodes-appendix.html
ErrorKind kind_of(std::string_view sqlstate) noexcept;

/// Throws what `failed`, the answer to `sql`, means. `doing` says during what, such as
/// "committing".
/// The place that the server counts in is one of `sent`, the SQL in its own spelling.
[[noreturn]] void throw_failure(const pg_result& failed, std::string_view doing,
                                std::string_view sql = {}, std::string_view sent = {});

/// A field of an error report, empty if it has none.
std::string_view error_field(const pg_result& failed, int field);

/// What work hears that would begin or end its own transaction.
[[noreturn]] void throw_no_control(std::string_view sql);

}  // namespace hornbeam::data::postgres
