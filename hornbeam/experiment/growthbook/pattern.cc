#include "hornbeam/experiment/growthbook/pattern.h"

#include <cctype>

#include <fmt/format.h>
#include <re2/re2.h>

namespace hornbeam::experiment::growthbook {
namespace {

constexpr std::size_t kLongest = 1'000;
constexpr std::int64_t kMostMemory = 256 << 10;

// What a class means in JavaScript, in RE2's words; without the brackets around.
constexpr std::string_view kSpace =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";

bool are_hex(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return false;
  for (std::size_t i = from; i < from + count; ++i) {
    if (std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

// Translates an escape, at its backslash, and gives the place after it.
std::size_t translate_escape(std::string_view in, std::size_t at, bool is_in_class,
                             std::string& out) {
  const char c = at + 1 < in.size() ? in[at + 1] : '\0';
  if (c == 'u' && are_hex(in, at + 2, 4)) {
    out += fmt::format("\\x{{{}}}", in.substr(at + 2, 4));
    return at + 6;
  }
  if (c == 's' || (c == 'S' && !is_in_class)) {
    out += is_in_class ? std::string(kSpace) : fmt::format("[{}{}]", c == 'S' ? "^" : "", kSpace);
    return at + 2;
  }
  if (c == 'b' && is_in_class) {
    out += "\\x08";
    return at + 2;
  }
  if (c == '0') {
    out += "\\x00";
    return at + 2;
  }
  // Letters that mean something to RE2 and nothing to JavaScript stand for themselves there.
  constexpr std::string_view kSame = "dDwWbBfnrtvxSs123456789";
  const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
  if (is_letter && kSame.find(c) == std::string_view::npos) {
    out += c;
    return at + 2;
  }
  out += in.substr(at, 2);
  return at + 2;
}

// JavaScript's syntax in RE2's, as far as they differ.
std::string translated(std::string_view in) {
  std::string out;
  bool is_in_class = false;
  for (std::size_t at = 0; at < in.size();) {
    const std::string_view rest = in.substr(at);
    if (in[at] == '\\') {
      at = translate_escape(in, at, is_in_class, out);
      continue;
    }
    if (!is_in_class && rest.starts_with("[^]")) {
      out += R"([\x{0}-\x{10ffff}])";
      at += 3;
      continue;
    }
    if (!is_in_class && rest.starts_with("[]")) {
      out += R"([^\x{0}-\x{10ffff}])";
      at += 2;
      continue;
    }
    if (!is_in_class && in[at] == '.') {
      out += R"([^\n\r\x{2028}\x{2029}])";
    } else if (!is_in_class && rest.starts_with("(?<") && !rest.starts_with("(?<=") &&
               !rest.starts_with("(?<!")) {
      out += "(?P<";
      at += 3;
      continue;
    } else if (is_in_class && in[at] == '[') {
      out += "\\[";
    } else {
      if (in[at] == '[') is_in_class = true;
      if (in[at] == ']') is_in_class = false;
      out += in[at];
    }
    ++at;
  }
  return out;
}

re2::RE2::Options options_for(Pattern::Case sensitivity) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  options.set_case_sensitive(sensitivity == Pattern::Case::kSensitive);
  return options;
}

}  // namespace

struct Pattern::Compiled {
  Compiled(const std::string& text, Case sensitivity) : re2(text, options_for(sensitivity)) {}
  re2::RE2 re2;
};

Pattern::Pattern(std::string_view javascript, Case sensitivity) {
  if (javascript.size() > kLongest) {
    problem_ = fmt::format("the expression has {} bytes, more than {}; mend: split it into several",
                           javascript.size(), kLongest);
    return;
  }
  auto compiled = std::make_shared<const Compiled>(translated(javascript), sensitivity);
  if (!compiled->re2.ok()) {
    problem_ = fmt::format(
        "the expression \"{}\" matches nothing: {}; mend: write it without look-around and back "
        "references, which need more than linear time",
        javascript, compiled->re2.error());
    return;
  }
  compiled_ = std::move(compiled);
}

bool Pattern::matches(std::string_view text) const {
  return compiled_ != nullptr && re2::RE2::PartialMatch(text, compiled_->re2);
}

}  // namespace hornbeam::experiment::growthbook
