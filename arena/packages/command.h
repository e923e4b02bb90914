#pragma once

#include <string>
#include <vector>

#include "hornbeam/data.h"

namespace arena::packages {

/// `arena import debian [FILE]`: the packages that apt on this machine knows, or those of a file as
/// `apt-cache dumpavail` prints them. With a bar; gives the exit code.
int import_debian(hornbeam::data::Database& database, const std::vector<std::string>& arguments);

}  // namespace arena::packages
