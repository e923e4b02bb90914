#include "hornbeam/search/analysis/analyzer.h"

#include <mutex>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

/// The end of every chain: puts the places back to those of the caller's text.
class LastStage final : public TokenStage {
 public:
  void accept(const Token& token) override {
    if (maps_ == nullptr) return sink_->accept(token);
    Token moved = token;
    const TextPlace start = original({token.start_offset, token.start_byte});
    const TextPlace end = original({token.end_offset, token.end_byte});
    moved.start_offset = start.offset;
    moved.start_byte = start.byte;
    moved.end_offset = end.offset;
    moved.end_byte = end.byte;
    sink_->accept(moved);
  }

  void finish(const StreamEnd& end) override {
    end_ = end;
    const TextPlace place = original({end.end_offset, end.end_byte});
    end_.end_offset = place.offset;
    end_.end_byte = place.byte;
  }

  void begin(TokenSink& sink, const std::vector<OffsetMap>* maps) {
    sink_ = &sink;
    maps_ = maps;
  }
  const StreamEnd& end() const { return end_; }

 private:
  TextPlace original(TextPlace place) const {
    if (maps_ == nullptr) return place;
    for (auto map = maps_->rbegin(); map != maps_->rend(); ++map) place = map->original(place);
    return place;
  }

  TokenSink* sink_ = nullptr;
  const std::vector<OffsetMap>* maps_ = nullptr;
  StreamEnd end_;
};

}  // namespace

/// What one running call needs of its own.
struct Analyzer::Chain {
  explicit Chain(const AnalyzerParts& parts) {
    first = &last;
    for (auto filter = parts.filters.rbegin(); filter != parts.filters.rend(); ++filter) {
      stages.push_back((*filter)->make_stage(*first));
      first = stages.back().get();
    }
  }

  LastStage last;
  std::vector<std::unique_ptr<TokenStage>> stages;  // From the last to the first.
  TokenStage* first = nullptr;
  std::string text;     // As the char filters leave it.
  std::string changed;  // What the one at work writes.
  std::vector<OffsetMap> maps;
};

/// The chains no call uses now.
struct Analyzer::Chains {
  std::unique_ptr<Chain> take(const AnalyzerParts& parts) {
    {
      const std::scoped_lock lock(mutex);
      if (!idle.empty()) {
        auto chain = std::move(idle.back());
        idle.pop_back();
        return chain;
      }
    }
    return std::make_unique<Chain>(parts);
  }

  void give_back(std::unique_ptr<Chain> chain) {
    const std::scoped_lock lock(mutex);
    idle.push_back(std::move(chain));
  }

  std::mutex mutex;
  std::vector<std::unique_ptr<Chain>> idle;
};

base::Result<std::shared_ptr<const TokenFilter>> TokenFilter::bound_to(const AnalyzerParts&) const {
  return nullptr;
}

Analyzer::Analyzer(std::string name, AnalyzerParts parts)
    : name_(std::move(name)), parts_(std::move(parts)), chains_(std::make_unique<Chains>()) {
  base::check(parts_.tokenizer != nullptr, "an analyzer has a tokenizer");
}

Analyzer::~Analyzer() = default;

StreamEnd Analyzer::analyze(std::string_view text, TokenSink& sink) const {
  base::check(text.size() < UINT32_MAX, "a text is shorter than 4 GiB");
  // A sink that throws leaves the chain behind in the middle of a text: it is not used again.
  std::unique_ptr<Chain> chain = chains_->take(parts_);
  chain->maps.clear();
  std::string_view current = text;
  const auto change = [&](const auto& into) {
    chain->changed.clear();
    into(current, chain->changed, chain->maps.emplace_back());
    std::swap(chain->text, chain->changed);
    current = chain->text;
  };
  if (!base::is_valid_utf8(text)) change(replace_invalid_utf8);
  for (const auto& filter : parts_.char_filters) {
    change([&](std::string_view from, std::string& to, OffsetMap& offsets) {
      filter->filter(from, to, offsets);
    });
  }
  chain->last.begin(sink, chain->maps.empty() ? nullptr : &chain->maps);
  parts_.tokenizer->tokenize(current, *chain->first);
  const StreamEnd end = chain->last.end();
  chains_->give_back(std::move(chain));
  return end;
}

std::vector<std::string> Analyzer::terms(std::string_view text) const {
  std::vector<std::string> terms;
  analyze(text, [&](const Token& token) { terms.emplace_back(token.term); });
  return terms;
}

}  // namespace hornbeam::search
