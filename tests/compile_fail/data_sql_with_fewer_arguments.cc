// A statement with a placeholder that no argument is given for.
// expect-error: the_sql_has_another_number_of_placeholders_than_there_are_arguments
#include "hornbeam/data.h"

void erase(hornbeam::data::Transaction& tx) {
#ifdef MENDED
  tx.execute("DELETE FROM posts WHERE author = ?", 7);
#else
  tx.execute("DELETE FROM posts WHERE author = ?");
#endif
}
