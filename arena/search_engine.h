#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/denorm.h"
#include "hornbeam/documentation.h"

namespace arena {

/// Everything that is searched: what the tables are followed for.
std::vector<hornbeam::denorm::DocumentType> document_types();

/// The indices of this process, and the threads that keep them as the database is.
class SearchEngine {
 public:
  /// Opens the indices of a folder, or begins them, and follows. Throws std::system_error if
  /// another process has it open. Lifetime: `database` outlives it.
  SearchEngine(hornbeam::data::Database& database, const std::filesystem::path& folder);

  /// All indices, those of others included.
  hornbeam::search::Node& node() noexcept { return node_; }
  /// Where documents go.
  hornbeam::denorm::Target& target() noexcept { return target_; }
  /// Sections of the documentation.
  hornbeam::denorm::Finder& sections() noexcept { return sections_.finder; }
  /// Debian's packages.
  hornbeam::denorm::Finder& packages() noexcept { return packages_.finder; }

 private:
  struct Followed {
    Followed(hornbeam::data::Database& database, hornbeam::denorm::Target& target,
             const hornbeam::denorm::DocumentType& type)
        : finder(database, target, type), indexer(database, target, type) {
      indexer.start();
    }
    hornbeam::denorm::Finder finder;
    hornbeam::denorm::Indexer indexer;
  };

  hornbeam::search::Node node_;
  hornbeam::denorm::EmbeddedTarget target_;
  Followed sections_;
  Followed packages_;
};

/// Opens them; null, with a warning in the log, where another process has the folder open: then
/// this one serves everything but searches. Null too if `folder` is empty.
std::unique_ptr<SearchEngine> open_search(hornbeam::data::Database& database,
                                          const std::string& folder);

}  // namespace arena
