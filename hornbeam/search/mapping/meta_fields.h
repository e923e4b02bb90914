#pragma once

#include <string_view>

// Fields that documents have beside those of the mapping; see also segment.h.
namespace hornbeam::search {

/// The names of fields whose values a document has in no column: what "exists" asks.
inline constexpr std::string_view kFieldNamesField = "_field_names";
/// The names of fields of which a value was left out, as it was malformed or too long.
inline constexpr std::string_view kIgnoredField = "_ignored";
/// The name of the index, which all of its documents have.
inline constexpr std::string_view kIndexField = "_index";
/// The document as it was sent.
inline constexpr std::string_view kSourceField = "_source";

}  // namespace hornbeam::search
