#include "hornbeam/site/search_api/cat_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>

#include <fmt/format.h>

#include "hornbeam/site/search_api/index_numbers.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

std::size_t find_column(const std::vector<CatColumn>& columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& shorts = columns[i].short_names;
    if (columns[i].name == name || std::ranges::find(shorts, name) != shorts.end()) return i;
  }
  return columns.size();
}

RestResponse help(const std::vector<CatColumn>& columns) {
  std::size_t widths[2] = {0, 0};
  for (const CatColumn& column : columns) {
    widths[0] = std::max(widths[0], column.name.size());
    widths[1] = std::max(widths[1], fmt::format("{}", fmt::join(column.short_names, ",")).size());
  }
  std::string text;
  for (const CatColumn& column : columns) {
    text += fmt::format("{:<{}} | {:<{}} | {}\n", column.name, widths[0],
                        fmt::format("{}", fmt::join(column.short_names, ",")), widths[1],
                        column.description);
  }
  return {.body = std::move(text), .content_type = "text/plain; charset=UTF-8"};
}

/// The number that a cell such as "12", "1.5kb" or "40.0%" begins with, in units of one.
std::optional<double> weight(std::string_view cell) {
  static constexpr std::array<std::pair<std::string_view, double>, 7> kUnits = {{{"", 1},
                                                                                 {"%", 1},
                                                                                 {"b", 1},
                                                                                 {"kb", 0x1p10},
                                                                                 {"mb", 0x1p20},
                                                                                 {"gb", 0x1p30},
                                                                                 {"tb", 0x1p40}}};
  double number = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  const std::string_view unit(read.ptr, cell.data() + cell.size());
  const auto found = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  return found == kUnits.end() ? std::nullopt : std::optional(number * found->second);
}

/// Numbers by their size, before words in the order of their letters.
bool comes_first(std::string_view a, std::string_view b) {
  const std::optional<double> left = weight(a);
  const std::optional<double> right = weight(b);
  if (left && right) return *left < *right;
  if (left || right) return left.has_value();
  return a < b;
}

void sort_rows(const RestCall& call, const std::vector<CatColumn>& columns,
               std::vector<CatRow>& rows) {
  std::vector<std::string> keys = call.list("s");
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    const bool falls = key->ends_with(":desc");
    const std::string name = key->substr(0, key->find(':'));
    const std::size_t at = find_column(columns, name);
    if (at == columns.size()) {
      throw NodeError("unsupported_operation_exception",
                      fmt::format("Unable to sort by unknown sort key `{}`", name));
    }
    // Insertion keeps the order of equals.
    for (std::size_t i = 1; i < rows.size(); ++i) {
      for (std::size_t k = i; k > 0; --k) {
        const bool goes_up = falls ? comes_first(rows[k - 1][at], rows[k][at])
                                   : comes_first(rows[k][at], rows[k - 1][at]);
        if (!goes_up) break;
        std::swap(rows[k], rows[k - 1]);
      }
    }
  }
}

/// Columns that are shown, and under which names.
struct Shown {
  std::vector<std::size_t> columns{};
  std::vector<std::string> titles{};
};

Shown chosen_columns(const RestCall& call, const std::vector<CatColumn>& columns) {
  Shown shown;
  for (const std::string& name : call.list("h")) {
    const std::size_t at = find_column(columns, name);
    if (at < columns.size()) {
      shown.columns.push_back(at);
      shown.titles.push_back(name);
      continue;
    }
    for (std::size_t i = 0; name.contains('*') && i < columns.size(); ++i) {
      if (!search::matches_pattern(name, columns[i].name)) continue;
      shown.columns.push_back(i);
      shown.titles.push_back(columns[i].name);
    }
  }
  for (std::size_t i = 0; !call.has("h") && i < columns.size(); ++i) {
    if (!columns[i].is_default) continue;
    shown.columns.push_back(i);
    shown.titles.push_back(columns[i].name);
  }
  return shown;
}

RestResponse as_json(const Shown& shown, const std::vector<CatRow>& rows) {
  base::JsonWriter out;
  out.begin_array();
  for (const CatRow& row : rows) {
    out.begin_object();
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
      out.member(shown.titles[i], row[shown.columns[i]]);
    }
    out.end_object();
  }
  out.end_array();
  return answer(out);
}

/// YAML, each value between quotes.
RestResponse as_yaml(const Shown& shown, const std::vector<CatRow>& rows) {
  std::string text = rows.empty() ? "--- []\n" : "---\n";
  for (const CatRow& row : rows) {
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
      text += i == 0 ? "- " : "  ";
      text += shown.titles[i] + ": ";
      base::append_json_string(text, row[shown.columns[i]]);
      text += '\n';
    }
  }
  return {.body = std::move(text), .content_type = "application/yaml"};
}

RestResponse as_text(const Shown& shown, const std::vector<CatColumn>& columns,
                     const std::vector<CatRow>& rows) {
  std::vector<std::size_t> widths(columns.size());
  for (const CatRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const CatRow& row : rows) {
    for (std::size_t i = 0; i < shown.columns.size(); ++i) {
      const std::size_t at = shown.columns[i];
      const bool is_last = i + 1 == shown.columns.size();
      if (columns[at].is_right) {
        text += fmt::format("{:>{}}", row[at], widths[at]);
      } else {
        // Nothing follows the last column, so nothing is put behind it.
        text += fmt::format("{:<{}}", row[at], is_last ? 0 : widths[at]);
      }
      text += is_last ? "\n" : " ";
    }
  }
  return {.body = std::move(text), .content_type = "text/plain; charset=UTF-8"};
}

/// "text", "json" or "yaml".
std::string format_of(const RestCall& call) {
  if (const auto format = call.find("format")) return *format;
  for (const std::string format : {"text/plain", "json", "yaml"}) {
    if (call.accept().contains(format)) return format;
  }
  return "text";
}

}  // namespace

RestResponse cat_table(const RestCall& call, const std::vector<CatColumn>& columns,
                       std::vector<CatRow> rows) {
  if (call.flag("help")) return help(columns);
  sort_rows(call, columns, rows);
  const Shown shown = chosen_columns(call, columns);
  const std::string format = format_of(call);
  if (format == "json") return as_json(shown, rows);
  if (format == "yaml") return as_yaml(shown, rows);
  if (call.flag("v")) {
    CatRow head(columns.size());
    for (std::size_t i = 0; i < shown.columns.size(); ++i) head[shown.columns[i]] = shown.titles[i];
    rows.insert(rows.begin(), std::move(head));
  }
  return as_text(shown, columns, rows);
}

std::string cat_size(const RestCall& call, std::uint64_t bytes) {
  static constexpr std::array<std::pair<std::string_view, int>, 9> kUnits = {{{"b", 0},
                                                                              {"k", 10},
                                                                              {"kb", 10},
                                                                              {"m", 20},
                                                                              {"mb", 20},
                                                                              {"g", 30},
                                                                              {"gb", 30},
                                                                              {"t", 40},
                                                                              {"tb", 40}}};
  const auto unit = call.find("bytes");
  if (!unit) return size_text(bytes);
  const auto found = std::ranges::find(kUnits, *unit, &std::pair<std::string_view, int>::first);
  if (found == kUnits.end()) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("Invalid or unsupported unit [{}] for bytes", *unit));
  }
  return std::to_string(bytes >> found->second);
}

}  // namespace hornbeam::site
