#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hornbeam/search/aggregation/aggregation.h"
#include "hornbeam/search/highlight/highlight_request.h"
#include "hornbeam/search/mapping/field_value.h"
#include "hornbeam/search/nested/nested_place.h"
#include "hornbeam/search/query/query.h"
#include "hornbeam/search/query/result_options.h"
#include "hornbeam/search/score/explanation.h"
#include "hornbeam/search/score/top_docs.h"
#include "hornbeam/search/suggest/suggest_request.h"

namespace hornbeam::search {

/// Which of a document's values it is ordered by, or what is made of them.
enum class SortMode : std::uint8_t {
  kDefault,  ///< The least, or falling the greatest.
  kMin,
  kMax,
  kSum,
  kAverage,
  kMedian,
};

/// Orders by how far the places of a field are.
struct DistanceSort {
  std::vector<Place> points;
  double unit = 1;  ///< In metres.
  bool ignores_unmapped = false;
};

/// What hits are ordered by.
struct SortKey {
  std::string field;  ///< Also "_score" and "_doc".
  bool is_descending = false;
  bool is_missing_first = false;
  std::string missing{};  ///< What counts where there is no value; empty: it is first or last.
  SortMode mode = SortMode::kDefault;
  std::string numeric_type{};   ///< As which numbers are compared; empty: as what they are.
  std::string unmapped_type{};  ///< Of an index without the field; empty: that is an error.
  std::string format{};         ///< Of dates; empty: they are shown as numbers.
  std::optional<DistanceSort> distance{};
  std::shared_ptr<const NestedSort> nested{};  ///< Null: the field is the document's own.
};

/// What a hit is ordered by in one key: nothing, a number, a real or a keyword.
using SortValue = std::variant<std::monostate, std::int64_t, double, std::string, std::uint64_t>;

/// A search.
struct SearchRequest {
  Query query{};
  std::size_t from = 0;
  std::size_t size = 10;
  std::vector<SortKey> sort{};  ///< Empty: by score.
  /// The values of the last hit of the page before. Requires: as many as `sort` has keys.
  std::optional<std::vector<SortValue>> search_after{};
  /// How far matches are counted before only the best are looked for.
  std::uint64_t track_total_hits = 10'000;
  /// Hits must match it too; what is counted beside the hits need not.
  std::optional<Query> post_filter{};
  std::optional<float> min_score{};
  std::vector<Rescore> rescore{};
  std::optional<Collapse> collapse{};
  std::optional<Slice> slice{};
  std::optional<HighlightRequest> highlight{};
  std::optional<SuggestRequest> suggest{};
  std::uint64_t terminate_after = 0;  ///< Matches of an index that are looked at; 0: all.
  bool explains = false;              ///< Hits say why they score what they score.
  bool tracks_scores = false;         ///< Hits have scores whatever they are ordered by.
  bool reports_query_scores = false;  ///< Named queries that match say how much.
  bool loads_sources = true;          ///< Hits come with what was written.
  Aggregations aggregations{};        ///< Asked of all matches, whatever hits are shown.
  std::string aggregations_text{};    ///< What those were read from, for who sends them on.
  AggregationOptions aggregation_options{};

  static constexpr std::uint64_t kCountAll = std::numeric_limits<std::uint64_t>::max();
};

struct SearchResult;
struct SearchTarget;

/// What was found for inner hits.
struct InnerResult {
  std::string name;
  std::shared_ptr<const SearchResult> result;
  /// The nested documents that were searched; null: the same indices as those of the hit.
  std::shared_ptr<const SearchTarget> target{};
};

struct Hit {
  std::string id;                     ///< Of a nested document that of the document it is in.
  std::optional<float> score{};       ///< None if the hits are ordered otherwise.
  std::string source;                 ///< Of a nested document its object.
  std::vector<NestedPlace> nested{};  ///< Which object it is; empty if it is none.
  std::vector<SortValue> sort{};
  std::size_t target = 0;                      ///< Which of the indices searched has it ...
  DocId doc = 0;                               ///< ... and where in its snapshot.
  std::vector<std::string> matched_queries{};  ///< Those with a name.
  std::vector<float> matched_scores{};         ///< What each scores, if that was asked for.
  Highlights highlight{};
  std::optional<Explanation> explanation{};
  std::optional<SortValue> collapsed_by{};
  std::vector<InnerResult> inner_hits{};  ///< As many as were asked for.
};

struct SearchResult {
  HitCount total{};
  std::optional<float> max_score{};
  std::vector<Hit> hits{};
  bool terminated_early = false;
  std::vector<Suggestion> suggestions{};
  std::string aggregations{};  ///< What belongs under "aggregations"; empty if none are asked for.
};

/// Reads a member of a search's body that is not about searching; false if it does not know it.
using OtherMember = std::function<bool(std::string_view name, base::JsonView value)>;

/// Reads the body of `_search`. Errors are worded as Elasticsearch's. What it does not know,
/// such as "_source", goes to `other`; without one it is refused.
base::Result<SearchRequest> parse_search_request(base::JsonView json,
                                                 const OtherMember& other = {});

}  // namespace hornbeam::search
