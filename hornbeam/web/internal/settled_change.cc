#include "hornbeam/web/internal/settled_change.h"

#include <utility>

#include <sys/stat.h>

namespace hornbeam::web {

SettledChange::SettledChange(std::vector<std::string> paths)
    : paths_(std::move(paths)), taken_(read()), seen_(taken_) {}

std::vector<SettledChange::Stamp> SettledChange::read() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : paths_) {
    struct stat found{};
    Stamp stamp;
    if (::stat(path.c_str(), &found) == 0) {
      stamp = {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

bool SettledChange::look() {
  std::vector<Stamp> now = read();
  const bool is_settled = now == seen_ && now != taken_;
  if (is_settled) taken_ = now;
  seen_ = std::move(now);
  return is_settled;
}

}  // namespace hornbeam::web
