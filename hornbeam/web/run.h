#pragma once

// run: an application as a program with a command line.
//
//   int main(int argc, char** argv) {
//     return hornbeam::web::run(argc, argv, [](const Config& config) { return make_app(config); });
//   }
//
// The factory returns an App, or a struct (or a unique_ptr to one) with a member `app`: members are
// declared in the order of their dependencies, the database before the app that uses it. A struct
// stays where the factory's return statement makes it, so that its handlers may refer to it.

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/web/app.h"
#include "hornbeam/web/config.h"

namespace hornbeam::web {

/// An application made by a factory, and what it stands on.
struct MadeApp {
  std::shared_ptr<void> owner;  ///< Keeps the application and what it refers to.
  App* app = nullptr;           ///< Within `owner`.
};

/// What the program is called and where it serves. All have defaults.
struct RunOptions {
  /// What the program is called; empty: the name it was started under.
  std::string name{};
  /// One sentence for --help.
  std::string description{};
  /// What variables of the environment begin with; empty: the name in upper case.
  std::string environment_prefix{};
  /// Where the address is when nothing says otherwise.
  std::string host = "127.0.0.1";
  int port = 8000;  ///< The port when nothing says otherwise.
  /// Builds the program anew for `run --reload`, such as "cmake --build build".
  std::string build_command{};
  /// Files and folders that `run --reload` watches.
  std::vector<std::string> watched{"."};
};

namespace run_detail {

/// Made where it stays, whether it can move or not: the handlers of a struct refer to it.
template <class Factory>
struct Made {
  Made(Factory& make, const Config& config) : value(make(config)) {}
  std::remove_cvref_t<std::invoke_result_t<Factory&, const Config&>> value;
};

template <class Factory>
MadeApp make(Factory& factory, const Config& config) {
  auto owner = std::make_shared<Made<Factory>>(factory, config);
  auto& made = owner->value;
  App* app = nullptr;
  if constexpr (std::same_as<std::remove_cvref_t<decltype(made)>, App>) {
    app = &made;
  } else if constexpr (requires { made->app; }) {
    app = &made->app;
  } else {
    static_assert(
        requires { made.app; },
        "the factory must return an App, or a struct or unique_ptr with a member 'app'");
    app = &made.app;
  }
  return {std::move(owner), app};
}

int run(int argc, char** argv, std::move_only_function<MadeApp(const Config&)> factory,
        RunOptions options);

}  // namespace run_detail

/// Does what the command line says and returns the exit code.
template <class Factory>
int run(int argc, char** argv, Factory factory, RunOptions options = {}) {
  return run_detail::run(
      argc, argv,
      [factory = std::move(factory)](const Config& config) mutable {
        return run_detail::make(factory, config);
      },
      std::move(options));
}

}  // namespace hornbeam::web
