#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hornbeam::web {

/// Tells when files have changed and then been left alone: certificate and key are written one
/// after the other, and between the two they do not fit each other.
class SettledChange {
 public:
  explicit SettledChange(std::vector<std::string> paths);

  /// Looks at the files, which is to be done about every second. True once after a change, at the
  /// second look that finds the same.
  bool look();

 private:
  /// What of a file changes when it is written or replaced.
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  std::vector<Stamp> read() const;

  std::vector<std::string> paths_;
  std::vector<Stamp> taken_;
  std::vector<Stamp> seen_;
};

}  // namespace hornbeam::web
