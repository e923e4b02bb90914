#include <stdexcept>

#include <sqlite3.h>

#include "bench/rows/subjects.h"

namespace bench {
namespace {

void require(int result, sqlite3* database) {
  if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) {
    throw std::runtime_error(sqlite3_errmsg(database));
  }
}

class SqliteSubject final : public Subject {
 public:
  explicit SqliteSubject(const std::string& file) {
    require(sqlite3_open(file.c_str(), &database_), database_);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run(std::string(kSqliteTable).c_str());
  }
  ~SqliteSubject() override { sqlite3_close(database_); }
  SqliteSubject(const SqliteSubject&) = delete;
  SqliteSubject& operator=(const SqliteSubject&) = delete;

  void insert(const std::vector<Item>& items) override {
    sqlite3_stmt* statement =
        prepare("INSERT INTO items (id, owner, name, price, note) VALUES (?, ?, ?, ?, ?)");
    run("BEGIN IMMEDIATE");
    for (const Item& item : items) {
      sqlite3_bind_int64(statement, 1, item.id);
      sqlite3_bind_int64(statement, 2, item.owner);
      bind(statement, 3, item.name);
      sqlite3_bind_double(statement, 4, item.price);
      if (item.note) {
        bind(statement, 5, *item.note);
      } else {
        sqlite3_bind_null(statement, 5);
      }
      require(sqlite3_step(statement), database_);
      sqlite3_reset(statement);
    }
    run("COMMIT");
    sqlite3_finalize(statement);
  }

  double load() override {
    sqlite3_stmt* statement = prepare("SELECT id, owner, name, price, note FROM items");
    run("BEGIN");
    std::vector<Item> items;
    while (sqlite3_step(statement) == SQLITE_ROW) items.push_back(read(statement));
    run("COMMIT");
    sqlite3_finalize(statement);
    double sum = 0;
    for (const Item& item : items) sum += weight(item);
    return sum;
  }

  double find(std::int64_t count) override {
    sqlite3_stmt* statement =
        prepare("SELECT id, owner, name, price, note FROM items WHERE id = ?");
    run("BEGIN");
    double sum = 0;
    for (std::int64_t id = 1; id <= count; ++id) {
      sqlite3_bind_int64(statement, 1, id);
      require(sqlite3_step(statement), database_);
      sum += weight(read(statement));
      sqlite3_reset(statement);
    }
    run("COMMIT");
    sqlite3_finalize(statement);
    return sum;
  }

 private:
  void run(const char* sql) {
    require(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), database_);
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr), database_);
    return statement;
  }
  static void bind(sqlite3_stmt* statement, int at, const std::string& text) {
    sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  static std::string text(sqlite3_stmt* statement, int at) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, at));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, at))};
  }
  static Item read(sqlite3_stmt* statement) {
    Item item;
    item.id = sqlite3_column_int64(statement, 0);
    item.owner = sqlite3_column_int64(statement, 1);
    item.name = text(statement, 2);
    item.price = sqlite3_column_double(statement, 3);
    if (sqlite3_column_type(statement, 4) != SQLITE_NULL) item.note = text(statement, 4);
    return item;
  }

  sqlite3* database_ = nullptr;
};

}  // namespace

std::unique_ptr<Subject> sqlite_subject(const std::string& file) {
  return std::make_unique<SqliteSubject>(file);
}

}  // namespace bench
