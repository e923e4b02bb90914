#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hornbeam/search/node/node.h"

// Where a document of an index with several shards would be. We keep all of them together, but a
// document that was written with a routing is found, as theirs is, only by whoever names one that
// leads to the same shard.
namespace hornbeam::search {

/// The shard of a document of that id and routing; an empty routing is the id.
/// Source: OpenSearch, OperationRouting and Murmur3HashFunction.
std::size_t shard_of(const NodeIndex& index, std::string_view id, std::string_view routing);

/// MurmurHash3 (x86, 32 bits, seed 0) of a text's UTF-16 code units, low bytes first.
/// Requires: `text` is UTF-8.
std::int32_t routing_hash(std::string_view text);

/// `index.number_of_shards` of an index.
std::size_t shard_count(const NodeIndex& index);
/// Shards and their copies, as `number_of_replicas` asks for them.
std::size_t copy_count(const NodeIndex& index);

}  // namespace hornbeam::search
