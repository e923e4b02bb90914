#include "arena/search_engine.h"

#include <system_error>

#include "arena/packages/package.h"
#include "hornbeam/web.h"

namespace arena {

namespace denorm = hornbeam::denorm;

std::vector<denorm::DocumentType> document_types() {
  return {hornbeam::site::sections_type(), packages::package_documents()};
}

SearchEngine::SearchEngine(hornbeam::data::Database& database, const std::filesystem::path& folder)
    : node_(folder),
      target_(node_),
      sections_(database, target_, hornbeam::site::sections_type()),
      packages_(database, target_, packages::package_documents()) {}

std::unique_ptr<SearchEngine> open_search(hornbeam::data::Database& database,
                                          const std::string& folder) {
  if (folder.empty()) return nullptr;
  try {
    return std::make_unique<SearchEngine>(database, folder);
  } catch (const std::system_error& error) {
    hornbeam::base::log_warning(
        "searches are off: the folder of indices cannot be opened. Mend: "
        "end the process that has it, or give this one its own search.folder",
        {{"folder", folder}, {"reason", error.what()}});
    return nullptr;
  }
}

}  // namespace arena
