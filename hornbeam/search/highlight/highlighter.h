#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/highlight/highlight_request.h"
#include "hornbeam/search/highlight/matched_text.h"
#include "hornbeam/search/query/plan_context.h"

namespace hornbeam::search {

/// Shows in the sources of hits what was found.
/// Lifetime: uses the context.
class Highlighter {
 public:
  /// `plan` is that of the search; queries of single fields are planned here.
  static base::Result<Highlighter> create(const HighlightRequest& request, const Plan& plan,
                                          const PlanContext& context, std::string_view index);

  /// The fragments of a document. An error if a text is longer than the index lets it be.
  base::Result<Highlights> highlight(std::string_view id, base::JsonView source) const;

 private:
  struct Field {
    std::string name;
    HighlightOptions options;
    std::shared_ptr<const WantedTerms> wanted;
  };
  explicit Highlighter(const PlanContext& context, std::string_view index)
      : context_(context), index_(index) {}

  base::Result<std::vector<std::string>> fragments(const Field& field, std::string_view id,
                                                   base::JsonView source) const;
  std::vector<HighlightMatch> matches_in(const Field& field, const FieldMapping& mapping,
                                         const std::string& value, std::uint32_t most) const;

  const PlanContext& context_;
  std::string index_;
  std::vector<Field> fields_;
};

}  // namespace hornbeam::search
