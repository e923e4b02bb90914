#pragma once

// Shell: an application asked by hand, without a socket. `program shell` reads it from the terminal
// or from a pipe:
//
//   shop> post /login name=ann&password=...
//   303  text/html; charset=utf-8  location: /
//   shop> follow
//   200  text/html; charset=utf-8
//   ...
//   shop> urls users.show id=7
//   /users/7
//
// Requests go the whole way, as those of `TestClient` do; cookies are kept. The application's own
// words (`App::shell_word`) and commands are words here too.

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/web/app.h"
#include "hornbeam/web/config.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

/// Asks an application by hand, line by line, through everything that requests go through.
class Shell {
 public:
  /// Lifetime: `app`, `config` and `out` outlive the shell. Errors go to `out` too, in their place.
  Shell(App& app, const Config& config, std::ostream& out);

  /// Does what `line` says; false if it could not. "# ..." and an empty line say nothing.
  bool run_line(std::string line);
  /// Reads lines until the end or `quit`, with `prompt` before each. False if one of them was
  /// wrong.
  bool run(std::istream& in, std::string_view prompt);

 private:
  struct Word {
    std::string name;
    std::string usage;
    std::string help;
    std::function<void(const std::string& rest)> run;
  };

  void add_request_words();
  void add_words();
  void add_app_words();
  void send(http::Method method, const std::string& rest);
  void show(const TestResponse& response);
  void follow();
  void set_header(const std::string& rest);
  void build_url(const std::string& rest);
  void print_help() const;
  void run_command(Command& command, const std::string& rest);
  /// "!!" and "!3" as the line they repeat; others as they are. Throws std::invalid_argument.
  std::string recalled(const std::string& line) const;

  App* app_;
  const Config* config_;
  std::ostream* out_;
  TestClient client_;
  std::vector<Word> words_;
  std::vector<std::string> history_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::optional<TestResponse> last_;
  bool is_over_ = false;
};

/// A line as words: at spaces, but not those in quotes. Throws std::invalid_argument if a quote is
/// not closed.
std::vector<std::string> shell_split(std::string_view line);

}  // namespace hornbeam::web
