#include "hornbeam/web/internal/file_watch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string_view>

namespace hornbeam::web {

namespace {

namespace fs = std::filesystem;

bool is_watched_file(const fs::path& path) {
  constexpr std::array<std::string_view, 20> kExtensions{
      ".hh",  ".cmake", ".yaml", ".cc",  ".cpp",  ".cxx", ".c",   ".h",     ".hpp",  ".html",
      ".htm", ".css",   ".js",   ".mjs", ".json", ".sql", ".txt", ".jinja", ".toml", ".svg"};
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

bool needs_build(const fs::path& path) {
  constexpr std::array<std::string_view, 8> kSources{".cc", ".cpp", ".cxx", ".c",
                                                     ".h",  ".hpp", ".hh",  ".cmake"};
  return path.filename() == "CMakeLists.txt" ||
         std::find(kSources.begin(), kSources.end(), path.extension().string()) != kSources.end();
}

FileWatch::FileWatch(std::vector<std::string> paths) : paths_(std::move(paths)), last_(look()) {}

void FileWatch::see(const fs::path& path, Snapshot& seen) const {
  std::error_code gone;
  Seen now{fs::last_write_time(path, gone)};
  if (gone) return;
  const auto before = last_.find(path.string());
  // A file written while it was last read has a later time by now: it is read again. One written
  // twice within a tick of the clock of files is told apart by reading what is young every time.
  const bool is_young = fs::file_time_type::clock::now() - now.written < std::chrono::seconds(2);
  if (before != last_.end() && before->second.written == now.written && !is_young) {
    now.digest = before->second.digest;
  } else {
    std::ifstream file(path, std::ios::binary);
    now.digest = std::hash<std::string>()(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  seen[path.string()] = now;
}

FileWatch::Snapshot FileWatch::look() const {
  Snapshot seen;
  // Files come and go while this looks: errors mean that one is gone.
  std::error_code gone;
  for (const std::string& path : paths_) {
    if (!fs::is_directory(path, gone)) {
      if (fs::exists(path, gone)) see(path, seen);
      continue;
    }
    fs::recursive_directory_iterator each(path, fs::directory_options::skip_permission_denied,
                                          gone);
    for (; each != fs::recursive_directory_iterator(); each.increment(gone)) {
      if (each->is_directory(gone)) {
        if (is_left_out(each->path())) each.disable_recursion_pending();
      } else if (is_watched_file(each->path())) {
        see(each->path(), seen);
      }
    }
  }
  return seen;
}

std::vector<std::string> FileWatch::changes() {
  Snapshot now = look();
  std::vector<std::string> changed;
  for (const auto& [path, seen] : now) {
    const auto before = last_.find(path);
    if (before == last_.end() || before->second.digest != seen.digest) changed.push_back(path);
  }
  for (const auto& [path, seen] : last_) {
    if (!now.contains(path)) changed.push_back(path);
  }
  last_ = std::move(now);
  return changed;
}

}  // namespace hornbeam::web
