#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::web {

struct DotenvVariable {
  std::string name;
  std::string value;
  int line = 0;
};

/// The variables of a .env file: lines of NAME=value, `export` before them or not. '#' after a
/// space begins a comment. Single quotes take everything as it is, double quotes know \n, \r, \t,
/// \\, \" and \$; both may run over several lines. A name without '=' sets nothing. Throws
/// ConfigError, naming `path` and the line, if the text is malformed.
std::vector<DotenvVariable> parse_dotenv(std::string_view text, const std::string& path);

/// As `parse_dotenv`, of a file. Throws ConfigError if it cannot be read.
std::vector<DotenvVariable> read_dotenv(const std::string& path);

}  // namespace hornbeam::web
