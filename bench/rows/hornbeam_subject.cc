#include "bench/rows/subjects.h"
#include "hornbeam/data.h"

namespace bench {

using namespace hornbeam;

constexpr auto describe(base::Type<Item>) {
  using base::field;
  return base::fields(field("id", &Item::id, data::primary_key), field("owner", &Item::owner),
                      field("name", &Item::name), field("price", &Item::price),
                      field("note", &Item::note));
}
constexpr std::string_view table_name(base::Type<Item>) {
  return "items";
}

namespace {

class HornbeamSubject final : public Subject {
 public:
  explicit HornbeamSubject(const std::string& url) : database_(data::Database::open(url)) {
    database_->write_now([&](data::Transaction& tx) {
      const bool sqlite = tx.dialect() == data::Dialect::kSqlite;
      tx.execute(data::unchecked_sql(sqlite ? kSqliteTable : kTable));
    });
  }

  void insert(const std::vector<Item>& items) override {
    database_->write_now([&](data::Transaction& tx) { tx.insert_all(items); });
  }
  double load() override {
    return database_->read_now([](data::Snapshot& db) {
      double sum = 0;
      for (const Item& item : db.select<Item>().all()) sum += weight(item);
      return sum;
    });
  }
  double find(std::int64_t count) override {
    return database_->read_now([&](data::Snapshot& db) {
      double sum = 0;
      for (std::int64_t id = 1; id <= count; ++id) sum += weight(*db.find<Item>(id));
      return sum;
    });
  }

 private:
  std::unique_ptr<data::Database> database_;
};

}  // namespace

std::unique_ptr<Subject> hornbeam_subject(const std::string& url) {
  return std::make_unique<HornbeamSubject>(url);
}

}  // namespace bench
