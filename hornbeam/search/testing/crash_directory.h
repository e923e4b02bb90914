#pragma once

#include <map>
#include <mutex>
#include <stdexcept>

#include "hornbeam/search/store/directory.h"

namespace hornbeam::search::testing {

/// Thrown where the power goes.
struct PowerCut : std::runtime_error {
  PowerCut() : std::runtime_error("power cut") {}
};

/// A directory in memory that knows what a disk would still have after a loss of power: contents
/// up to the last sync of the file, names up to the last sync of the names.
class CrashDirectory final : public Directory {
 public:
  /// What the disk kept of what was not synced.
  enum class Kept { kNothing, kHalf, kEverything };

  CrashDirectory() = default;

  /// Cuts the power at the `step`th change from now on, counted from 0; that change and all after
  /// it throw PowerCut.
  void cut_at(std::size_t step);
  std::size_t steps() const;
  /// Fails once, at the `step`th change from now on, with std::system_error, as a full disk does.
  void fail_at(std::size_t step);

  /// What is found when the power is back.
  std::unique_ptr<CrashDirectory> after_crash(Kept kept) const;
  /// Flips one bit of a file.
  void flip(std::string_view name, std::size_t bit);
  std::size_t size_of(std::string_view name) const;

  std::vector<std::string> list() const override;
  std::unique_ptr<OutputFile> create(std::string_view name) override;
  std::shared_ptr<const InputFile> open(std::string_view name) const override;
  void rename(std::string_view from, std::string_view to) override;
  void remove(std::string_view name) override;
  void sync_file(std::string_view name) override;
  void sync_names() override;

 private:
  friend class CrashOutput;
  struct File {
    std::string bytes;
    std::size_t synced = 0;
  };
  using Names = std::map<std::string, std::shared_ptr<File>, std::less<>>;

  void step();
  std::shared_ptr<File> find(std::string_view name) const;

  mutable std::recursive_mutex mutex_;
  Names names_;
  Names synced_names_;
  std::size_t steps_ = 0;
  std::size_t cut_at_ = static_cast<std::size_t>(-1);
  std::size_t fail_at_ = static_cast<std::size_t>(-1);
};

}  // namespace hornbeam::search::testing
