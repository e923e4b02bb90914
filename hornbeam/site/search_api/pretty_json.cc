#include "hornbeam/site/search_api/pretty_json.h"

#include <cstddef>

namespace hornbeam::site {
namespace {

/// Behind the string that begins at `at`.
std::size_t string_end(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

void begin_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

}  // namespace

std::string pretty_json(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t end = string_end(json, at);
      out += json.substr(at, end - at);
      at = end;
      continue;
    }
    ++at;
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
    if (c == '}' || c == ']') {
      --depth;
      const bool is_empty = out.back() == '{' || out.back() == '[';
      if (is_empty) {
        out += ' ';
      } else {
        begin_line(out, depth);
      }
    }
    if (c == ':') out += ' ';
    out += c;
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') {
      ++depth;
      const std::size_t next = json.find_first_not_of(" \n\t\r", at);
      const bool is_empty = next < json.size() && (json[next] == '}' || json[next] == ']');
      if (!is_empty) begin_line(out, depth);
    }
    if (c == ',') begin_line(out, depth);
  }
  return out + '\n';
}

}  // namespace hornbeam::site
