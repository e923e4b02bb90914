#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "hornbeam/site/search_api/search_api.h"
#include "hornbeam/site/search_api/search_body.h"
#include "hornbeam/site/search_api/writes.h"

// What `_delete_by_query`, `_update_by_query` and `_reindex` share: they find documents as they are
// now, and write each of them unless it has changed since.
namespace hornbeam::site {

/// Which documents, and how they are gone through.
struct ByQuery {
  SearchBody body{};
  std::vector<search::SearchTarget> targets{};
  std::optional<std::uint64_t> max_docs{};
  std::size_t batch = 1000;
  bool proceeds = false;  ///< A conflict is counted, and is no failure.
};

/// A document that was found.
struct ChosenDocument {
  const std::string& index;
  std::string id;
  search::Document document;
};

/// What was done.
struct ByQueryOutcome {
  std::uint64_t total = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;
  std::uint64_t batches = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t noops = 0;
  std::vector<std::string> failures{};  ///< As JSON.
  int status = 200;
  bool was_cancelled = false;
};

/// Reads what the three have in common of the parameters and of the body's members.
/// Throws NodeError.
void read_common(ByQuery& query, const RestCall& call, std::optional<base::JsonView> body);

/// Hands each document to `write`, until a batch has had a failure. Throws NodeError for what is
/// wrong with the query.
ByQueryOutcome write_by_query(const ByQuery& query,
                              const std::function<WriteAnswer(const ChosenDocument&)>& write,
                              const std::stop_token& stop);

}  // namespace hornbeam::site
