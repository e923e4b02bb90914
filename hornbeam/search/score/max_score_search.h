#pragma once

// The best documents that contain any of some terms, without looking at most of them
// ("block-max MAXSCORE").
//
// The documents are taken in windows. In a window every term has a bound for what it can add to a
// score. Terms are ordered by it: the first ones, whose bounds together stay below the bar that the
// heap has set, cannot bring a document in by themselves, so only the documents of the other terms,
// the essential ones, are looked at; and of the first ones only as long as the sum can still pass
// the bar.
//
// Source: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995; Chakrabarti,
// Chaudhuri and Ganti, "Interval-based pruning for top-k processing over compressed lists", 2011.

#include <array>
#include <vector>

#include "hornbeam/search/score/term_scorer.h"
#include "hornbeam/search/score/top_docs.h"
#include "hornbeam/search/segment/segment.h"

namespace hornbeam::search {

/// How many live documents have any of the terms. Requires: none has begun.
std::uint64_t count_any(std::vector<TermScorer> terms, const LiveDocs& live);

/// One such search in one segment.
class MaxScoreSearch {
 public:
  /// `base` is the number of the segment's first document.
  MaxScoreSearch(std::vector<TermScorer> terms, const LiveDocs& live, DocId base,
                 TopDocsCollector& collector);

  void run();

 private:
  static constexpr DocId kWindow = 4096;

  /// Which terms cannot bring a document in anywhere; looked at anew when the bar has risen.
  void find_hopeless();
  /// Orders the terms for a window and says how many are not essential.
  std::size_t partition(DocId first, DocId last);
  void collect_essential(std::size_t first_essential, DocId first, DocId end);
  void collect_alone(DocId first, DocId end);
  void finish_documents(std::size_t first_essential, DocId first);
  /// Whether what essential terms add up to may pass the bar with all the others.
  bool may_compete(std::size_t first_essential, double score) const {
    const double others = first_essential == 0 ? 0 : bounds_[first_essential - 1].sum;
    return static_cast<float>(score + others) > collector_.top.bar();
  }
  void finish_document(std::size_t first_essential, DocId doc, double score);

  std::vector<TermScorer> terms_;
  const LiveDocs& live_;
  DocId base_;
  TopDocsCollector& collector_;

  struct Bound {
    TermScorer* term;
    float max_of_all;  ///< In the segment.
    float max;         ///< In the window.
    double sum;        ///< Of this one and those before.
    bool is_hopeless;  ///< Its documents are only looked at if another term has them.
  };
  std::vector<Bound> bounds_;
  float hopeless_bar_ = -1;  ///< The bar that `is_hopeless` is for.
  std::array<double, kWindow> scores_{};
  std::array<std::uint64_t, kWindow / 64> matches_{};
};

}  // namespace hornbeam::search
