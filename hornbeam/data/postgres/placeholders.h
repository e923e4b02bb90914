#pragma once

#include <string>
#include <string_view>

namespace hornbeam::data::postgres {

/// A statement in PostgreSQL's spelling.
struct Translated {
  std::string sql;
  int parameters = 0;
};

/// `?` becomes `$1`, `$2`, ... outside of quotes and comments; `??` is a question mark, for the
/// operators `?`, `?|` and `?&` of jsonb.
Translated translate_placeholders(std::string_view sql);

/// True if the statement is one that begins or ends (part of) a transaction.
bool is_transaction_control(std::string_view sql);

/// True if there is nothing in the SQL but space, comments and semicolons.
bool is_blank(std::string_view sql);

}  // namespace hornbeam::data::postgres
