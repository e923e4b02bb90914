#include "hornbeam/web/internal/command_line.h"

#include <filesystem>

#include <CLI/CLI.hpp>

#include "hornbeam/web/internal/reload.h"

extern char** environ;  // NOLINT: POSIX names it so.

namespace hornbeam::web {

namespace fs = std::filesystem;

namespace {

/// The nearest `name` in this folder or one around it.
std::string find_upward(const std::string& name) {
  for (fs::path folder = fs::current_path();; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / name)) {
      return (folder == fs::current_path() ? fs::path(name) : folder / name).string();
    }
    if (folder == folder.parent_path()) return {};
  }
}

}  // namespace

void CommandLine::add_common(CLI::App& command) {
  command.add_option("--config", config_file, "Read this TOML file instead of NAME.toml")
      ->type_name("FILE");
  command.add_option("--env-file", env_file, "Read this file of variables over the nearest .env")
      ->type_name("FILE");
  command
      .add_option("--set", assignments,
                  "Set a configuration key: --set database.url=sqlite:///app.db")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void CommandLine::add_serving(CLI::App& command) {
  command.add_option("--host", host, "Address to listen on; 0.0.0.0 for all of IPv4")
      ->type_name("ADDRESS");
  command.add_option("--port,-p", port, "Port to listen on; 0 takes a free one")
      ->type_name("NUMBER")
      ->check(CLI::Range(0, 65535));
  command.add_option("--loops", loops, "Event loops; 0 for one per core")
      ->type_name("NUMBER")
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--reload", reloads, "Build and start again when a file changes");
  command
      .add_option("--build", build_command,
                  "How to build for --reload, such as 'cmake --build build'")
      ->type_name("COMMAND");
  command.add_option("--watch", watched, "Files and folders that --reload watches")
      ->type_name("PATH");
}

Config load_config(const CommandLine& line, const RunOptions& options,
                   const std::vector<std::string>& environment) {
  Config config;
  config.set_default("host", options.host);
  config.set_default("port", options.port);
  config.set_default("debug", false);
  const std::string default_file = options.name + ".toml";
  if (!line.config_file.empty()) {
    config.load_toml(line.config_file);
  } else if (fs::exists(default_file)) {
    config.load_toml(default_file);
  }
  if (const std::string nearest = find_upward(".env"); !nearest.empty()) {
    config.load_dotenv(nearest, options.environment_prefix);
  }
  if (!line.env_file.empty()) config.load_dotenv(line.env_file, options.environment_prefix);
  config.load_environment(options.environment_prefix, environment);
  for (const std::string& assignment : line.assignments) config.load_argument(assignment);
  auto take = [&config](std::string_view key, const auto& value) {
    config.set(key, base::to_json(value), "command line (--" + std::string(key) + ")");
  };
  if (!line.host.empty()) take("host", line.host);
  if (line.port >= 0) take("port", line.port);
  if (line.loops >= 0) take("loops", line.loops);
  return config;
}

std::vector<std::string> process_environment() {
  std::vector<std::string> environment;
  const std::string ours = std::string(kInheritedSocketVariable) + "=";
  for (char** variable = environ; *variable != nullptr; ++variable) {
    // What a reloading parent tells its child is no configuration, whatever the program is called.
    if (!std::string_view(*variable).starts_with(ours)) environment.emplace_back(*variable);
  }
  return environment;
}

std::string upper_word(std::string_view name) {
  std::string word;
  for (const char each : name) {
    const bool is_lower = each >= 'a' && each <= 'z';
    const bool is_word = is_lower || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    word += !is_word ? '_' : is_lower ? static_cast<char>(each - 'a' + 'A') : each;
  }
  return word;
}

}  // namespace hornbeam::web
