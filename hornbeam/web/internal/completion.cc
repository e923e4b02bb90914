#include "hornbeam/web/internal/completion.h"

#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace hornbeam::web {

namespace {

struct CompletedOption {
  std::string flags;  // Such as "--port -p".
  std::string help;
  std::string takes;                 // Such as "FILE"; empty for a flag.
  std::vector<std::string> choices;  // What it takes, if that is known.
};

struct CompletedCommand {
  std::string name;
  std::string help;
  std::vector<CompletedOption> options;
  std::vector<std::string> choices;  // Of its arguments.
};

/// The choices in a type such as "TEXT:{bash,zsh}", as CLI11's IsMember writes them.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  if (begin == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, type.find('}') - begin - 1), ',');
}

CompletedOption describe(const CLI::Option& option, const std::vector<std::string>& keys) {
  CompletedOption described;
  for (const std::string& name : option.get_lnames()) described.flags += " --" + name;
  for (const std::string& name : option.get_snames()) described.flags += " -" + name;
  described.flags.erase(0, 1);
  described.help = option.get_description();
  if (option.get_items_expected_max() == 0) return described;
  described.takes = option.get_type_name();
  described.choices = choices_of(option);
  if (!described.choices.empty()) described.takes = "CHOICE";
  if (described.takes == "KEY=VALUE") {
    for (const std::string& key : keys) {
      if (!key.ends_with('*')) described.choices.push_back(key + "=");
    }
  }
  return described;
}

std::vector<CompletedCommand> commands_of(const CLI::App& cli,
                                          const std::vector<std::string>& keys) {
  std::vector<CompletedCommand> commands;
  for (const CLI::App* each : cli.get_subcommands([](const CLI::App*) { return true; })) {
    CompletedCommand& command = commands.emplace_back();
    command.name = each->get_name();
    command.help = each->get_description();
    for (const CLI::Option* option : each->get_options()) {
      if (!option->nonpositional()) {
        command.choices = choices_of(*option);
      } else {
        command.options.push_back(describe(*option, keys));
      }
    }
  }
  return commands;
}

bool takes_files(const CompletedOption& option) {
  return option.takes == "FILE" || option.takes == "PATH";
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// The name of a shell's function.
std::string function_name(const std::string& program) {
  std::string name = "_";
  for (const char each : program) {
    const bool is_word = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                         (each >= '0' && each <= '9');
    name += is_word ? each : '_';
  }
  return name;
}

// ---- bash ----

std::string bash_value(const CompletedCommand& command, const CompletedOption& option) {
  std::vector<std::string> patterns;
  for (const std::string& flag : CLI::detail::split(option.flags, ' ')) {
    patterns.push_back(fmt::format("'{} {}'", command.name, flag));
  }
  std::string action = ":";  // Anything: nothing to suggest.
  if (takes_files(option)) action = "compopt -o filenames 2>/dev/null; _hornbeam_suggest -f";
  if (!option.choices.empty())
    action = fmt::format("_hornbeam_suggest -W '{}'", joined(option.choices));
  if (option.takes == "KEY=VALUE") action = "compopt -o nospace 2>/dev/null; " + action;
  return fmt::format("    {})\n      {}\n      return ;;\n", fmt::join(patterns, "|"), action);
}

std::string bash_script(const std::string& program, const std::vector<CompletedCommand>& commands) {
  std::vector<std::string> names;
  std::string values;
  std::string words;
  for (const CompletedCommand& command : commands) {
    names.push_back(command.name);
    std::vector<std::string> known = command.choices;
    for (const CompletedOption& option : command.options) {
      known.push_back(option.flags);
      if (!option.takes.empty()) values += bash_value(command, option);
    }
    words += fmt::format("    '{}') _hornbeam_suggest -W '{}' ;;\n", command.name, joined(known));
  }
  constexpr std::string_view kScript = R"(# {0} in bash: source <({0} completion bash)
_hornbeam_suggest() {{ mapfile -t COMPREPLY < <(compgen "$@" -- "$current"); }}
{1}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local command=${{COMP_WORDS[1]}}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    _hornbeam_suggest -W '{2}'
    return
  fi
  case "$command $previous" in
{3}  esac
  case "$command" in
{4}  esac
}}
complete -F {1} {0}
)";
  return fmt::format(fmt::runtime(kScript), program, function_name(program), joined(names), values,
                     words);
}

// ---- zsh ----

/// A help text inside of '...[here]' or 'word:here'.
std::string zsh_text(std::string_view text) {
  std::string escaped;
  for (const char each : text) {
    if (each == '\'') {
      escaped += "'\\''";
      continue;
    }
    if (each == '[' || each == ']' || each == ':' || each == '\\') escaped += '\\';
    escaped += each;
  }
  return escaped;
}

std::string zsh_option(const CompletedOption& option) {
  std::string specs;
  for (const std::string& flag : CLI::detail::split(option.flags, ' ')) {
    std::string value;
    if (!option.takes.empty()) value = ":" + zsh_text(option.takes) + ":";
    if (takes_files(option)) value += "_files";
    if (option.takes == "KEY=VALUE") {
      value += fmt::format("{{compadd -S \"\" -- {}}}", joined(option.choices));
    } else if (!option.choices.empty()) {
      value += "(" + joined(option.choices) + ")";
    }
    specs += fmt::format(" \\\n        '*{}[{}]{}'", flag, zsh_text(option.help), value);
  }
  return specs;
}

std::string zsh_script(const std::string& program, const std::vector<CompletedCommand>& commands) {
  std::string names;
  std::string cases;
  for (const CompletedCommand& command : commands) {
    names += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.help));
    std::string specs;
    for (const CompletedOption& option : command.options) specs += zsh_option(option);
    if (!command.choices.empty()) {
      specs += fmt::format(" \\\n        '*:argument:({})'", joined(command.choices));
    }
    cases += fmt::format("    '{}')\n      _arguments{} ;;\n", command.name, specs);
  }
  constexpr std::string_view kScript = R"(#compdef {0}
# {0} in zsh: source <({0} completion zsh), after compinit; or save it as {1} in a folder of $fpath.
{1}() {{
  local -a commands
  commands=(
{2}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case "$words[1]" in
{3}  esac
}}
if [ "$funcstack[1]" = "{1}" ]; then
  {1} "$@"
else
  compdef {1} {0}
fi
)";
  return fmt::format(fmt::runtime(kScript), program, function_name(program), names, cases);
}

}  // namespace

std::string completion_script(const CLI::App& cli, std::string_view shell,
                              const std::vector<std::string>& keys) {
  const std::vector<CompletedCommand> commands = commands_of(cli, keys);
  if (shell == "bash") return bash_script(cli.get_name(), commands);
  if (shell == "zsh") return zsh_script(cli.get_name(), commands);
  throw std::invalid_argument("there is no completion for '" + std::string(shell) +
                              "'. Mend: bash or zsh");
}

}  // namespace hornbeam::web
