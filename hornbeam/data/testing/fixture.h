#pragma once

// What the tests of this library share: a folder that goes away, and two tables.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <stdlib.h>

#include "hornbeam/data/database.h"
#include "hornbeam/data/error.h"

namespace hornbeam::data {

/// A folder of a test's own, removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "data-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string url() const { return "sqlite:///" + (path_ / "test.db").string(); }

 private:
  std::filesystem::path path_;
};

struct Post {
  std::int64_t id = 0;
  std::int64_t author = 0;
  std::string title;
  std::optional<std::string> teaser = {};
  int score = 0;
};
constexpr auto describe(base::Type<Post>) {
  using base::field;
  return base::fields(field("id", &Post::id, primary_key, generated),
                      field("author", &Post::author), field("title", &Post::title),
                      field("teaser", &Post::teaser), field("score", &Post::score));
}
constexpr std::string_view table_name(base::Type<Post>) {
  return "posts";
}

/// A table with a key of two columns, such as a log per game.
struct Event {
  std::int64_t game_id = 0;
  std::int64_t seq = 0;
  std::string body;
};
constexpr auto describe(base::Type<Event>) {
  using base::field;
  return base::fields(field("game_id", &Event::game_id, primary_key),
                      field("seq", &Event::seq, primary_key), field("body", &Event::body));
}
constexpr std::string_view table_name(base::Type<Event>) {
  return "events";
}

inline void create_tables(Database& database) {
  database.write_now([](Transaction& tx) {
    tx.execute(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL, title TEXT NOT NULL, "
        "teaser TEXT, score INTEGER NOT NULL DEFAULT 0 CHECK (score >= 0))");
    tx.execute(
        "CREATE TABLE events (game_id INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, "
        "PRIMARY KEY (game_id, seq)) WITHOUT ROWID");
  });
}

/// The error that `work` ends with; a test failure elsewhere if it does not.
template <class Work>
std::optional<DatabaseError> error_of(Work work) {
  try {
    work();
  } catch (const DatabaseError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace hornbeam::data
