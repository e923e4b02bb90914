#include "cli/new_project.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "cli/project_files.h"

namespace hornbeam::cli {

namespace fs = std::filesystem;

namespace {

bool is_lower(char each) {
  return each >= 'a' && each <= 'z';
}
bool is_digit(char each) {
  return each >= '0' && each <= '9';
}

/// Targets that CMake or Ninja have already, and the package itself.
constexpr std::array<std::string_view, 10> kTakenNames{
    "all",     "clean",   "edit_cache",    "help", "hornbeam",
    "install", "package", "rebuild_cache", "run",  "test"};

void check_name(const std::string& name) {
  const bool is_good =
      !name.empty() && is_lower(name.front()) && std::ranges::all_of(name, [](char each) {
        return is_lower(each) || is_digit(each) || each == '-' || each == '_';
      });
  if (!is_good) {
    throw ProjectError("'" + name +
                       "' is no name for a project. Mend: a small letter, then small letters, "
                       "digits, '-' and '_', such as night-market");
  }
  if (std::ranges::find(kTakenNames, name) != kTakenNames.end()) {
    throw ProjectError("'" + name + "' is a target that every build has. Mend: another name");
  }
}

/// `text` with every `mark` as `word`.
std::string replaced(std::string text, std::string_view mark, std::string_view word) {
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + word.size())) {
    text.replace(at, mark.size(), word);
  }
  return text;
}

/// What the variables of a program's environment begin with, as `web::run` has it.
std::string prefix_of(std::string name) {
  for (char& each : name) {
    each = is_lower(each) ? static_cast<char>(each - 'a' + 'A') : is_digit(each) ? each : '_';
  }
  return name;
}

fs::path path_of(const std::string& file, const std::string& name) {
  if (file == "gitignore") return ".gitignore";
  if (file == "app.toml") return name + ".toml";
  return file;
}

}  // namespace

std::vector<fs::path> write_new_project(const fs::path& parent, const std::string& name) {
  check_name(name);
  const fs::path folder = parent / name;
  if (!fs::is_directory(parent)) {
    throw ProjectError("there is no folder '" + parent.string() + "'. Mend: make it first");
  }
  // Made here, so that nobody else's files can be in it.
  std::error_code failure;
  if (!fs::create_directory(folder, failure)) {
    throw ProjectError("'" + folder.string() + "' " +
                       (failure ? "cannot be made: " + failure.message() : "exists already") +
                       ". Mend: another name, or --into another folder");
  }
  // "@name@" and "@prefix@" stand for what the new project is called.
  std::vector<fs::path> written;
  for (const auto& [file, bytes] : embedded_project()) {
    const fs::path path = folder / path_of(file, name);
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << replaced(replaced(std::string(bytes), "@name@", name), "@prefix@", prefix_of(name));
    if (!out.flush()) throw ProjectError("'" + path.string() + "' cannot be written");
    written.push_back(path);
  }
  return written;
}

}  // namespace hornbeam::cli
