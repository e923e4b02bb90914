#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hornbeam::web {

/// True for what a program must be built anew for; false for what it reads while it runs:
/// templates, static files, configuration.
bool needs_build(const std::filesystem::path& path);

/// Sees when a source, a template or a configuration file changes, by looking again. A file that is
/// written anew with what it held has not changed, so a build that generates files settles.
class FileWatch {
 public:
  /// Watches files, and folders with what is in them. Hidden folders and those that builds and
  /// programs write to ("build", "var", "node_modules") are left out.
  explicit FileWatch(std::vector<std::string> paths);

  /// What has changed, come or gone since the last call, or since the beginning.
  std::vector<std::string> changes();

 private:
  struct Seen {
    std::filesystem::file_time_type written;
    std::size_t digest = 0;
  };
  using Snapshot = std::map<std::string, Seen>;
  Snapshot look() const;
  void see(const std::filesystem::path& path, Snapshot& seen) const;

  std::vector<std::string> paths_;
  Snapshot last_;
};

}  // namespace hornbeam::web
