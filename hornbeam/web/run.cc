#include "hornbeam/web/run.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "hornbeam/base/log.h"
#include "hornbeam/http/server.h"
#include "hornbeam/web/internal/log_config.h"
#include "hornbeam/web/internal/reload.h"
#include "hornbeam/web/internal/security_config.h"
#include "hornbeam/web/internal/serve.h"

extern char** environ;  // NOLINT: POSIX names it so.

namespace hornbeam::web::run_detail {

namespace {

namespace fs = std::filesystem;

/// What the command line said, whatever the command.
struct CommandLine {
  std::string config_file;
  std::string env_file;
  std::vector<std::string> assignments;
  std::string host;
  int port = -1;
  unsigned loops = 0;
  bool reloads = false;
  std::string build_command;
  std::vector<std::string> watched;

  void add_common(CLI::App& command) {
    command.add_option("--config", config_file, "Read this TOML file instead of NAME.toml");
    command.add_option("--env-file", env_file, "Read this file instead of the nearest .env");
    command.add_option("--set", assignments,
                       "Set a configuration key: --set database.url=sqlite:///app.db");
  }
  void add_serving(CLI::App& command) {
    command.add_option("--host", host, "Address to listen on; 0.0.0.0 for all of IPv4");
    command.add_option("--port,-p", port, "Port to listen on; 0 takes a free one");
    command.add_option("--loops", loops, "Event loops; 0 for one per core");
    command.add_flag("--reload", reloads, "Build and start again when a file changes");
    command.add_option("--build", build_command,
                       "How to build for --reload, such as 'cmake --build build'");
    command.add_option("--watch", watched, "Files and folders that --reload watches");
  }
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
  apply_security(config, settings);
}

/// The program: its command line, read twice. The first time only the configuration is taken, so
/// that the application can be made; the second time the application's own commands are known.
class Program {
 public:
  Program(int argc, char** argv, std::move_only_function<MadeApp(const Config&)> factory,
          RunOptions options)
      : argc_(argc), argv_(argv), factory_(std::move(factory)), options_(std::move(options)) {}

  int main() {
    CLI::App cli(options_.description.empty() ? "A web application." : options_.description,
                 options_.name);
    cli.require_subcommand(1);
    cli.footer("The configuration is read from " + options_.name +
               ".toml, .env, variables such as " + options_.environment_prefix +
               "_PORT, and --set, the later over the earlier.");
    CLI::App* serve = cli.add_subcommand("run", "Serve until SIGINT or SIGTERM");
    line_.add_serving(*serve);
    CLI::App* routes = cli.add_subcommand("routes", "List the routes: methods, path, name");
    CLI::App* show = cli.add_subcommand("config", "Show every value and the layer it came from");
    for (CLI::App* command : {serve, routes, show}) line_.add_common(*command);
    if (needs_app_commands()) add_app_commands(cli);

    try {
      cli.parse(argc_, argv_);
    } catch (const CLI::ParseError& error) {
      if (const int exit_code = refuse_command(cli, error)) return exit_code;
      return cli.exit(error);
    }
    if (show->parsed()) {
      print_config(load());
      return 0;
    }
    if (serve->parsed() && line_.reloads) return reload();
    make();
    if (routes->parsed()) {
      print_routes(*made_.app);
      return 0;
    }
    if (chosen_ != nullptr) return chosen_->run(rest_);
    return web::serve(*made_.app, serve_options());
  }

 private:
  /// Says so, and gives an exit code, if the first word should be a command and is none.
  int refuse_command(const CLI::App& cli, const CLI::ParseError& error) const {
    const std::string_view word = argc_ > 1 ? argv_[1] : "";
    if (word.empty() || word.starts_with('-')) return 0;
    std::vector<std::string> names;
    for (const CLI::App* each : cli.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(each->get_name());
    }
    if (std::ranges::find(names, word) != names.end()) return 0;
    const std::string nearest = nearest_word(word, {names.begin(), names.end()});
    fmt::print(stderr, "{}: there is no command '{}'{}. Mend: {} --help lists those there are\n",
               options_.name, word, nearest.empty() ? "" : " (did you mean '" + nearest + "'?)",
               options_.name);
    return error.get_exit_code();
  }

