#include "hornbeam/web/internal/file_cache.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hornbeam::web {

namespace {

constexpr auto kTrustedFor = std::chrono::seconds(1);
// So that names that are not there, which anyone can ask for, do not fill the memory.
constexpr std::size_t kMaxNames = 4096;

int open_beneath(int folder, const char* name) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(syscall(SYS_openat2, folder, name, &how, sizeof how));
}

std::string read_whole(int descriptor, std::size_t size) {
  std::string content(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got =
        pread(descriptor, content.data() + filled, size - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;  // Shorter than it was a moment ago: what is there is what it is.
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) close(descriptor_);
}

FileCache::FileCache(const std::string& folder, const StaticOptions& options)
    : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), options_(options) {
  if (!folder_) {
    throw std::system_error(errno, std::generic_category(),
                            "the static folder '" + folder + "' cannot be opened");
  }
  if (FileDescriptor probe(open_beneath(folder_.get(), ".")); !probe && errno == ENOSYS) {
    throw std::system_error(errno, std::generic_category(),
                            "static files need openat2, which Linux has since 5.6");
  }
}

FileDescriptor FileCache::open(std::string_view name) const {
  if (name.empty() || name.find('\0') != std::string_view::npos) return FileDescriptor(-1);
  return FileDescriptor(open_beneath(folder_.get(), std::string(name).c_str()));
}

std::shared_ptr<const CachedFile> FileCache::look(std::string_view name) const {
  auto file = std::make_shared<CachedFile>();
  file->looked_at = std::chrono::steady_clock::now();
  const FileDescriptor opened = open(name);
  struct stat status{};
  if (!opened || fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode)) return file;
  file->exists = true;
  file->size = static_cast<std::uint64_t>(status.st_size);
  file->validators.last_modified = status.st_mtim.tv_sec;
  file->validators.etag = "\"" + std::to_string(status.st_mtim.tv_sec) + "." +
                          std::to_string(status.st_mtim.tv_nsec) + "-" +
                          std::to_string(status.st_size) + "\"";
  if (file->size <= options_.cached_file_bytes) {
    file->content = std::make_shared<std::string>(
        read_whole(opened.get(), static_cast<std::size_t>(file->size)));
    file->size = file->content->size();
  }
  return file;
}

std::shared_ptr<const CachedFile> FileCache::find(std::string_view name) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::shared_lock lock(mutex_);
    const auto found = files_.find(name);
    if (found != files_.end() && now - found->second->looked_at < kTrustedFor) {
      return found->second;
    }
  }
  std::shared_ptr<const CachedFile> file = look(name);
  const std::unique_lock lock(mutex_);
  if (kept_bytes_ > options_.cache_bytes || files_.size() >= kMaxNames) {
    files_.clear();
    kept_bytes_ = 0;
  }
  auto& slot = files_[std::string(name)];
  if (slot != nullptr && slot->content != nullptr) kept_bytes_ -= slot->content->size();
  if (file->content != nullptr) kept_bytes_ += file->content->size();
  slot = file;
  return file;
}

}  // namespace hornbeam::web
