#include <libstemmer.h>

#include "hornbeam/base/check.h"
#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/rewriting_stage.h"

namespace hornbeam::search {
namespace {

struct DeleteStemmer {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using StemmerPointer = std::unique_ptr<sb_stemmer, DeleteStemmer>;

StemmerPointer make_stemmer(const std::string& algorithm) {
  return StemmerPointer(sb_stemmer_new(algorithm.c_str(), "UTF_8"));
}

class SnowballStage final : public ForwardingStage {
 public:
  SnowballStage(const std::string& algorithm, TokenStage& next)
      : ForwardingStage(next), stemmer_(make_stemmer(algorithm)) {
    base::check(stemmer_ != nullptr, "the filter was made for a stemmer that exists");
  }

  void accept(const Token& token) override {
    if (token.is_keyword) return next().accept(token);
    const auto* bytes = reinterpret_cast<const sb_symbol*>(token.term.data());
    const sb_symbol* stem =
        sb_stemmer_stem(stemmer_.get(), bytes, static_cast<int>(token.term.size()));
    // Without memory the word stays as it is.
    if (stem == nullptr) return next().accept(token);
    Token changed = token;
    changed.term = {reinterpret_cast<const char*>(stem),
                    static_cast<std::size_t>(sb_stemmer_length(stemmer_.get()))};
    next().accept(changed);
  }

 private:
  StemmerPointer stemmer_;
};

}  // namespace

std::shared_ptr<const TokenFilter> snowball_filter(std::string_view algorithm) {
  const std::string name(algorithm);
  if (make_stemmer(name) == nullptr) return nullptr;
  return make_filter<SnowballStage>(name);
}

}  // namespace hornbeam::search
