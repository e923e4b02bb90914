// A word's parts are paths of a graph: each part is an edge to the next node, what is put together
// of several is an edge over all of theirs, and the word as it was one over the whole. Edges that
// leave a node together are handed on the longest first.

#include "hornbeam/search/analysis/word_delimiter.h"

#include <algorithm>
#include <ranges>

#include "hornbeam/search/analysis/rewriting_stage.h"
#include "hornbeam/search/analysis/word_parts.h"

namespace hornbeam::search {
namespace {

/// An edge of the graph of one word.
struct Edge {
  std::string term;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::size_t begin = 0;  ///< Where it lies in the word, in bytes.
  std::size_t end = 0;
};

/// Neighbouring parts that are being put together.
struct Joined {
  std::string term;
  std::size_t count = 0;
  std::uint8_t type = 0;
  std::uint32_t from = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Makes the edges of one word. Source: Lucene's WordDelimiterGraphFilter.
class EdgeMaker {
 public:
  EdgeMaker(std::string_view word, const WordDelimiterOptions& options)
      : word_(word), options_(options) {}

  std::vector<Edge> make(const std::vector<WordPart>& parts) {
    if (parts.size() == 1) {
      add(std::string(text(parts[0])), node_, node_ + 1, parts[0].begin, parts[0].end);
      ++node_;
    } else {
      for (const WordPart& part : parts) take(part);
      if (run_.count > 0) end_run();
      if (all_.count > last_run_) write(all_);
    }
    if (options_.preserves_original) {
      node_ = std::max<std::uint32_t>(node_, 1);
      add(std::string(word_), 0, node_, 0, word_.size());
    }
    sort();
    return std::move(edges_);
  }

 private:
  std::string_view text(const WordPart& part) const {
    return word_.substr(part.begin, part.end - part.begin);
  }

  void take(const WordPart& part) {
    const bool is_word = (part.type & kLetter) != 0;
    const bool is_number = (part.type & kDigit) != 0;
    if (run_.count > 0 && (run_.type & part.type) == 0) end_run();
    if ((options_.catenates_words && is_word) || (options_.catenates_numbers && is_number)) {
      join(run_, part);
    }
    if (options_.catenates_all) join(all_, part);
    if (!generates(part.type)) return;
    add(std::string(text(part)), node_, node_ + 1, part.begin, part.end);
    ++node_;
  }

  bool generates(std::uint8_t type) const {
    return (options_.generates_words && (type & kLetter) != 0) ||
           (options_.generates_numbers && (type & kDigit) != 0);
  }

  void join(Joined& joined, const WordPart& part) {
    if (joined.count == 0) {
      joined = {.type = part.type, .from = node_, .begin = part.begin};
    }
    joined.term += text(part);
    joined.end = part.end;
    ++joined.count;
  }

  void end_run() {
    last_run_ = run_.count;
    // A part alone is there already, if parts are handed on.
    if (run_.count != 1 || !generates(run_.type)) {
      write(run_);
    } else if (node_ == run_.from) {
      ++node_;
    }
    run_ = {};
  }

  void write(const Joined& joined) {
    // Without parts of its own it still needs a node to end at.
    if (node_ == joined.from) ++node_;
    add(joined.term, joined.from, node_, joined.begin, joined.end);
  }

  void add(std::string term, std::uint32_t from, std::uint32_t to, std::size_t begin,
           std::size_t end) {
    edges_.push_back({std::move(term), from, to, begin, end});
  }

  /// By the node they leave, the longest first; insertion keeps the order of equals.
  void sort() {
    const auto comes_first = [](const Edge& a, const Edge& b) {
      return a.from != b.from ? a.from < b.from : a.to > b.to;
    };
    for (std::size_t i = 1; i < edges_.size(); ++i) {
      for (std::size_t k = i; k > 0 && comes_first(edges_[k], edges_[k - 1]); --k) {
        std::swap(edges_[k], edges_[k - 1]);
      }
    }
  }

  std::string_view word_;
  const WordDelimiterOptions& options_;
  std::vector<Edge> edges_;
  std::uint32_t node_ = 0;
  Joined run_;
  Joined all_;
  std::size_t last_run_ = 0;
};

class WordDelimiterStage final : public ForwardingStage {
 public:
  WordDelimiterStage(const WordDelimiterOptions& options, TokenStage& next)
      : ForwardingStage(next), options_(options) {}

  void accept(const Token& token) override {
    gap_ += token.position_increment;
    const WordParts found = parts_of(token.term, options_);
    if (found.is_whole || options_.protected_words.contains(token.term)) return pass(token);
    if (found.parts.empty()) {
      // Nothing but delimiters leaves a hole.
      if (options_.preserves_original) {
        gap_ = 0;
        next().accept(token);
      }
      return;
    }
    std::uint32_t node = 0;
    for (const Edge& edge : EdgeMaker(token.term, options_).make(found.parts)) {
      emit(token, edge, node);
      node = edge.from;
    }
  }

  void finish(const StreamEnd& end) override {
    gap_ = 0;
    last_start_ = 0;
    last_start_byte_ = 0;
    next().finish(end);
  }

 private:
  void pass(const Token& token) {
    Token moved = token;
    moved.position_increment = gap_;
    gap_ = 0;
    next().accept(moved);
  }

  void emit(const Token& word, const Edge& edge, std::uint32_t node) {
    Token token = word;
    token.term = edge.term;
    // A term that is no longer what the text has says nothing about places inside of it.
    if (word.end_offset - word.start_offset == utf16_length(word.term)) {
      token.start_offset += utf16_length(word.term.substr(0, edge.begin));
      token.end_offset =
          token.start_offset + utf16_length(word.term.substr(edge.begin, edge.end - edge.begin));
      token.start_byte += static_cast<std::uint32_t>(edge.begin);
      token.end_byte = token.start_byte + static_cast<std::uint32_t>(edge.end - edge.begin);
    }
    token.start_offset = std::max(token.start_offset, last_start_);
    token.end_offset = std::max(token.end_offset, last_start_);
    token.start_byte = std::max(token.start_byte, last_start_byte_);
    token.end_byte = std::max(token.end_byte, last_start_byte_);
    last_start_ = token.start_offset;
    last_start_byte_ = token.start_byte;
    token.position_increment = gap_ + edge.from - node;
    token.position_length = edge.to - edge.from;
    gap_ = 0;
    next().accept(token);
  }

  const WordDelimiterOptions& options_;
  std::uint32_t gap_ = 0;  ///< Of words that were left out.
  std::uint32_t last_start_ = 0;
  std::uint32_t last_start_byte_ = 0;
};

}  // namespace

std::shared_ptr<const TokenFilter> word_delimiter_graph_filter(WordDelimiterOptions options) {
  return make_filter<WordDelimiterStage>(std::move(options));
}

}  // namespace hornbeam::search
