#pragma once

#include <map>
#include <string>

#include "hornbeam/search/index/shard.h"

namespace hornbeam::search::testing {

/// A document with nothing but its source.
IndexedDocument document(std::string id, std::string source);

/// The source of every live document of a snapshot by its id; a test fails that has an id twice.
std::map<std::string, std::string> contents(const Snapshot& snapshot);

}  // namespace hornbeam::search::testing
