#include "hornbeam/search/score/plan.h"

#include <fmt/format.h>

namespace hornbeam::search {

bool Plan::find_terms(const SegmentView&, std::vector<TermScorer>&) const {
  return false;
}

void Plan::visit(TermVisitor&) const {}

Explanation Plan::explain(const SegmentView& view, DocId doc) const {
  const ScorerPtr found = scorer(view);
  if (!found || found->advance(doc) != doc) {
    return Explanation::no_match(fmt::format("{} doesn't match id {}", text(), doc));
  }
  return {.value = found->score(), .description = text()};
}

}  // namespace hornbeam::search
