#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "hornbeam/search/types.h"

namespace hornbeam::search {

/// A document of a snapshot and its score.
struct ScoredDoc {
  float score = 0;
  DocId doc = 0;  ///< In the whole snapshot.

  /// Better ones first: by score, then the document indexed first.
  friend bool operator<(const ScoredDoc& a, const ScoredDoc& b) noexcept {
    return a.score != b.score ? a.score > b.score : a.doc < b.doc;
  }
};

/// Keeps the best `size` documents of those it is shown, documents rising.
class TopDocs {
 public:
  explicit TopDocs(std::size_t size) : size_(size) {
    heap_.reserve(std::min<std::size_t>(size, 1024));
    if (size == 0) bar_ = std::numeric_limits<float>::infinity();
  }

  void add(float score, DocId doc) {
    if (score <= bar_) return;
    if (heap_.size() == size_) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back({.score = score, .doc = doc});
    std::push_heap(heap_.begin(), heap_.end());
    if (heap_.size() == size_) bar_ = heap_.front().score;
  }
  /// A document that does not score above it is not among the best any more.
  float bar() const noexcept { return bar_; }

  std::vector<ScoredDoc> take() {
    std::sort(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  std::size_t size_;
  float bar_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredDoc> heap_;
};

/// How many documents match, if they were all counted.
struct HitCount {
  std::uint64_t value = 0;
  bool is_exact = true;
};

/// Takes the matches of a search: counts them up to a limit, then only looks for better ones.
struct TopDocsCollector {
  TopDocs top;
  std::uint64_t count_limit = 10'000;  ///< Counting ends behind it, and skipping begins.
  HitCount count{};
  bool is_counting = true;  ///< Off in a segment whose matches are in `count` already.

  bool may_skip() const noexcept { return !is_counting || count.value > count_limit; }
  void add(float score, DocId doc) {
    count.value += is_counting ? 1 : 0;
    top.add(score, doc);
  }
};

}  // namespace hornbeam::search
