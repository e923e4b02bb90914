#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "hornbeam/web/internal/conditional.h"
#include "hornbeam/web/static_files.h"

namespace hornbeam::web {

/// An open descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  FileDescriptor(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const noexcept { return descriptor_; }
  /// Gives it away.
  int release() noexcept { return std::exchange(descriptor_, -1); }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

/// A file as it was when it was looked at; an absent one is remembered too.
struct CachedFile {
  bool exists = false;
  std::uint64_t size = 0;
  Validators validators;
  std::shared_ptr<const std::string> content;  // Null if it is too large to keep.
  std::chrono::steady_clock::time_point looked_at;
};

/// The files of one folder. Thread: any.
class FileCache {
 public:
  FileCache(const std::string& folder, const StaticOptions& options);

  /// The file `name` as it was at most a second ago; `exists` is false for what is no regular file
  /// inside of the folder.
  std::shared_ptr<const CachedFile> find(std::string_view name);
  /// Opens `name` beneath the folder.
  FileDescriptor open(std::string_view name) const;

 private:
  std::shared_ptr<const CachedFile> look(std::string_view name) const;

  FileDescriptor folder_;
  StaticOptions options_;
  std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const CachedFile>, std::less<>> files_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace hornbeam::web
