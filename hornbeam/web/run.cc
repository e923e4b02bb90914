#include "hornbeam/web/run.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "hornbeam/base/log.h"
#include "hornbeam/web/internal/built_in_settings.h"
#include "hornbeam/web/internal/command_line.h"
#include "hornbeam/web/internal/completion.h"
#include "hornbeam/web/internal/listing.h"
#include "hornbeam/web/internal/log_config.h"
#include "hornbeam/web/internal/reload.h"
#include "hornbeam/web/internal/serve.h"
#include "hornbeam/web/shell.h"

namespace hornbeam::web::run_detail {

namespace {

namespace fs = std::filesystem;

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
    add_commands(cli);
    if (needs_app_commands()) add_app_commands(cli);
    try {
      cli.parse(argc_, argv_);
    } catch (const CLI::ParseError& error) {
      if (const int exit_code = refuse_command(cli, error)) return exit_code;
      return cli.exit(error);
    }
    if (cli.got_subcommand("config")) {
      fmt::print("{}", list_config(load(), lists_config_as_json_));
      return 0;
    }
    if (cli.got_subcommand("run") && line_.reloads) return reload();
    make();
    if (cli.got_subcommand("routes")) {
      fmt::print("{}", list_routes(*made_.app, listing_));
      return 0;
    }
    if (cli.got_subcommand("shell")) return run_shell();
    if (cli.got_subcommand("completion")) {
      fmt::print("{}", completion_script(cli, completed_shell_, config_.known_keys()));
      return 0;
    }
    if (chosen_ != nullptr) return chosen_->run(rest_);
    return web::serve(*made_.app, serve_options());
  }

 private:
  /// The commands of every program.
  void add_commands(CLI::App& cli) {
    const std::string& name = options_.name;
    cli.require_subcommand(1);
    cli.footer("The configuration is read from " + name + ".toml, .env, variables such as " +
               options_.environment_prefix + "_PORT, and --set, the later over the earlier.");
    CLI::App* serve = cli.add_subcommand("run", "Serve until SIGINT or SIGTERM");
    line_.add_serving(*serve);
    serve->footer("Examples:\n  " + name + " run\n  " + name + " run --host 0.0.0.0 --port 80\n  " +
                  name + " run --reload --build 'cmake --build build'");
    CLI::App* routes = cli.add_subcommand("routes", "List the routes: methods, path, name");
    routes->add_option("text", listing_.text, "Only those whose path or name contains this");
    routes->add_option("--sort", listing_.sort, "The order; 'tried' is the one that requests see")
        ->check(CLI::IsMember({"tried", "path", "name", "method", "added"}))
        ->capture_default_str();
    routes->add_option("--method", listing_.method, "Only those that answer it, or 'socket'");
    routes->add_flag("--json", listing_.is_json, "An array for programs instead of a table");
    routes->footer("Examples:\n  " + name + " routes --sort path\n  " + name +
                   " routes users --method POST\n  " + name + " routes --json | jq '.[].path'");
    CLI::App* config = cli.add_subcommand(
        "config", "Show every value and the layer it came from, without secrets");
    config->add_flag("--json", lists_config_as_json_, "An object for programs instead of lines");
    config->footer("Examples:\n  " + name + " config\n  " + options_.environment_prefix +
                   "_PORT=9000 " + name + " config --set debug=true");
    CLI::App* shell = cli.add_subcommand("shell", "Ask the application by hand, without a socket");
    shell->footer("Examples:\n  " + name + " shell\n  echo 'get /' | " + name +
                  " shell\n\n'help' lists its words. From a pipe, a wrong line makes the exit "
                  "code 1.");
    CLI::App* completion =
        cli.add_subcommand("completion", "Print what makes a shell complete this command line");
    completion->add_option("shell", completed_shell_, "Which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}));
    completion->footer("Examples:\n  source <(" + name + " completion bash)\n  source <(" + name +
                       " completion zsh)");
    for (CLI::App* command : {serve, routes, config, shell, completion}) {
      line_.add_common(*command);
    }
  }

  int run_shell() {
    const bool is_interactive = ::isatty(STDIN_FILENO) == 1;
    if (is_interactive) std::cout << "'help' lists the words, 'quit' ends\n";
    Shell shell(*made_.app, config_, std::cout);
    const bool is_right = shell.run(std::cin, is_interactive ? options_.name + "> " : "");
    return is_right || is_interactive ? 0 : 1;
  }

  /// Says so, and gives an exit code, if the first word should be a command and is none.
  int refuse_command(const CLI::App& cli, const CLI::ParseError& error) const {
    const std::string_view word = argc_ > 1 ? argv_[1] : "";
    if (word.empty() || word.starts_with('-')) return 0;
    std::vector<std::string> names;
    for (const CLI::App* each : cli.get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(each->get_name());
    }
    if (std::ranges::find(names, word) != names.end()) return 0;
    if (!failure_.empty()) {
      fmt::print(stderr, "{}: {}\n", options_.name, failure_);
      return 1;
    }
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
      if (word == "run" || word == "routes" || word == "config" || word == "shell") return false;
      if (!word.starts_with('-')) return true;
    }
    return true;
  }

  Config load() const { return load_config(line_, options_, process_environment()); }

  void make() {
    if (made_.app != nullptr) return;
    config_ = load();
    apply_log(config_);
    made_ = factory_(config_);
    apply_built_in(config_, made_.app->settings());
    apply_access_log(config_, *made_.app);
    config_.refuse_unknown();
  }

  ServeOptions serve_options() const {
    ServeOptions options;
    options.host = config_.require<std::string>("host");
    options.port = config_.require<std::uint16_t>("port");
    options.loops = config_.value("loops", 0U);
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
    line_.add_common(first);
    try {
      first.parse(argc_, argv_);
      make();
    } catch (const std::exception& error) {
      // Help must be had even where the application cannot be made.
      failure_ = error.what();
      cli.footer("Its own commands are unknown: " + failure_);
      line_ = {};
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
  RouteListing listing_;
  bool lists_config_as_json_ = false;
  std::string completed_shell_;
  std::string failure_;  // Why the application could not be made.
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
