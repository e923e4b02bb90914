#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// A file while it is written, front to back, once.
class OutputFile {
 public:
  virtual ~OutputFile() = default;

  virtual void append(std::string_view bytes) = 0;
  /// Returns when what was appended survives a loss of power.
  virtual void sync() = 0;
};

/// A finished file in memory, most often mapped. Stays readable when the file is removed.
class InputFile {
 public:
  virtual ~InputFile() = default;
  virtual std::string_view bytes() const noexcept = 0;
};

/// Where an index keeps its files: flat, by name. Every function throws std::system_error when the
/// system refuses.
/// Thread: any; two threads do not write the same name at once.
class Directory {
 public:
  virtual ~Directory() = default;

  virtual std::vector<std::string> list() const = 0;
  /// Begins a file, emptying one that is there already.
  virtual std::unique_ptr<OutputFile> create(std::string_view name) = 0;
  virtual std::shared_ptr<const InputFile> open(std::string_view name) const = 0;
  /// Gives a file another name in one step, replacing what had that name.
  virtual void rename(std::string_view from, std::string_view to) = 0;
  virtual void remove(std::string_view name) = 0;
  /// Makes the contents of a finished file survive a loss of power.
  virtual void sync_file(std::string_view name) = 0;
  /// Makes names, new, changed and removed, survive a loss of power.
  virtual void sync_names() = 0;
};

}  // namespace hornbeam::search
