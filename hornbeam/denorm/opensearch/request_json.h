#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hornbeam/base/result.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::denorm {

/// Whose words are written in the few places where they differ.
enum class ClusterKind : std::uint8_t { kOpenSearch, kElasticsearch };

/// A search as the query language of OpenSearch and Elasticsearch writes it. The error names what
/// that language cannot say.
base::Result<std::string> request_json(const search::SearchRequest& request,
                                       ClusterKind kind = ClusterKind::kOpenSearch);
/// Which of the two gave this answer to `GET /`.
ClusterKind kind_of_cluster(std::string_view json);

/// The answer of `_search` to `request`. The error is that of the server, or says what of it cannot
/// be read.
base::Result<search::SearchResult> read_search_answer(std::string_view json,
                                                      const search::SearchRequest& request = {});

/// The member of every document in which its hash is, beside what was rendered.
inline constexpr std::string_view kHashField = "hornbeam_hash";
/// A rendered document with its hash in it.
std::string with_hash(std::string_view json, std::string_view hash);

}  // namespace hornbeam::denorm
