#include "hornbeam/web/internal/file_watch.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hornbeam::web {

namespace {

namespace fs = std::filesystem;

bool is_watched_file(const fs::path& path) {
  constexpr std::array<std::string_view, 17> kExtensions{
      ".cc", ".cpp", ".cxx",  ".c",   ".h",   ".hpp",   ".html", ".htm", ".css",
      ".js", ".mjs", ".json", ".sql", ".txt", ".jinja", ".toml", ".svg"};
  const std::string extension = path.extension().string();
  return path.filename() == ".env" ||
         std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

bool is_left_out(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return (name.starts_with('.') && name != "." && name != "..") || name.starts_with("build") ||
         name == "var" || name == "node_modules";
}

}  // namespace

FileWatch::FileWatch(std::vector<std::string> paths) : paths_(std::move(paths)), last_(look()) {}

FileWatch::Snapshot FileWatch::look() const {
  Snapshot seen;
  // Files come and go while this looks: errors mean that one is gone.
  std::error_code gone;
  for (const std::string& path : paths_) {
    if (!fs::is_directory(path, gone)) {
      seen[path] = fs::last_write_time(path, gone);
      continue;
    }
    fs::recursive_directory_iterator each(path, fs::directory_options::skip_permission_denied,
                                          gone);
    for (; each != fs::recursive_directory_iterator(); each.increment(gone)) {
      if (each->is_directory(gone)) {
        if (is_left_out(each->path())) each.disable_recursion_pending();
      } else if (is_watched_file(each->path())) {
        seen[each->path().string()] = each->last_write_time(gone);
      }
    }
  }
  return seen;
}

std::vector<std::string> FileWatch::changes() {
  Snapshot now = look();
  std::vector<std::string> changed;
  for (const auto& [path, time] : now) {
    const auto before = last_.find(path);
    if (before == last_.end() || before->second != time) changed.push_back(path);
  }
  for (const auto& [path, time] : last_) {
    if (!now.contains(path)) changed.push_back(path);
  }
  last_ = std::move(now);
  return changed;
}

}  // namespace hornbeam::web
