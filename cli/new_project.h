#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace hornbeam::cli {

/// A project that cannot be begun: says why, and the mend.
class ProjectError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes the project `name` into the new folder `parent`/`name`; gives the paths of its files.
/// Throws ProjectError, before anything is written, if the name is no good or the folder exists.
std::vector<std::filesystem::path> write_new_project(const std::filesystem::path& parent,
                                                     const std::string& name);

}  // namespace hornbeam::cli
