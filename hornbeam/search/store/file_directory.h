#pragma once

#include <filesystem>

#include "hornbeam/search/store/directory.h"

namespace hornbeam::search {

/// A folder of the file system; its files are mapped for reading.
class FileDirectory final : public Directory {
 public:
  /// Makes the folder if it is not there, and locks it: one process at a time may have it open.
  /// Throws std::system_error, also when another process holds it.
  explicit FileDirectory(std::filesystem::path folder);
  ~FileDirectory() override;
  FileDirectory(const FileDirectory&) = delete;
  FileDirectory& operator=(const FileDirectory&) = delete;

  std::vector<std::string> list() const override;
  std::unique_ptr<OutputFile> create(std::string_view name) override;
  std::shared_ptr<const InputFile> open(std::string_view name) const override;
  void rename(std::string_view from, std::string_view to) override;
  void remove(std::string_view name) override;
  void sync_file(std::string_view name) override;
  void sync_names() override;

 private:
  std::filesystem::path folder_;
  int lock_;
};

}  // namespace hornbeam::search
