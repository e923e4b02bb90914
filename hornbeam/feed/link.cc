#include "hornbeam/feed/link.h"

#include <stdexcept>

#include <fmt/format.h>

namespace hornbeam::feed {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string quoted(const Column& column) {
  return fmt::format(R"("{}"."{}")", column.table, column.name);
}

}  // namespace

Column column(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const std::size_t dot = whole.find('.');
  const std::string_view table = whole.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? "" : whole.substr(dot + 1);
  if (!data::internal::is_identifier(table) || !data::internal::is_identifier(name)) {
    throw std::invalid_argument(fmt::format(
        "\"{}\" is no column. Mend: write it as table.column, in letters, digits and _", text));
  }
  return {std::string(table), std::string(name)};
}

Link link(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw std::invalid_argument(fmt::format(
        "\"{}\" is no link. Mend: write it as \"comments.book = books.id\", the embedded table's "
        "column first",
        text));
  }
  return {column(text.substr(0, equals)), column(text.substr(equals + 1))};
}

void require_connected(const Path& path) {
  if (path.empty()) throw std::invalid_argument("a path of no links leads nowhere");
  for (std::size_t at = 1; at < path.size(); ++at) {
    if (path[at - 1].to.table == path[at].from.table) continue;
    throw std::invalid_argument(
        fmt::format("the path is broken: a link ends at the table {}, the next begins at {}",
                    path[at - 1].to.table, path[at].from.table));
  }
}

std::string path_condition(const Path& path, std::string_view test) {
  std::string inner(test);
  std::string condition;
  for (const Link& each : path) {
    if (!condition.empty()) {
      inner = fmt::format("IN (SELECT {} FROM \"{}\" WHERE {})", quoted(each.from), each.from.table,
                          condition);
    }
    condition = fmt::format("{} {}", quoted(each.to), inner);
  }
  return condition;
}

}  // namespace hornbeam::feed
