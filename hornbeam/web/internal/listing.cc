#include "hornbeam/web/internal/listing.h"

#include <algorithm>
#include <cctype>
#include <tuple>

#include <fmt/format.h>

namespace hornbeam::web {

namespace {

using Row = App::RouteRow;

std::vector<std::string> words_of(const std::string& methods) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  for (std::size_t comma; (comma = methods.find(", ", begin)) != std::string::npos;) {
    words.push_back(methods.substr(begin, comma - begin));
    begin = comma + 2;
  }
  words.push_back(methods.substr(begin));
  return words;
}

bool is_same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

bool is_wanted(const Row& row, const RouteListing& listing) {
  const bool has_text = row.pattern.find(listing.text) != std::string::npos ||
                        row.name.find(listing.text) != std::string::npos;
  if (!has_text) return false;
  return listing.method.empty() ||
         std::ranges::any_of(words_of(row.methods), [&](const std::string& word) {
           return is_same_word(word, listing.method);
         });
}

std::string table(std::vector<Row> rows) {
  rows.insert(rows.begin(), {"METHODS", "PATH", "NAME"});
  std::size_t methods = 0;
  std::size_t paths = 0;
  for (const Row& row : rows) {
    methods = std::max(methods, row.methods.size());
    paths = std::max(paths, row.pattern.size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line =
        fmt::format("{:{}}  {:{}}  {}", row.methods, methods, row.pattern, paths, row.name);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string json(const std::vector<Row>& rows) {
  std::string text = "[";
  for (const Row& row : rows) {
    const bool is_socket = row.methods == "socket";
    text += text.size() == 1 ? "\n" : ",\n";
    text += "  {\"methods\":" +
            base::to_json(is_socket ? std::vector<std::string>{} : words_of(row.methods)) +
            ",\"is_socket\":" + (is_socket ? "true" : "false") +
            ",\"path\":" + base::to_json(row.pattern) + ",\"name\":" + base::to_json(row.name) +
            "}";
  }
  return text + (rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace

std::string list_routes(App& app, const RouteListing& listing) {
  std::vector<Row> rows = listing.sort == "tried" ? app.route_rows_as_tried() : app.route_rows();
  std::erase_if(rows, [&](const Row& row) { return !is_wanted(row, listing); });
  auto sort_by = [&rows](std::string Row::* first) {
    std::ranges::sort(rows, {}, [first](const Row& row) {
      return std::tie(row.*first, row.pattern, row.methods, row.name);
    });
  };
  if (listing.sort == "path") sort_by(&Row::pattern);
  if (listing.sort == "name") sort_by(&Row::name);
  if (listing.sort == "method") sort_by(&Row::methods);
  return listing.is_json ? json(rows) : table(std::move(rows));
}

std::string list_config(const Config& config, bool is_json) {
  std::string text = is_json ? "{" : "";
  for (const auto& [key, entry] : config.entries()) {
    const std::string shown = shown_value(key, entry.json);
    if (!is_json) {
      text += fmt::format("{} = {}    # {}\n", key, shown, entry.layer);
      continue;
    }
    text += text.size() == 1 ? "\n" : ",\n";
    text += fmt::format("  {}: {{\"value\":{},\"layer\":{}}}", base::to_json(key), shown,
                        base::to_json(entry.layer));
  }
  if (is_json) text += config.entries().empty() ? "}\n" : "\n}\n";
  return text;
}

}  // namespace hornbeam::web
