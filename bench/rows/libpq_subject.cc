#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include <endian.h>
#include <libpq-fe.h>

#include "bench/rows/subjects.h"

namespace bench {
namespace {

constexpr int kColumns = 5;
constexpr int kRowsOfStatement = 400;

/// A row's parameters in the server's binary form.
struct Bound {
  std::uint64_t id;
  std::uint64_t owner;
  std::uint64_t price;

  explicit Bound(const Item& item)
      : id(htobe64(static_cast<std::uint64_t>(item.id))),
        owner(htobe64(static_cast<std::uint64_t>(item.owner))),
        price(htobe64(std::bit_cast<std::uint64_t>(item.price))) {}

  void add(const Item& item, std::vector<const char*>& values, std::vector<int>& lengths) const {
    const auto number = [&](const std::uint64_t& bytes) {
      values.push_back(reinterpret_cast<const char*>(&bytes));
      lengths.push_back(sizeof bytes);
    };
    const auto text = [&](const std::string* string) {
      values.push_back(string == nullptr ? nullptr : string->data());
      lengths.push_back(string == nullptr ? 0 : static_cast<int>(string->size()));
    };
    number(id);
    number(owner);
    text(&item.name);
    number(price);
    text(item.note ? &*item.note : nullptr);
  }
};

std::uint64_t big_endian(const char* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return be64toh(value);
}

class LibpqSubject final : public Subject {
 public:
  LibpqSubject(const std::string& url, bool is_pipelined)
      : connection_(PQconnectdb(url.c_str())), is_pipelined_(is_pipelined) {
    if (PQstatus(connection_) != CONNECTION_OK)
      throw std::runtime_error(PQerrorMessage(connection_));
    run(std::string(kTable).c_str());
  }
  ~LibpqSubject() override { PQfinish(connection_); }
  LibpqSubject(const LibpqSubject&) = delete;
  LibpqSubject& operator=(const LibpqSubject&) = delete;

  void insert(const std::vector<Item>& items) override {
    run("BEGIN ISOLATION LEVEL SERIALIZABLE");
    const std::size_t each = is_pipelined_ ? 1 : kRowsOfStatement;
    prepare("many", insert_sql(each));
    if (is_pipelined_) PQenterPipelineMode(connection_);
    std::size_t at = 0;
    for (; at + each <= items.size(); at += each) insert_some("many", items, at, each);
    if (at < items.size()) {
      prepare("rest", insert_sql(items.size() - at));
      insert_some("rest", items, at, items.size() - at);
    }
    if (is_pipelined_) drain(items.size());
    run("COMMIT");
    run("DEALLOCATE ALL");
  }

  double load() override {
    run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    PGresult* result = PQexecParams(connection_, "SELECT id, owner, name, price, note FROM items",
                                    0, nullptr, nullptr, nullptr, nullptr, 1);
    require(result);
    std::vector<Item> items;
    for (int row = 0; row < PQntuples(result); ++row) items.push_back(read(result, row));
    PQclear(result);
    run("COMMIT");
    double sum = 0;
    for (const Item& item : items) sum += weight(item);
    return sum;
  }

  double find(std::int64_t count) override {
    run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    prepare("find", "SELECT id, owner, name, price, note FROM items WHERE id = $1");
    if (is_pipelined_) PQenterPipelineMode(connection_);
    double sum = 0;
    for (std::int64_t id = 1; id <= count; ++id) {
      const std::uint64_t key = htobe64(static_cast<std::uint64_t>(id));
      const auto* value = reinterpret_cast<const char*>(&key);
      const int length = sizeof key;
      const int format = 1;
      if (is_pipelined_) {
        PQsendQueryPrepared(connection_, "find", 1, &value, &length, &format, 1);
        continue;
      }
      PGresult* result = PQexecPrepared(connection_, "find", 1, &value, &length, &format, 1);
      require(result);
      sum += weight(read(result, 0));
      PQclear(result);
    }
    if (is_pipelined_) sum = drain(static_cast<std::size_t>(count));
    run("COMMIT");
    run("DEALLOCATE ALL");
    return sum;
  }

 private:
  void require(PGresult* result) const {
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
    throw std::runtime_error(PQerrorMessage(connection_));
  }
  void run(const char* sql) const {
    PGresult* result = PQexec(connection_, sql);
    require(result);
    PQclear(result);
  }
  void prepare(const char* name, const std::string& sql) const {
    PGresult* result = PQprepare(connection_, name, sql.c_str(), 0, nullptr);
    require(result);
    PQclear(result);
  }

  static std::string insert_sql(std::size_t rows) {
    std::string sql = "INSERT INTO items (id, owner, name, price, note) VALUES ";
    for (std::size_t row = 0; row < rows; ++row) {
      sql += row == 0 ? "(" : ", (";
      for (std::size_t at = 1; at <= kColumns; ++at) {
        sql += (at == 1 ? "$" : ", $") + std::to_string(row * kColumns + at);
      }
      sql += ')';
    }
    return sql;
  }

  void insert_some(const char* name, const std::vector<Item>& items, std::size_t from,
                   std::size_t count) const {
    std::vector<Bound> bound;
    bound.reserve(count);
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (std::size_t at = from; at < from + count; ++at) {
      bound.emplace_back(items[at]).add(items[at], values, lengths);
    }
    const std::vector<int> formats(values.size(), 1);
    const int number = static_cast<int>(values.size());
    if (is_pipelined_) {
      PQsendQueryPrepared(connection_, name, number, values.data(), lengths.data(), formats.data(),
                          1);
      return;
    }
    PGresult* result =
        PQexecPrepared(connection_, name, number, values.data(), lengths.data(), formats.data(), 1);
    require(result);
    PQclear(result);
  }

  /// Takes the answers of a pipeline and leaves it.
  double drain(std::size_t count) const {
    PQpipelineSync(connection_);
    double sum = 0;
    for (std::size_t at = 0; at < count; ++at) {
      PGresult* result = PQgetResult(connection_);
      require(result);
      if (PQntuples(result) > 0) sum += weight(read(result, 0));
      PQclear(result);
      PQclear(PQgetResult(connection_));  // null, which ends one
    }
    PQclear(PQgetResult(connection_));  // the sync
    PQexitPipelineMode(connection_);
    return sum;
  }

  static Item read(const PGresult* result, int row) {
    Item item;
    item.id = static_cast<std::int64_t>(big_endian(PQgetvalue(result, row, 0)));
    item.owner = static_cast<std::int64_t>(big_endian(PQgetvalue(result, row, 1)));
    const auto text = [&](int column) {
      return std::string(PQgetvalue(result, row, column),
                         static_cast<std::size_t>(PQgetlength(result, row, column)));
    };
    item.name = text(2);
    item.price = std::bit_cast<double>(big_endian(PQgetvalue(result, row, 3)));
    if (PQgetisnull(result, row, 4) == 0) item.note = text(4);
    return item;
  }

  PGconn* connection_;
  bool is_pipelined_;
};

}  // namespace

std::unique_ptr<Subject> libpq_subject(const std::string& url, bool is_pipelined) {
  return std::make_unique<LibpqSubject>(url, is_pipelined);
}

}  // namespace bench
