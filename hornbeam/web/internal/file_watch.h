#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hornbeam::web {

/// Sees when a source, a template or a configuration file changes, by looking again.
class FileWatch {
 public:
  /// Watches files, and folders with what is in them. Hidden folders and those that builds and
  /// programs write to ("build", "var", "node_modules") are left out.
  explicit FileWatch(std::vector<std::string> paths);

  /// What has changed, come or gone since the last call, or since the beginning.
  std::vector<std::string> changes();

 private:
  using Snapshot = std::map<std::string, std::filesystem::file_time_type>;
  Snapshot look() const;

  std::vector<std::string> paths_;
  Snapshot last_;
};

}  // namespace hornbeam::web
