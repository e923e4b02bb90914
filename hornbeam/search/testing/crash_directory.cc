#include "hornbeam/search/testing/crash_directory.h"

#include <system_error>

namespace hornbeam::search::testing {
namespace {

class MemoryFile final : public InputFile {
 public:
  /// A copy aligned as a mapping would be.
  explicit MemoryFile(std::string bytes) : bytes_(std::move(bytes)) { bytes_.reserve(64); }
  std::string_view bytes() const noexcept override { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

class CrashOutput final : public OutputFile {
 public:
  CrashOutput(CrashDirectory& directory, std::shared_ptr<CrashDirectory::File> file)
      : directory_(directory), file_(std::move(file)) {}

  void append(std::string_view bytes) override {
    const std::lock_guard lock(directory_.mutex_);
    // A write that is cut leaves a part of what it was to write.
    const std::size_t half = bytes.size() / 2;
    file_->bytes.append(bytes.substr(0, half));
    directory_.step();
    file_->bytes.append(bytes.substr(half));
  }
  void sync() override {
    const std::lock_guard lock(directory_.mutex_);
    directory_.step();
    file_->synced = file_->bytes.size();
  }

 private:
  CrashDirectory& directory_;
  std::shared_ptr<CrashDirectory::File> file_;
};

void CrashDirectory::cut_at(std::size_t step) {
  const std::lock_guard lock(mutex_);
  steps_ = 0;
  cut_at_ = step;
}

std::size_t CrashDirectory::steps() const {
  const std::lock_guard lock(mutex_);
  return steps_;
}

void CrashDirectory::fail_at(std::size_t step) {
  const std::lock_guard lock(mutex_);
  steps_ = 0;
  fail_at_ = step;
}

void CrashDirectory::step() {
  if (steps_ >= cut_at_) throw PowerCut();
  if (steps_++ == fail_at_) {
    throw std::system_error(std::make_error_code(std::errc::no_space_on_device));
  }
}

std::unique_ptr<CrashDirectory> CrashDirectory::after_crash(Kept kept) const {
  const std::lock_guard lock(mutex_);
  auto found = std::make_unique<CrashDirectory>();
  for (const auto& [name, file] : kept == Kept::kNothing ? synced_names_ : names_) {
    const std::size_t unsynced = file->bytes.size() - file->synced;
    const std::size_t more = kept == Kept::kNothing ? 0
                             : kept == Kept::kHalf  ? unsynced / 2
                                                    : unsynced;
    auto copy = std::make_shared<File>();
    copy->bytes = file->bytes.substr(0, file->synced + more);
    copy->synced = copy->bytes.size();
    found->names_[name] = copy;
  }
  found->synced_names_ = found->names_;
  return found;
}

void CrashDirectory::flip(std::string_view name, std::size_t bit) {
  const std::lock_guard lock(mutex_);
  find(name)->bytes.at(bit / 8) ^= static_cast<char>(1 << (bit % 8));
}

std::size_t CrashDirectory::size_of(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return find(name)->bytes.size();
}

std::shared_ptr<CrashDirectory::File> CrashDirectory::find(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) {
    throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory),
                            std::string(name));
  }
  return found->second;
}

std::vector<std::string> CrashDirectory::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, file] : names_) names.push_back(name);
  return names;
}

std::unique_ptr<OutputFile> CrashDirectory::create(std::string_view name) {
  const std::lock_guard lock(mutex_);
  step();
  auto file = std::make_shared<File>();
  names_[std::string(name)] = file;
  return std::make_unique<CrashOutput>(*this, std::move(file));
}

std::shared_ptr<const InputFile> CrashDirectory::open(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return std::make_shared<MemoryFile>(find(name)->bytes);
}

void CrashDirectory::rename(std::string_view from, std::string_view to) {
  const std::lock_guard lock(mutex_);
  step();
  std::shared_ptr<File> file = find(from);
  names_.erase(names_.find(from));
  names_[std::string(to)] = std::move(file);
}

void CrashDirectory::remove(std::string_view name) {
  const std::lock_guard lock(mutex_);
  step();
  names_.erase(std::string(name));
}

void CrashDirectory::sync_file(std::string_view name) {
  const std::lock_guard lock(mutex_);
  step();
  const std::shared_ptr<File> file = find(name);
  file->synced = file->bytes.size();
}

void CrashDirectory::sync_names() {
  const std::lock_guard lock(mutex_);
  step();
  synced_names_ = names_;
}

}  // namespace hornbeam::search::testing
