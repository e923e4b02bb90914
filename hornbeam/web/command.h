#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/loop.h"
#include "hornbeam/web/endpoint.h"
#include "hornbeam/web/segment.h"
#include "hornbeam/web/signature.h"

namespace hornbeam::web {

/// A command of the program besides run, routes, config, shell and completion.
struct Command {
  std::string name;  ///< What it is called on the command line.
  std::string help;  ///< What it does, in a sentence.
  /// What it takes, for --help, such as "<int> <string>".
  std::string usage;
  /// Gives the exit code. Throws std::invalid_argument for arguments that do not fit.
  std::move_only_function<int(const std::vector<std::string>& arguments)> run;
};

/// A word of `program shell` besides those of every shell.
struct ShellWord {
  std::string name;  ///< What it is called in the shell.
  std::string help;  ///< What it does, in a sentence.
  /// Takes the rest of the line; gives what is printed. What it throws is printed as an error.
  std::move_only_function<std::string(const std::string& rest)> run;
};

namespace command_detail {

/// Throws std::invalid_argument that says how the command is used.
[[noreturn]] void refuse(std::string_view usage);

std::string short_name(std::string_view type);

template <class Parameter>
inline constexpr bool kIsRest =
    std::same_as<std::remove_cvref_t<Parameter>, std::vector<std::string>>;

template <class... Parameters>
std::string usage_of(TypeList<Parameters...>) {
  std::string usage;
  auto add = [&usage](std::string_view name) {
    usage += (usage.empty() ? "" : " ") + std::string(name);
  };
  (add(kIsRest<Parameters>
           ? "[arguments...]"
           : "<" + short_name(endpoint_detail::type_name<std::remove_cvref_t<Parameters>>()) + ">"),
   ...);
  return usage;
}

template <class Parameter>
std::remove_cvref_t<Parameter> take(const std::vector<std::string>& arguments, std::size_t& at,
                                    std::string_view usage) {
  using Value = std::remove_cvref_t<Parameter>;
  if constexpr (kIsRest<Parameter>) {
    Value rest(arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end());
    at = arguments.size();
    return rest;
  } else {
    static_assert(PathParameter<Parameter>,
                  "a command takes numbers and texts, and at last a std::vector<std::string> of "
                  "what is left. Mend: specialise web::PathSegment for a type of your own");
    if (at == arguments.size()) refuse(usage);
    auto value = PathSegment<Value>::parse(arguments[at++]);
    if (!value) refuse(usage);
    return std::move(*value);
  }
}

/// Calls `handler` with typed arguments, and waits for it if it is a task.
template <class Handler, class... Parameters>
int call(Handler& handler, TypeList<Parameters...>, const std::vector<std::string>& arguments,
         std::string_view usage) {
  std::size_t at = 0;
  std::tuple<std::remove_cvref_t<Parameters>...> taken{take<Parameters>(arguments, at, usage)...};
  if (at != arguments.size()) refuse(usage);
  auto invoke = [&] { return std::apply(handler, std::move(taken)); };
  using Result = ResultOf<Handler>;
  if constexpr (std::is_void_v<Result>) {
    invoke();
    return 0;
  } else if constexpr (std::same_as<Result, base::Task<void>>) {
    base::run(invoke());
    return 0;
  } else if constexpr (base::kIsTask<Result>) {
    return base::run(invoke());
  } else {
    return invoke();
  }
}

}  // namespace command_detail

/// A command that runs `handler` with the types of its parameters; see `App::command`.
template <class Handler>
Command make_command(std::string name, std::string help, Handler handler) {
  Command command;
  command.name = std::move(name);
  command.help = std::move(help);
  command.usage = command_detail::usage_of(ParametersOf<Handler>{});
  command.run = [handler = std::move(handler),
                 usage = command.usage](const std::vector<std::string>& arguments) mutable {
    return command_detail::call(handler, ParametersOf<Handler>{}, arguments, usage);
  };
  return command;
}

/// A word that runs `handler` with the rest of the line; see `App::shell_word`.
template <class Handler>
ShellWord make_shell_word(std::string name, std::string help, Handler handler) {
  using Result = std::invoke_result_t<Handler&, std::string>;
  ShellWord word{std::move(name), std::move(help), {}};
  word.run = [handler = std::move(handler)](const std::string& rest) mutable -> std::string {
    if constexpr (base::kIsTask<Result>) {
      return base::run(handler(rest));
    } else {
      return handler(rest);
    }
  };
  return word;
}

}  // namespace hornbeam::web
