#include "arena/packages/control_file.h"

#include <algorithm>

#include <fmt/format.h>

namespace arena::packages {
namespace {

constexpr std::size_t kLongestStanza = std::size_t{1} << 20;
constexpr std::string_view kBlanks = " \t\r";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

std::string_view Stanza::value(std::string_view name) const noexcept {
  for (const auto& [field, value] : fields_) {
    if (is_same_name(field, name)) return value;
  }
  return {};
}

void ControlReader::refuse(std::string_view reason) const {
  throw ControlError(fmt::format("line {}: {}", line_number_, reason));
}

void ControlReader::add_line(Stanza& stanza, std::string_view line) {
  if (line.front() == '#') return;  // A comment.
  if (line.front() == ' ' || line.front() == '\t') {
    if (stanza.empty()) refuse("it goes on with a value, but none came before it");
    std::string& value = stanza.fields_.back().second;
    value += '\n';
    value += trimmed(line);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    constexpr std::size_t kShown = 40;
    refuse(fmt::format("\"{}\" is no field; expected \"Name: value\"", line.substr(0, kShown)));
  }
  stanza.fields_.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

std::optional<Stanza> ControlReader::next() {
  Stanza stanza;
  const std::size_t begin = bytes_;
  while (std::getline(in_, line_)) {
    ++line_number_;
    bytes_ += line_.size() + 1;
    if (bytes_ - begin > kLongestStanza) refuse("the stanza is longer than a megabyte");
    if (!trimmed(line_).empty()) {
      add_line(stanza, line_);
    } else if (!stanza.empty()) {
      return stanza;
    }
  }
  if (in_.bad()) refuse("the file cannot be read on");
  return stanza.empty() ? std::nullopt : std::optional(std::move(stanza));
}

}  // namespace arena::packages
