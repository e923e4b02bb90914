#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/search/index.h"

namespace hornbeam::search::testing {

/// An index in memory, for tests. Requires: the mapping is right.
std::unique_ptr<Index> new_index(std::string_view mapping = "{}");
/// Writes documents as ids "1", "2", ... and refreshes after each `refresh_every` of them.
void put_all(Index& index, const std::vector<std::string>& documents,
             std::size_t refresh_every = 2);
/// The ids that a search finds, in order, or the error as "code: message".
std::string ids(const Index& index, std::string_view body);
/// The same of a query, with the hits in the order of the documents.
std::string matches(const Index& index, std::string_view query);

}  // namespace hornbeam::search::testing