  /// True unless the first word is a command of every program.
  bool needs_app_commands() const {
    for (int i = 1; i < argc_; ++i) {
      const std::string_view word = argv_[i];
      if (word == "run" || word == "routes" || word == "config") return false;
      if (!word.starts_with('-')) return true;
    }
    return true;
  }

  Config load() const {
    Config config = load_config(line_, options_);
    if (!line_.host.empty()) {
      config.set("host", base::to_json(line_.host), "command line (--host)");
    }
    if (line_.port >= 0) {
      config.set("port", base::to_json(line_.port), "command line (--port)");
    }
    return config;
  }

  void make() {
    if (made_.app != nullptr) return;
    config_ = load();
    apply_log(config_);
    made_ = factory_(config_);
    apply(config_, made_.app->settings());
    apply_access_log(config_, *made_.app);
  }

  ServeOptions serve_options() const {
    ServeOptions options;
    options.host = config_.require<std::string>("host");
    options.port = config_.require<std::uint16_t>("port");
    options.loops = line_.loops;
    options.inherited_socket = inherited_socket();
    const double delay = config_.value("shutdown.delay", 0.0);  // Seconds.
    options.shutdown_delay = std::chrono::milliseconds(static_cast<std::int64_t>(delay * 1000));
    options.tls_certificate = config_.value("tls.certificate", "");
    options.tls_key = config_.value("tls.key", "");
    if (options.tls_certificate.empty() != options.tls_key.empty()) {
      throw ConfigError("tls.certificate and tls.key go together. Mend: set both, or neither");
    }
    return options;
  }

  int reload() const {
    const Config config = load();
    apply_log(config);
    ReloadOptions options;
    options.host = config.require<std::string>("host");
    options.port = config.require<std::uint16_t>("port");
    options.build_command =
        line_.build_command.empty() ? options_.build_command : line_.build_command;
    options.watched = line_.watched.empty() ? options_.watched : line_.watched;
    for (int i = 0; i < argc_; ++i) {
      if (std::string_view(argv_[i]) != "--reload") options.arguments.emplace_back(argv_[i]);
    }
    return serve_reloading(options);
  }

  /// The socket a reloading parent has handed over.
  static std::optional<int> inherited_socket() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread begins.
    const char* descriptor = std::getenv(kInheritedSocketVariable);
    return descriptor != nullptr ? PathSegment<int>::parse(descriptor) : std::nullopt;
  }

  void add_app_commands(CLI::App& cli) {
    CLI::App first;
    first.set_help_flag();
    first.allow_extras();
    CommandLine early;
    std::swap(early, line_);
    line_.add_common(first);
    try {
      first.parse(argc_, argv_);
      make();
    } catch (const std::exception& error) {
      // Help must be had even where the application cannot be made.
      std::cerr << options_.name << ": its own commands are unknown: " << error.what() << "\n";
      std::swap(early, line_);
      return;
    }
    line_.assignments.clear();
    for (Command& command : made_.app->commands()) {
      CLI::App* added = cli.add_subcommand(command.name, command.help);
      if (!command.usage.empty()) added->add_option("arguments", rest_, command.usage);
      line_.add_common(*added);
      added->callback([this, &command] { chosen_ = &command; });
    }
  }

  int argc_;
  char** argv_;
  std::move_only_function<MadeApp(const Config&)> factory_;
  RunOptions options_;
  CommandLine line_;
  Config config_;
  MadeApp made_;
  Command* chosen_ = nullptr;
  std::vector<std::string> rest_;
};

}  // namespace

int run(int argc, char** argv, std::move_only_function<MadeApp(const Config&)> factory,
        RunOptions options) {
  if (options.name.empty()) {
    options.name = argc > 0 ? fs::path(argv[0]).filename().string() : "app";
  }
  if (options.environment_prefix.empty()) options.environment_prefix = upper_word(options.name);
  const std::string name = options.name;
  try {
    return Program(argc, argv, std::move(factory), std::move(options)).main();
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << "\n";
    return 1;
  }
}

}  // namespace hornbeam::web::run_detail
