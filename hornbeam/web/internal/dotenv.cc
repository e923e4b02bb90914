#include "hornbeam/web/internal/dotenv.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "hornbeam/web/config.h"

namespace hornbeam::web {

namespace {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

bool is_name(std::string_view text) {
  const auto is_word = [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '_' || each == '.' || each == '-';
  };
  return !text.empty() && std::ranges::all_of(text, is_word);
}

/// Reads the text from its beginning to its end, a variable at a time.
class DotenvParser {
 public:
  DotenvParser(std::string_view text, const std::string& path) : rest_(text), path_(path) {}

  std::vector<DotenvVariable> parse() {
    std::vector<DotenvVariable> variables;
    while (!rest_.empty()) {
      if (auto variable = parse_variable()) variables.push_back(std::move(*variable));
    }
    return variables;
  }

 private:
  std::optional<DotenvVariable> parse_variable() {
    const int line = line_;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view text = trim(rest_.substr(0, end));
    if (text.starts_with("export ")) text = trim(text.substr(7));
    const std::size_t equals = text.find('=');
    const std::string_view name = trim(text.substr(0, equals));
    if (text.empty() || text.front() == '#' ||
        (equals == std::string_view::npos && is_name(name))) {
      take_line();
      return std::nullopt;
    }
    if (equals == std::string_view::npos || !is_name(name)) {
      refuse("'" + std::string(text) + "' sets nothing. Mend: write NAME=value");
    }
    rest_.remove_prefix(rest_.find('=') + 1);
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    const bool is_quoted = rest_.starts_with('"') || rest_.starts_with('\'');
    return DotenvVariable{std::string(name), is_quoted ? take_quoted() : take_plain(), line};
  }

  std::string take_plain() {
    std::string_view value = take_line();
    if (value.starts_with('#')) return {};
    const std::size_t comment = std::min(value.find(" #"), value.find("\t#"));
    return std::string(trim(value.substr(0, comment)));
  }

  std::string take_quoted() {
    const char quote = rest_.front();
    std::string value;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != quote; ++at) {
      if (quote == '"' && rest_[at] == '\\' && at + 1 < rest_.size()) {
        append_escaped(value, rest_[++at]);
      } else {
        value += rest_[at];
      }
    }
    if (at >= rest_.size()) {
      refuse(std::string("the quote ") + quote + " is not closed. Mend: close it");
    }
    line_ += static_cast<int>(std::ranges::count(rest_.substr(0, at), '\n'));
    rest_.remove_prefix(at + 1);
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view tail = trim(rest_.substr(0, end));
    if (!tail.empty() && tail.front() != '#') {
      refuse("'" + std::string(tail) + "' follows the quoted value. Mend: end the line there");
    }
    take_line();
    return value;
  }

  static void append_escaped(std::string& value, char letter) {
    constexpr std::string_view kLetters = "nrt\\\"$";
    constexpr std::string_view kMeant = "\n\r\t\\\"$";
    const std::size_t at = kLetters.find(letter);
    if (at == std::string_view::npos) value += '\\';
    value += at == std::string_view::npos ? letter : kMeant[at];
  }

  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    return line;
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw ConfigError(path_ + ":" + std::to_string(line_) + ": " + reason);
  }

  std::string_view rest_;
  const std::string& path_;
  int line_ = 1;
};

}  // namespace

std::vector<DotenvVariable> parse_dotenv(std::string_view text, const std::string& path) {
  return DotenvParser(text, path).parse();
}

std::vector<DotenvVariable> read_dotenv(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    throw ConfigError("the file '" + path +
                      "' of variables cannot be read. Mend: check its path and its permissions");
  }
  return parse_dotenv(std::string(std::istreambuf_iterator<char>(file), {}), path);
}

}  // namespace hornbeam::web
