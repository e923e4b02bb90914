#include "hornbeam/search/testing/new_index.h"

#include <fmt/format.h>

#include "hornbeam/base/check.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search::testing {

std::unique_ptr<Index> new_index(std::string_view mapping) {
  auto index =
      Index::open(std::make_unique<CrashDirectory>(), {.shard = {.merges_in_background = false}})
          .value();
  const auto put = index->put_mapping(mapping);
  base::check(put.has_value(), "the mapping of a test is right");
  return index;
}

void put_all(Index& index, const std::vector<std::string>& documents, std::size_t refresh_every) {
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto put = index.put(std::to_string(i + 1), documents[i]);
    base::check(put.has_value(), "the documents of a test are right");
    if ((i + 1) % refresh_every == 0) index.refresh();
  }
  index.refresh();
}

std::string ids(const Index& index, std::string_view body) {
  const auto found = index.search(body);
  if (!found) return found.error().code + ": " + found.error().message;
  std::string all;
  for (const Hit& hit : found->hits) all += (all.empty() ? "" : " ") + hit.id;
  return all;
}

std::string matches(const Index& index, std::string_view query) {
  return ids(index, fmt::format(R"({{"query": {}, "sort": "_doc"}})", query));
}

}  // namespace hornbeam::search::testing
