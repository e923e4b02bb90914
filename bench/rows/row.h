#pragma once

// How dear is a row? The same three pieces of work by Hornbeam's data library and by plain calls of
// sqlite3 and libpq: insert many rows, read them all into structs, and find each by its key.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Item {
  std::int64_t id = 0;
  std::int64_t owner = 0;
  std::string name;
  double price = 0;
  std::optional<std::string> note = {};
};

/// Rows with texts of some length, every third without a note.
inline std::vector<Item> make_items(std::int64_t count) {
  std::vector<Item> items;
  for (std::int64_t id = 1; id <= count; ++id) {
    items.push_back(
        {id, id % 97, "item number " + std::to_string(id), 0.25 * static_cast<double>(id)});
    if (id % 3 != 0) items.back().note = "a note of about thirty bytes " + std::to_string(id);
  }
  return items;
}

/// Whoever does the work. `load` and `find` give a sum over what they read, so that nobody can
/// leave it out.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void insert(const std::vector<Item>& items) = 0;
  virtual double load() = 0;
  virtual double find(std::int64_t count) = 0;
};

inline double weight(const Item& item) {
  return item.price +
         static_cast<double>(item.owner + static_cast<std::int64_t>(item.name.size()) +
                             static_cast<std::int64_t>(item.note ? item.note->size() : 0));
}

inline constexpr std::string_view kTable =
    "CREATE TABLE items (id BIGINT PRIMARY KEY, owner BIGINT NOT NULL, name TEXT NOT NULL, "
    "price DOUBLE PRECISION NOT NULL, note TEXT)";
inline constexpr std::string_view kSqliteTable =
    "CREATE TABLE items (id INTEGER PRIMARY KEY, owner BIGINT NOT NULL, name TEXT NOT NULL, "
    "price DOUBLE PRECISION NOT NULL, note TEXT)";

}  // namespace bench
