#include "hornbeam/search/node/routing.h"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

std::vector<std::uint32_t> utf16_units(std::string_view text) {
  std::vector<std::uint32_t> units;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    at += point.bytes;
    if (point.units() == 1) {
      units.push_back(point.value);
    } else {
      const std::uint32_t offset = point.value - 0x10000;
      units.push_back(0xD800 + (offset >> 10));
      units.push_back(0xDC00 + (offset & 0x3FF));
    }
  }
  return units;
}

std::uint32_t scrambled(std::uint32_t block) {
  return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u;
}

/// Into how many parts the shards of an index may be split later: the hash is divided among these.
std::int64_t routing_shard_count(const NodeIndex& index, std::int64_t shards) {
  const auto given = index.settings.find_int("index.number_of_routing_shards");
  if (given && *given >= shards) return *given;
  constexpr int kMostSplits = 10;
  const auto bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(shards - 1)));
  return shards << std::max(1, kMostSplits - bits);
}

std::int64_t at_least(const NodeIndex& index, std::string_view setting, std::int64_t least) {
  constexpr std::int64_t kMost = 1024;
  return std::clamp(index.settings.find_int(setting).value_or(1), least, kMost);
}

}  // namespace

std::int32_t routing_hash(std::string_view text) {
  const std::vector<std::uint32_t> units = utf16_units(text);
  std::uint32_t hash = 0;
  std::size_t at = 0;
  for (; at + 1 < units.size(); at += 2) {
    hash ^= scrambled(units[at] | units[at + 1] << 16);
    hash = std::rotl(hash, 13) * 5 + 0xe6546b64u;
  }
  if (at < units.size()) hash ^= scrambled(units[at]);
  hash ^= static_cast<std::uint32_t>(units.size() * 2);
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
  return static_cast<std::int32_t>(hash ^ hash >> 16);
}

std::size_t shard_of(const NodeIndex& index, std::string_view id, std::string_view routing) {
  const auto shards = static_cast<std::int64_t>(shard_count(index));
  if (shards == 1) return 0;
  std::string valid;
  OffsetMap ignored;
  replace_invalid_utf8(routing.empty() ? id : routing, valid, ignored);
  const std::int64_t parts = routing_shard_count(index, shards);
  const std::int64_t part = (routing_hash(valid) % parts + parts) % parts;
  return static_cast<std::size_t>(part / (parts / shards));
}

std::size_t shard_count(const NodeIndex& index) {
  return static_cast<std::size_t>(at_least(index, "index.number_of_shards", 1));
}

std::size_t copy_count(const NodeIndex& index) {
  const std::int64_t replicas = at_least(index, "index.number_of_replicas", 0);
  return shard_count(index) * static_cast<std::size_t>(replicas + 1);
}

}  // namespace hornbeam::search
