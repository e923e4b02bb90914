#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

void Target::claim(const std::string& /*index*/, std::int64_t /*token*/) {}

base::Task<base::Result<search::SearchResult>> Target::search_later(std::string name,
                                                                    search::SearchRequest request) {
  co_return search(name, request);
}

}  // namespace hornbeam::denorm
