// A window of at most `max` words moves over the text; each word that it begins with is handed on
// with every shingle that begins there. A dropped word, which shows as an increment above one,
// takes its place in the window as a filler of no width.

#include "hornbeam/search/analysis/shingle_filter.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

/// A word in the window.
struct HeldWord {
  Token token;
  std::string term;
  bool is_filler = false;
};

class ShingleStage final : public ForwardingStage {
 public:
  ShingleStage(const ShingleOptions& options, TokenStage& next)
      : ForwardingStage(next), options_(options) {}

  void accept(const Token& token) override {
    if (token.position_increment > 1) {
      add_fillers(token.position_increment - 1, token);
    }
    add({.token = token, .term = std::string(token.term)});
  }

  void finish(const StreamEnd& end) override {
    Token last;
    last.start_offset = last.end_offset = end.end_offset;
    last.start_byte = last.end_byte = end.end_byte;
    add_fillers(end.position_increment, last);
    emits_words_ =
        options_.keeps_words_without_any && !has_shingle_ && window_.size() < options_.min;
    while (!window_.empty()) move_on();
    emits_words_ = has_shingle_ = false;
    next().finish(end);
  }

 private:
  /// Each shingle has a word, so more fillers than fit beside one say nothing.
  void add_fillers(std::uint32_t count, const Token& before) {
    Token filler = before;
    filler.end_offset = filler.start_offset;
    filler.end_byte = filler.start_byte;
    for (std::uint32_t i = 0; i < std::min(count, options_.max - 1); ++i) {
      add({.token = filler, .term = options_.filler, .is_filler = true});
    }
  }

  void add(HeldWord word) {
    window_.push_back(std::move(word));
    if (window_.size() == options_.max) move_on();
  }

  /// Hands on what begins with the first word of the window, and takes that out.
  void move_on() {
    bool is_first = true;
    bool has_word = false;
    std::string term;
    for (std::size_t size = 1; size <= window_.size(); ++size) {
      const HeldWord& word = window_[size - 1];
      if (size > 1) term += options_.separator;
      term += word.term;
      has_word = has_word || !word.is_filler;
      const bool is_asked = size == 1 ? options_.keeps_words || emits_words_ : size >= options_.min;
      if (!is_asked || !has_word) continue;
      emit(term, size, is_first);
      is_first = false;
    }
    window_.pop_front();
  }

  void emit(const std::string& term, std::size_t size, bool is_first) {
    const auto words = static_cast<std::uint32_t>(size);
    Token token = window_.front().token;
    token.term = term;
    token.end_offset = window_[size - 1].token.end_offset;
    token.end_byte = window_[size - 1].token.end_byte;
    token.position_increment = is_first ? 1 : 0;
    token.position_length =
        options_.keeps_words || words < options_.min ? words : words - options_.min + 1;
    if (size > 1) {
      token.type = "shingle";
      has_shingle_ = true;
    }
    next().accept(token);
  }

  const ShingleOptions& options_;
  std::deque<HeldWord> window_;
  bool has_shingle_ = false;
  bool emits_words_ = false;
};

}  // namespace

std::shared_ptr<const TokenFilter> shingle_filter(ShingleOptions options) {
  return make_filter<ShingleStage>(std::move(options));
}

}  // namespace hornbeam::search
