// SQLite's FTS5, contentless: texts are found but not kept. Tags lie in a table beside it.

#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <sqlite3.h>

#include "bench/search/subject.h"

namespace hornbeam::bench {
namespace {

constexpr const char* kSchema = R"(
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  CREATE VIRTUAL TABLE texts USING fts5(text, content='', tokenize='unicode61');
  CREATE TABLE documents (row INTEGER PRIMARY KEY, id TEXT UNIQUE, section TEXT, month TEXT);
  CREATE TABLE tags (row INTEGER, tag TEXT, PRIMARY KEY (row, tag)) WITHOUT ROWID;
  BEGIN;)";

class Fts5Subject final : public Subject {
 public:
  ~Fts5Subject() override {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  void begin(const std::filesystem::path& folder) override {
    std::filesystem::create_directories(folder);
    connect(folder);
    execute(kSchema);
  }
  void prepare(std::span<const Row> rows) override { rows_.assign(rows.begin(), rows.end()); }
  void add() override {
    for (const Row& row : rows_) {
      const std::string number = std::to_string(++count_);
      query("INSERT INTO texts(rowid, text) VALUES (?, ?)", {number, row.text});
      query(
          "INSERT INTO documents VALUES (?, ?, ?, "
          "strftime('%Y-%m', nullif(?, '') / 1000, 'unixepoch'))",
          {number, row.id, row.section, row.date});
      if (row.tags.empty()) continue;
      for (const std::string& tag : split(row.tags, ' ')) {
        query("INSERT OR IGNORE INTO tags VALUES (?, ?)", {number, tag});
      }
    }
  }
  void commit() override { execute("COMMIT"); }
  void merge() override { execute("INSERT INTO texts(texts) VALUES ('optimize'); VACUUM;"); }
  std::uint64_t index_bytes() override { return std::filesystem::file_size(path_); }

  void open(const std::filesystem::path& folder, std::span<const Question> questions) override {
    connect(folder);
    questions_.assign(questions.begin(), questions.end());
  }
  std::uint64_t ask(std::size_t index, bool counts) override {
    const Question& question = questions_[index];
    if (question.is_aggregation()) return aggregate(question);
    const std::string match = match_of(question);
    query("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10", {match});
    return counts ? query("SELECT count(*) FROM texts WHERE texts MATCH ?", {match}) : 0;
  }

 private:
  void connect(const std::filesystem::path& folder) {
    path_ = folder / "fts5.db";
    if (sqlite3_open(path_.c_str(), &database_) != SQLITE_OK) fail();
    execute("PRAGMA mmap_size = 4000000000");
  }
  [[noreturn]] void fail() const { throw std::runtime_error(sqlite3_errmsg(database_)); }
  void execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
  }

  /// Runs a statement to its end; gives the first number of its last row.
  std::uint64_t query(const char* sql, const std::vector<std::string>& values) {
    sqlite3_stmt*& statement = statements_[sql];
    if (!statement && sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) {
      fail();
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      sqlite3_bind_text(statement, static_cast<int>(i + 1), values[i].data(),
                        static_cast<int>(values[i].size()), SQLITE_STATIC);
    }
    std::uint64_t number = 0;
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
      number = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0));
    }
    sqlite3_reset(statement);
    if (step != SQLITE_DONE) fail();
    return number;
  }

  static std::string match_of(const Question& question) {
    const std::string_view between = question.kind == Kind::kOr       ? "\" OR \""
                                     : question.kind == Kind::kPhrase ? " "
                                                                      : "\" AND \"";
    std::string match;
    for (const std::string& word : question.words) {
      if (!match.empty()) match += between;
      match += word;
    }
    return fmt::format("\"{}\"{}", match, question.kind == Kind::kPrefix ? "*" : "");
  }

  std::uint64_t aggregate(const Question& question) {
    const bool by_tag = question.kind == Kind::kTags;
    if (question.words.empty()) {
      return by_tag ? query(
                          "SELECT count(*), tag FROM tags GROUP BY tag ORDER BY 1 DESC, 2 "
                          "LIMIT 10",
                          {})
                    : query("SELECT count(*), month FROM documents GROUP BY month", {});
    }
    return by_tag ? query(
                        "SELECT count(*), tag FROM tags JOIN texts ON tags.row = texts.rowid "
                        "WHERE texts MATCH ? GROUP BY tag ORDER BY 1 DESC, 2 LIMIT 10",
                        {match_of(question)})
                  : query(
                        "SELECT count(*), month FROM documents JOIN texts ON row = texts.rowid "
                        "WHERE texts MATCH ? GROUP BY month",
                        {match_of(question)});
  }

  std::filesystem::path path_;
  sqlite3* database_ = nullptr;
  std::map<std::string, sqlite3_stmt*> statements_;
  std::vector<Row> rows_;
  std::vector<Question> questions_;
  std::uint64_t count_ = 0;
};

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  hornbeam::bench::Fts5Subject subject;
  return hornbeam::bench::run(argc, argv, subject);
}
