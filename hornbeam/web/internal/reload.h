#pragma once

// Reload: `run --reload`, a parent that keeps the listening socket and a child that serves from it.
//
// The parent binds once and hands the descriptor to every child, so a client is never refused:
// while no child serves, connections wait in the socket's queue. When a source changes, the parent
// runs the build command while the old child goes on serving; what a program reads while it runs
// (templates, static files, configuration) only starts a new child. What is saved during a build is
// built next. If the build works, the child
// is told to finish and a new one starts; if it does not, the parent serves the compiler's words as
// a page, until the next change mends it.

#include <cstdint>
#include <string>
#include <vector>

namespace hornbeam::web {

struct ReloadOptions {
  std::string host;
  std::uint16_t port = 0;
  /// Builds the program; empty: only templates and configuration are expected to change.
  std::string build_command;
  std::vector<std::string> watched;
  /// The program's arguments without those about reloading; the first is its name.
  std::vector<std::string> arguments;
};

/// The variable that tells a child its listening descriptor.
inline constexpr const char* kInheritedSocketVariable = "HORNBEAM_INHERITED_SOCKET";

/// Serves through children until SIGINT or SIGTERM. Gives the exit code.
int serve_reloading(const ReloadOptions& options);

}  // namespace hornbeam::web
