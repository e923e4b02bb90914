#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace hornbeam::web {

/// A script for `shell` ("bash" or "zsh") that completes the commands of `cli`, their options, and
/// what options take: files, choices, and for KEY=VALUE one of `keys`. It knows what was known when
/// it was written, and does not ask the program: that would open its database at every TAB.
/// Throws std::invalid_argument for another shell.
std::string completion_script(const CLI::App& cli, std::string_view shell,
                              const std::vector<std::string>& keys);

}  // namespace hornbeam::web
