#include "hornbeam/search/store/file_directory.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hornbeam::search {
namespace {

constexpr std::string_view kLockName = "write.lock";

[[noreturn]] void fail(const char* action, const std::filesystem::path& path) {
  throw std::system_error(errno, std::system_category(), action + (" " + path.string()));
}

/// An open descriptor, closed at the end.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail("cannot open", path);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }

  int number() const noexcept { return number_; }
  void sync(const std::filesystem::path& path) const {
    if (::fsync(number_) != 0) fail("cannot sync", path);
  }

 private:
  int number_;
};

class WrittenFile final : public OutputFile {
 public:
  explicit WrittenFile(std::filesystem::path path)
      : path_(std::move(path)), file_(path_, O_WRONLY | O_CREAT | O_TRUNC) {}

  void append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() override { file_.sync(path_); }

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

class MappedFile final : public InputFile {
 public:
  explicit MappedFile(const std::filesystem::path& path) {
    const Descriptor file(path, O_RDONLY);
    struct stat found{};
    if (::fstat(file.number(), &found) != 0) fail("cannot look at", path);
    size_ = static_cast<std::size_t>(found.st_size);
    if (size_ == 0) return;
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.number(), 0);
    if (data_ == MAP_FAILED) fail("cannot map", path);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() override {
    if (size_ != 0) ::munmap(data_, size_);
  }

  std::string_view bytes() const noexcept override {
    return {static_cast<const char*>(data_), size_};
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

FileDirectory::FileDirectory(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  const std::filesystem::path path = folder_ / kLockName;
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) fail("cannot open", path);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    ::close(lock_);
    errno = reason;
    fail("another process has the index open (or this one, twice): cannot lock", path);
  }
}

FileDirectory::~FileDirectory() {
  ::close(lock_);
}

std::vector<std::string> FileDirectory::list() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().filename() != kLockName) names.push_back(entry.path().filename().string());
  }
  return names;
}

std::unique_ptr<OutputFile> FileDirectory::create(std::string_view name) {
  return std::make_unique<WrittenFile>(folder_ / name);
}

std::shared_ptr<const InputFile> FileDirectory::open(std::string_view name) const {
  return std::make_shared<MappedFile>(folder_ / name);
}

void FileDirectory::rename(std::string_view from, std::string_view to) {
  std::filesystem::rename(folder_ / from, folder_ / to);
}

void FileDirectory::remove(std::string_view name) {
  std::filesystem::remove(folder_ / name);
}

void FileDirectory::sync_file(std::string_view name) {
  const std::filesystem::path path = folder_ / name;
  Descriptor(path, O_RDONLY).sync(path);
}

void FileDirectory::sync_names() {
  Descriptor(folder_, O_RDONLY | O_DIRECTORY).sync(folder_);
}

}  // namespace hornbeam::search
