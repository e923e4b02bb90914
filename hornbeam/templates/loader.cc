#include "hornbeam/templates/loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace hornbeam::templates {

namespace {

namespace files = std::filesystem;

class Folder final : public Loader {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {}

  std::optional<Source> load(std::string_view name) const override {
    const auto path = find(name);
    if (!path) return std::nullopt;
    const std::int64_t changed = version_of(*path);
    std::ifstream in(*path, std::ios::binary);
    if (!in) return std::nullopt;
    return Source{{std::istreambuf_iterator<char>(in), {}}, changed};
  }

  std::int64_t version(std::string_view name) const override {
    const auto path = find(name);
    return path ? version_of(*path) : -1;
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    std::error_code error;
    for (const auto& each : files::recursive_directory_iterator(path_, error)) {
      if (each.is_regular_file())
        all.push_back(files::relative(each.path(), path_).generic_string());
    }
    std::ranges::sort(all);
    return all;
  }

 private:
  /// The file, if the name is a plain path below the folder and leads to nothing outside of it.
  std::optional<files::path> find(std::string_view name) const {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
        name.find('\0') != std::string_view::npos) {
      return std::nullopt;
    }
    for (const auto& part : files::path(name)) {
      if (part == ".." || part == ".") return std::nullopt;
    }
    std::error_code error;
    const files::path root = files::canonical(path_, error);
    if (error) return std::nullopt;
    files::path path = files::canonical(root / name, error);
    if (error || !files::is_regular_file(path)) return std::nullopt;
    if (std::ranges::mismatch(root, path).in1 != root.end()) return std::nullopt;
    return path;
  }

  static std::int64_t version_of(const files::path& path) {
    std::error_code error;
    return files::last_write_time(path, error).time_since_epoch().count();
  }

  std::string path_;
};

class Texts final : public Loader {
 public:
  explicit Texts(std::map<std::string, std::string, std::less<>> by_name)
      : by_name_(std::move(by_name)) {}
  std::optional<Source> load(std::string_view name) const override {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    return Source{found->second, 0};
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const auto& [name, text] : by_name_) all.push_back(name);
    return all;
  }

 private:
  std::map<std::string, std::string, std::less<>> by_name_;
};

class Embedded final : public Loader {
 public:
  explicit Embedded(std::span<const EmbeddedTemplate> files) : files_(files) {}
  std::optional<Source> load(std::string_view name) const override {
    const auto found = std::ranges::find(files_, name, &EmbeddedTemplate::name);
    if (found == files_.end()) return std::nullopt;
    return Source{std::string(found->text), 0};
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const EmbeddedTemplate& each : files_) all.emplace_back(each.name);
    return all;
  }

 private:
  std::span<const EmbeddedTemplate> files_;
};

class FirstOf final : public Loader {
 public:
  explicit FirstOf(std::vector<std::unique_ptr<Loader>> loaders) : loaders_(std::move(loaders)) {}
  std::optional<Source> load(std::string_view name) const override {
    for (const auto& each : loaders_) {
      if (auto found = each->load(name)) return found;
    }
    return std::nullopt;
  }
  std::int64_t version(std::string_view name) const override {
    for (const auto& each : loaders_) {
      if (const std::int64_t version = each->version(name); version != -1) return version;
    }
    return -1;
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const auto& each : loaders_) std::ranges::copy(each->names(), std::back_inserter(all));
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    return all;
  }

 private:
  std::vector<std::unique_ptr<Loader>> loaders_;
};

}  // namespace

std::unique_ptr<Loader> folder(std::string path) {
  return std::make_unique<Folder>(std::move(path));
}
std::unique_ptr<Loader> texts(std::map<std::string, std::string, std::less<>> by_name) {
  return std::make_unique<Texts>(std::move(by_name));
}
std::unique_ptr<Loader> embedded(std::span<const EmbeddedTemplate> files) {
  return std::make_unique<Embedded>(files);
}
std::unique_ptr<Loader> first_of(std::vector<std::unique_ptr<Loader>> loaders) {
  return std::make_unique<FirstOf>(std::move(loaders));
}

}  // namespace hornbeam::templates
