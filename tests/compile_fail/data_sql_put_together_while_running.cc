// SQL made of input: where it could become an attack, it does not compile.
// expect-error: no known conversion from .*string.* to .*Sql
#include <string>

#include "hornbeam/data.h"

void erase(hornbeam::data::Transaction& tx, const std::string& author) {
#ifdef MENDED
  tx.execute("DELETE FROM posts WHERE author = ?", author);
#else
  tx.execute("DELETE FROM posts WHERE author = '" + author + "'");
#endif
}
