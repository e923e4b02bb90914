// A placeholder with a number, which not every database understands.
// expect-error: the_sql_has_a_numbered_placeholder_write_a_plain_question_mark
#include "hornbeam/data.h"

void erase(hornbeam::data::Transaction& tx) {
#ifdef MENDED
  tx.execute("DELETE FROM posts WHERE author = ?", 7);
#else
  tx.execute("DELETE FROM posts WHERE author = ?1", 7);
#endif
}
