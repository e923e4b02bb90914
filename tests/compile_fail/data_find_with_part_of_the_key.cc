// A row asked for by one part of a key that has two.
// expect-error: find takes one argument for each primary_key field of the table
#include "hornbeam/data.h"

using namespace hornbeam;

struct Event {
  int game_id = 0;
  int seq = 0;
};
constexpr auto describe(base::Type<Event>) {
  return base::fields(base::field("game_id", &Event::game_id, data::primary_key),
                      base::field("seq", &Event::seq, data::primary_key));
}
constexpr std::string_view table_name(base::Type<Event>) {
  return "events";
}

bool is_there(data::Snapshot& db) {
#ifdef MENDED
  return db.find<Event>(7, 1).has_value();
#else
  return db.find<Event>(7).has_value();
#endif
}
