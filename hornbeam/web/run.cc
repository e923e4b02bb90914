#include "hornbeam/web/run.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "hornbeam/base/log.h"
#include "hornbeam/http/server.h"
#include "hornbeam/web/internal/serve.h"

extern char** environ;  // NOLINT: POSIX names it so.

namespace hornbeam::web::run_detail {

namespace {

namespace fs = std::filesystem;

/// What the command line said.
struct CommandLine {
  std::string config_file;
  std::string env_file;
  std::vector<std::string> assignments;
};

std::string upper_word(std::string_view name) {
  std::string word;
  for (const char each : name) {
    const bool is_lower = each >= 'a' && each <= 'z';
    const bool is_word = is_lower || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    word += !is_word ? '_' : is_lower ? static_cast<char>(each - 'a' + 'A') : each;
  }
  return word;
}

/// The nearest `name` in this folder or one around it.
std::string find_upward(const std::string& name) {
  for (fs::path folder = fs::current_path();; folder = folder.parent_path()) {
    if (fs::exists(folder / name)) return (folder / name).string();
    if (folder == folder.parent_path()) return {};
  }
}

Config load_config(const CommandLine& line, const RunOptions& options) {
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
  const std::string env_file = line.env_file.empty() ? find_upward(".env") : line.env_file;
  if (!env_file.empty()) config.load_dotenv(env_file, options.environment_prefix);
  std::vector<std::string> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  config.load_environment(options.environment_prefix, environment);
  for (const std::string& assignment : line.assignments) config.load_argument(assignment);
  return config;
}

void print_routes(const App& app) {
  std::vector<App::RouteRow> rows = app.route_rows();
  rows.insert(rows.begin(), {"METHODS", "PATH", "NAME"});
  std::size_t methods = 0;
  std::size_t paths = 0;
  for (const App::RouteRow& row : rows) {
    methods = std::max(methods, row.methods.size());
    paths = std::max(paths, row.pattern.size());
  }
  for (const App::RouteRow& row : rows) {
    fmt::print("{:{}}  {:{}}  {}\n", row.methods, methods, row.pattern, paths, row.name);
  }
}

void print_config(const Config& config) {
  for (const auto& [key, entry] : config.entries()) {
    fmt::print("{} = {}    # {}\n", key, is_secret_key(key) ? "\"...\"" : entry.json, entry.layer);
  }
}

/// What the configuration says about every application.
void apply(const Config& config, Settings& settings) {
  settings.is_debug = config.value("debug", settings.is_debug);
  settings.max_body_bytes = config.value("max_body_bytes", settings.max_body_bytes);
  if (auto key = config.find<std::string>("secret_key")) settings.session.secret_key = *key;
}

}  // namespace

int run(int argc, char** argv, std::move_only_function<MadeApp(const Config&)> factory,
        RunOptions options) {
  if (options.name.empty()) {
    options.name = argc > 0 ? fs::path(argv[0]).filename().string() : "app";
  }
  if (options.environment_prefix.empty()) options.environment_prefix = upper_word(options.name);

  CLI::App cli(options.description.empty() ? "A web application." : options.description,
               options.name);
  cli.require_subcommand(1);
  CommandLine line;
  auto add_common = [&line](CLI::App* command) {
    command->add_option("--config", line.config_file, "Read this TOML file instead of NAME.toml");
    command->add_option("--env-file", line.env_file, "Read this file instead of the nearest .env");
    command->add_option("--set", line.assignments,
                        "Set a configuration key: --set database.url=sqlite:///app.db");
  };

  ServeOptions serve_options;
  std::string host;
  int port = -1;
  CLI::App* serve = cli.add_subcommand("run", "Serve until SIGINT or SIGTERM");
  serve->add_option("--host", host, "Address to listen on; 0.0.0.0 for all of IPv4");
  serve->add_option("--port,-p", port, "Port to listen on; 0 takes a free one");
  serve->add_option("--loops", serve_options.loops, "Event loops; 0 for one per core");
  add_common(serve);
  CLI::App* routes = cli.add_subcommand("routes", "List the routes: methods, path, name");
  add_common(routes);
  CLI::App* show = cli.add_subcommand("config", "Show every value and the layer it came from");
  add_common(show);
  std::vector<std::string> rest;
  std::vector<CLI::App*> custom;
  for (const Command& command : options.commands) {
    CLI::App* added = cli.add_subcommand(command.name, command.help);
    added->add_option("arguments", rest, "What the command works on");
    add_common(added);
    custom.push_back(added);
  }

  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error);
  }
  try {
    Config config = load_config(line, options);
    if (!host.empty()) config.set("host", base::to_json(host), "command line (--host)");
    if (port >= 0) config.set("port", base::to_json(port), "command line (--port)");
    if (show->parsed()) {
      print_config(config);
      return 0;
    }
    MadeApp made = factory(config);
    apply(config, made.app->settings());
    if (routes->parsed()) {
      print_routes(*made.app);
      return 0;
    }
    for (std::size_t i = 0; i < custom.size(); ++i) {
      if (custom[i]->parsed()) return options.commands[i].run(made, config, rest);
    }
    serve_options.host = config.require<std::string>("host");
    serve_options.port = config.require<std::uint16_t>("port");
    return web::serve(*made.app, serve_options);
  } catch (const std::exception& error) {
    std::cerr << options.name << ": " << error.what() << "\n";
    return 1;
  }
}

}  // namespace hornbeam::web::run_detail
