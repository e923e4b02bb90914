// A phrase and what it may be called are paths through a graph: nodes are positions, tokens are
// edges. "fast wi fi" with wifi for "wi fi":
//
//   0 --fast--> 1 --wifi--------> 3        wifi: increment 1, length 2
//               1 --wi--> 2 --fi--> 3      wi: increment 0, fi: increment 1
//
// All edges that leave the first node come first, then each path goes on with nodes of its own.

#include "hornbeam/search/analysis/synonym_filter.h"

#include <deque>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/search/analysis/rewriting_stage.h"
#include "hornbeam/search/analysis/synonym_map.h"

namespace hornbeam::search {
namespace {

/// A token that waits, with a term of its own.
struct HeldToken {
  explicit HeldToken(const Token& held) : token(held), term(held.term) {}
  Token token;
  std::string term;
};

class SynonymStage final : public ForwardingStage {
 public:
  SynonymStage(const SynonymMap& map, TokenStage& next) : ForwardingStage(next), map_(map) {}

  void accept(const Token& token) override {
    held_.emplace_back(token);
    while (held_.size() >= map_.longest_input() && !held_.empty()) release();
  }

  void finish(const StreamEnd& end) override {
    while (!held_.empty()) release();
    last_node_ = -1;
    next_node_ = 0;
    next().finish(end);
  }

 private:
  using Phrase = SynonymMap::Phrase;

  /// Hands on the longest phrase that starts with the first held token, or that token alone.
  void release() {
    Phrase phrase;
    const SynonymMap::Entry* entry = nullptr;
    std::size_t size = 1;
    for (const HeldToken& held : held_) {
      if (phrase.size() == map_.longest_input()) break;
      phrase.push_back(held.term);
      if (const SynonymMap::Entry* found = map_.find(phrase)) {
        entry = found;
        size = phrase.size();
      }
    }
    if (entry == nullptr) {
      pass_first();
    } else {
      emit_paths(*entry, size);
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(size));
  }

  void pass_first() {
    Token token = held_.front().token;
    token.term = held_.front().term;
    last_node_ += static_cast<int>(token.position_increment);
    next_node_ = last_node_ + static_cast<int>(token.position_length);
    next().accept(token);
  }

  /// Where each path's first token ends; -1 for the common end.
  void emit_paths(const SynonymMap::Entry& entry, std::size_t size) {
    const int start = next_node_;
    int inner = 0;
    std::vector<int> ends;
    const auto end_of_first = [&](std::size_t length) {
      ends.push_back(length == 1 ? -1 : start + inner + 1);
      inner += static_cast<int>(length) - 1;
    };
    for (const Phrase& output : entry.outputs) end_of_first(output.size());
    if (entry.keeps_original) end_of_first(size);
    const int end = start + inner + 1;
    const auto node = [&](int given) { return given < 0 ? end : given; };
    for (std::size_t i = 0; i < entry.outputs.size(); ++i) {
      emit(synonym(entry.outputs[i][0], size), start, node(ends[i]));
    }
    if (entry.keeps_original) emit(original(0), start, node(ends.back()));
    for (std::size_t i = 0; i < entry.outputs.size(); ++i) {
      const Phrase& output = entry.outputs[i];
      emit_rest(output.size(), ends[i], end,
                [&](std::size_t at) { return synonym(output[at], size); });
    }
    if (entry.keeps_original) {
      emit_rest(size, ends.back(), end, [&](std::size_t at) { return original(at); });
    }
    next_node_ = end;
  }

  template <class Made>
  void emit_rest(std::size_t size, int node, int end, Made made) {
    for (std::size_t at = 1; at < size; ++at, ++node) {
      emit(made(at), node, at + 1 == size ? end : node + 1);
    }
  }

  Token original(std::size_t at) const {
    Token token = held_[at].token;
    token.term = held_[at].term;
    return token;
  }

  /// A term in the place of the whole phrase.
  Token synonym(const std::string& term, std::size_t size) const {
    Token token;
    token.term = term;
    token.type = "SYNONYM";
    token.start_offset = held_.front().token.start_offset;
    token.start_byte = held_.front().token.start_byte;
    token.end_offset = held_[size - 1].token.end_offset;
    token.end_byte = held_[size - 1].token.end_byte;
    return token;
  }

  void emit(Token token, int start, int end) {
    token.position_increment = static_cast<std::uint32_t>(start - last_node_);
    token.position_length = static_cast<std::uint32_t>(end - start);
    last_node_ = start;
    next().accept(token);
  }

  const SynonymMap& map_;
  std::deque<HeldToken> held_;
  int last_node_ = -1;
  int next_node_ = 0;
};

/// The rules before it is known what makes terms of them.
class SynonymRules final : public TokenFilter {
 public:
  explicit SynonymRules(SynonymOptions options) : options_(std::move(options)) {}

  std::unique_ptr<TokenStage> make_stage(TokenStage&) const override {
    base::fail_check("synonyms are bound to the parts before them",
                     std::source_location::current());
  }

  base::Result<std::shared_ptr<const TokenFilter>> bound_to(
      const AnalyzerParts& before) const override {
    const Analyzer analyzer("synonyms", before);
    auto map = SynonymMap::parse(options_.rules, analyzer, options_.expands, options_.is_lenient);
    if (!map) return std::unexpected(std::move(map.error()));
    if (!options_.is_graph && map->longest() > 1) {
      return base::error("illegal_argument_exception",
                         "the synonym filter is for single words; mend: name those of several "
                         "words in a filter of type [synonym_graph]");
    }
    return make_filter<SynonymStage>(std::move(*map));
  }

 private:
  SynonymOptions options_;
};

}  // namespace

std::shared_ptr<const TokenFilter> synonym_filter(SynonymOptions options) {
  return std::make_shared<SynonymRules>(std::move(options));
}

}  // namespace hornbeam::search
