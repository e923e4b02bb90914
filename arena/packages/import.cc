#include "arena/packages/import.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "arena/packages/control_file.h"
#include "arena/packages/package.h"

namespace arena::packages {
namespace {

namespace data = hornbeam::data;

constexpr std::size_t kTogether = 500;

/// What a package was when the import began.
struct Known {
  std::int64_t id = 0;
  std::string fingerprint;
};

class Import {
 public:
  explicit Import(data::Database& database) : database_(database) {
    database_.read_now([&](data::Snapshot& db) {
      known_.clear();
      maintainers_.clear();
      for (const Package& each : db.select<Package>().all()) {
        known_.emplace(each.name, Known{each.id, each.fingerprint});
      }
      for (const Maintainer& each : db.select<Maintainer>().all()) {
        maintainers_.emplace(each.email, each);
      }
      return true;
    });
  }

  void add(PackageRecord record) {
    ++report_.read;
    if (!seen_.insert(record.package.name).second) return;
    call_by_one_name(record.maintainer);
    const auto found = known_.find(record.package.name);
    if (found != known_.end()) {
      if (found->second.fingerprint == record.package.fingerprint) return;
      record.package.id = found->second.id;
    }
    waiting_.push_back(std::move(record));
  }

  bool is_full() const noexcept { return waiting_.size() >= kTogether; }

  void store() {
    if (waiting_.empty() && renamed_.empty()) return;
    // Work may run more than once: what it learns is taken over when it has come through.
    auto [made, added] = database_.write_now([&](data::Transaction& tx) {
      for (const Maintainer& each : renamed_) tx.update(each);
      std::pair<Maintainers, std::size_t> outcome;
      for (const PackageRecord& record : waiting_) {
        Package package = record.package;
        package.maintainer = maintainer_of(tx, record.maintainer, outcome.first);
        if (package.id == 0) ++outcome.second;
        write(tx, std::move(package), record);
      }
      return outcome;
    });
    maintainers_.merge(made);
    report_.added += added;
    report_.changed += waiting_.size() - added;
    waiting_.clear();
    renamed_.clear();
  }

  void remove_others() {
    std::vector<std::int64_t> gone;
    for (const auto& [name, package] : known_) {
      if (!seen_.contains(name)) gone.push_back(package.id);
    }
    for (std::size_t at = 0; at < gone.size(); at += kTogether) {
      const std::vector<std::int64_t> some(
          gone.begin() + static_cast<std::ptrdiff_t>(at),
          gone.begin() + static_cast<std::ptrdiff_t>(std::min(at + kTogether, gone.size())));
      database_.write_now([&](data::Transaction& tx) {
        tx.erase_where<PackageTag>(data::column(&PackageTag::package).in(some));
        tx.erase_where<Dependency>(data::column(&Dependency::package).in(some));
        return tx.erase_where<Package>(data::column(&Package::id).in(some));
      });
    }
    report_.removed = gone.size();
  }

  const ImportReport& report() const noexcept { return report_; }

 private:
  using Maintainers = std::unordered_map<std::string, Maintainer>;  // By e-mail address.

  /// Some spell their name in more than one way: the first in a file counts.
  void call_by_one_name(Maintainer& maintainer) {
    const auto [called, is_first] = called_.try_emplace(maintainer.email, maintainer.name);
    maintainer.name = called->second;
    const auto found = maintainers_.find(maintainer.email);
    if (!is_first || found == maintainers_.end() || found->second.name == maintainer.name) return;
    found->second.name = maintainer.name;
    renamed_.push_back(found->second);
  }

  std::int64_t maintainer_of(data::Transaction& tx, const Maintainer& wanted,
                             Maintainers& made) const {
    if (const auto found = maintainers_.find(wanted.email); found != maintainers_.end()) {
      return found->second.id;
    }
    if (const auto found = made.find(wanted.email); found != made.end()) return found->second.id;
    Maintainer maintainer = wanted;
    maintainer.id = tx.insert(maintainer);
    return made.emplace(wanted.email, std::move(maintainer)).first->second.id;
  }

  static void write(data::Transaction& tx, Package package, const PackageRecord& record) {
    if (package.id == 0) {
      package.id = tx.insert(package);
    } else {
      tx.update(package);
      tx.erase_where<PackageTag>(data::column(&PackageTag::package) == package.id);
      tx.erase_where<Dependency>(data::column(&Dependency::package) == package.id);
    }
    std::vector<PackageTag> tags;
    for (const std::string& tag : record.tags) tags.push_back({package.id, tag});
    tx.insert_all(tags);
    std::vector<Dependency> dependencies = record.dependencies;
    for (Dependency& each : dependencies) each.package = package.id;
    tx.insert_all(dependencies);
  }

  data::Database& database_;
  std::unordered_map<std::string, Known> known_;  ///< By name.
  Maintainers maintainers_;
  std::unordered_map<std::string, std::string> called_;  ///< In this file, by e-mail address.
  std::unordered_set<std::string> seen_;
  std::vector<PackageRecord> waiting_;
  std::vector<Maintainer> renamed_;
  ImportReport report_;
};

}  // namespace

ImportReport import_packages(data::Database& database, std::istream& file,
                             const std::function<void(const ImportProgress&)>& note) {
  Import import(database);
  ControlReader reader(file);
  while (const auto stanza = reader.next()) {
    if (auto record = read_package(*stanza)) import.add(std::move(*record));
    if (!import.is_full()) continue;
    import.store();
    if (note) note({.packages = import.report().read, .bytes = reader.bytes()});
  }
  import.store();
  import.remove_others();
  if (note) note({.packages = import.report().read, .bytes = reader.bytes()});
  return import.report();
}

}  // namespace arena::packages
