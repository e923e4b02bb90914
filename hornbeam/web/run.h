#pragma once

// run: an application as a program with a command line.
//
//   int main(int argc, char** argv) {
//     return hornbeam::web::run(argc, argv, [](const Config& config) { return make_app(config); });
//   }
//
// The factory returns an App, or a struct (or a unique_ptr to one) with a member `app`: members are
// declared in the order of their dependencies, the database before the app that uses it.

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

template <class Made>
MadeApp hold(Made made) {
  if constexpr (std::same_as<Made, App>) {
    auto owner = std::make_shared<App>(std::move(made));
    App* app = owner.get();
    return {std::move(owner), app};
  } else if constexpr (requires { made->app; }) {
    App* app = &made->app;
    return {std::shared_ptr<void>(std::move(made)), app};
  } else {
    static_assert(
        requires { made.app; },
        "the factory must return an App, or a struct or unique_ptr with a member 'app'");
    auto owner = std::make_shared<Made>(std::move(made));
    App* app = &owner->app;
    return {std::move(owner), app};
  }
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
        using Made = std::remove_cvref_t<decltype(factory(config))>;
        if constexpr (std::is_move_constructible_v<Made>) {
          return run_detail::hold<Made>(factory(config));
        } else {
          // A struct that cannot move is built where it stays.
          struct Place {
            explicit Place(Factory& make, const Config& from) : made(make(from)) {}
            Made made;
          };
          auto owner = std::make_shared<Place>(factory, config);
          App* app = &owner->made.app;
          return MadeApp{std::move(owner), app};
        }
      },
      std::move(options));
}

}  // namespace hornbeam::web
