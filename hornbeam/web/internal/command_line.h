#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/web/config.h"
#include "hornbeam/web/run.h"

namespace CLI {
class App;
}

namespace hornbeam::web {

/// What the command line said, whatever the command.
struct CommandLine {
  std::string config_file;
  std::string env_file;
  std::vector<std::string> assignments;
  std::string host;
  int port = -1;
  int loops = -1;
  bool reloads = false;
  std::string build_command;
  std::vector<std::string> watched;

  /// Adds the options of every command, such as --set.
  void add_common(CLI::App& command);
  /// Adds the options of `run`.
  void add_serving(CLI::App& command);
};

/// The layers, one over the other: defaults, the TOML file, the nearest .env, the file of
/// --env-file, `environment` ("NAME=value"), --set, options with a name of their own.
/// Throws ConfigError.
Config load_config(const CommandLine& line, const RunOptions& options,
                   const std::vector<std::string>& environment);

/// The variables of this process.
std::vector<std::string> process_environment();

/// "arena-2" as ARENA_2.
std::string upper_word(std::string_view name);

}  // namespace hornbeam::web
