#include "hornbeam/data/look.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace hornbeam::data {

namespace {

/// A row whose columns are known only when it is read.
struct TextRow {
  std::vector<std::string> names;
  std::vector<std::string> cells;
};

std::string text_of(const Statement& statement, int column) {
  switch (statement.column_type(column)) {
    case ColumnType::kNull:
      return "NULL";
    case ColumnType::kInteger:
      return std::to_string(statement.integer(column));
    case ColumnType::kReal:
      return fmt::format("{}", statement.real(column));
    case ColumnType::kText:
      return std::string(statement.text(column));
    case ColumnType::kBlob:
      return fmt::format("({} bytes)", statement.blob(column).size());
  }
  return {};
}

/// Refuses at once what is no question, with a better reason than the database's.
void require_reading(std::string_view sql) {
  const auto is_letter = [](unsigned char each) { return std::isalpha(each) != 0; };
  const auto begin = std::ranges::find_if(sql, is_letter);
  const auto end = std::find_if_not(begin, sql.end(), is_letter);
  std::string word(begin, end);
  for (char& each : word) each = static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  constexpr std::array<std::string_view, 4> kReading{"SELECT", "WITH", "VALUES", "EXPLAIN"};
  if (std::ranges::find(kReading, word) == kReading.end()) {
    throw std::invalid_argument(
        "only reading is possible here. Mend: SELECT ..., WITH ..., "
        "VALUES ... or EXPLAIN ...");
  }
}

/// One line, cut to `most` bytes, but not inside of a character.
std::string fitted(std::string text, std::size_t most) {
  for (char& each : text) {
    if (static_cast<unsigned char>(each) < ' ') each = ' ';
  }
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += fmt::format("{}{:{}}", i == 0 ? "" : "  ", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

template <>
struct Codec<TextRow> {
  static TextRow read(const Statement& statement, int /*unused*/) {
    TextRow row;
    for (int i = 0; i < statement.column_count(); ++i) {
      row.names.emplace_back(statement.column_name(i));
      row.cells.push_back(text_of(statement, i));
    }
    return row;
  }
};

template <>
class RowReader<TextRow> {
 public:
  explicit RowReader(const Statement& /*unused*/) {}
  TextRow read(const Statement& statement) const { return Codec<TextRow>::read(statement, 0); }
};

std::string look(Database& database, std::string sql, LookOptions options) {
  require_reading(sql);
  return database.read_now([&](Snapshot& db) {
    std::vector<std::vector<std::string>> rows;
    std::size_t count = 0;
    for (TextRow& row : db.query<TextRow>(unchecked_sql(sql))) {
      if (rows.empty()) rows.push_back(std::move(row.names));
      if (++count > options.most_rows) break;
      for (std::string& cell : row.cells) cell = fitted(std::move(cell), options.widest_column);
      rows.push_back(std::move(row.cells));
    }
    if (rows.empty()) return std::string("no rows\n");
    const bool has_more = count > options.most_rows;
    return table(rows) + (has_more ? fmt::format("(the first {} rows)\n", options.most_rows) : "");
  });
}

}  // namespace hornbeam::data
