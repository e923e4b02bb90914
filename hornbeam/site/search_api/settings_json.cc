#include "hornbeam/site/search_api/settings_json.h"

#include <chrono>

#include "hornbeam/base/json_write.h"

namespace hornbeam::site {

std::string settings_json(const RestCall& call, const search::NodeIndex& index,
                          const std::vector<std::string>& patterns) {
  search::Settings shown = index.settings.matching(patterns);
  if (call.flag("human")) {
    if (shown.find("index.creation_date")) {
      std::string created;
      base::append_json_time(created, std::chrono::system_clock::time_point(
                                          std::chrono::milliseconds(index.created_at)));
      shown.set("index.creation_date_string", created.substr(1, created.size() - 2));
    }
    if (shown.find("index.version.created")) shown.set("index.version.created_string", "3.4.0");
  }
  return shown.json(call.flag("flat_settings"));
}

}  // namespace hornbeam::site
