#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/query/term_matchers.h"
#include "hornbeam/search/suggest/suggester.h"

namespace hornbeam::search {
namespace {

/// An input that completes the text, in one document.
struct Found {
  CompletionInput input;
  std::string key;
  float score = 0;
  std::size_t target = 0;
  DocId doc = 0;  ///< In the snapshot.
  CompletionContexts contexts{};
};

bool comes_first(const Found& a, const Found& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.key != b.key) return a.key < b.key;
  return std::tie(a.input.text, a.target, a.doc) < std::tie(b.input.text, b.target, b.doc);
}

/// Whether a key begins with something near to the text.
class NearPrefix {
 public:
  NearPrefix(std::string_view text, const FuzzyOptions& options) : matcher_(text, options) {
    edits_ = options.fuzziness.edits_for(characters(text));
    length_ = characters(text);
  }

  bool matches(std::string_view key) const {
    // Beginnings that are as long as the text, give or take the edits.
    std::size_t end = 0;
    for (std::size_t length = 0; length <= length_ + edits_; ++length) {
      if (length + edits_ >= length_ && matcher_.distance(key.substr(0, end))) return true;
      if (end >= key.size()) return false;
      end += decode_any(key, end).bytes;
    }
    return false;
  }
  const std::string& prefix() const { return matcher_.prefix(); }

 private:
  static std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
  }

  FuzzyMatcher matcher_;
  std::size_t edits_ = 0;
  std::size_t length_ = 0;
};

/// The contexts that are asked for, as the field keeps them.
using AskedContexts = std::map<std::string, std::vector<CompletionSuggest::Context>>;

base::Result<AskedContexts> asked_contexts(const CompletionSuggest& options,
                                           const CompletionSettings& settings) {
  AskedContexts asked;
  for (const auto& [name, values] : options.contexts) {
    const CompletionContext* const context = settings.find(name);
    if (!context) {
      return base::error("illegal_argument_exception",
                         fmt::format("Unknown context name [{}], must be one of [{}]", name,
                                     settings.contexts.size()));
    }
    for (CompletionSuggest::Context value : values) {
      if (context->is_geo) {
        const auto document = base::JsonDocument::parse(value.value);
        std::string quoted = "\"" + value.value + "\"";
        const auto text = base::JsonDocument::parse(quoted);
        const auto hash = document ? place_hash(document->root(), context->precision)
                          : text   ? place_hash(text->root(), context->precision)
                                   : std::nullopt;
        if (!hash) {
          return base::error("parse_exception",
                             fmt::format("[{}] is no place, in context [{}]", value.value, name));
        }
        value.value = *hash;
        value.is_prefix = hash->size() < context->precision;
      }
      asked[name].push_back(std::move(value));
    }
  }
  if (!settings.contexts.empty() && asked.empty()) {
    return base::error("illegal_argument_exception", "Missing mandatory contexts in context query");
  }
  return asked;
}

/// Takes the contexts that were asked for; gives the highest boost, or nothing if there is none.
std::optional<float> match_contexts(const AskedContexts& asked, const CompletionContexts& of_input,
                                    CompletionContexts& matched) {
  std::optional<float> best;
  for (const auto& [name, wanted] : asked) {
    const auto values = of_input.find(name);
    if (values == of_input.end()) continue;
    for (const CompletionSuggest::Context& one : wanted) {
      for (const std::string& value : values->second) {
        if (one.is_prefix ? !value.starts_with(one.value) : value != one.value) continue;
        matched[name].push_back(value);
        best = std::max(best.value_or(0), one.boost);
      }
    }
  }
  return best;
}

class Collector {
 public:
  Collector(const CompletionSuggest& options, const AskedContexts& asked)
      : options_(options), asked_(asked) {}

  void add_term(const SegmentView& view, const FieldTerms& dictionary,
                const FieldTerms::Cursor& terms, DocId base, std::size_t target) {
    const std::optional<CompletionTerm> read = read_completion_term(terms.term());
    if (!read) return;
    Found found{.input = read->input, .key = std::string(read->key), .target = target};
    found.score = static_cast<float>(found.input.weight);
    if (!asked_.empty()) {
      const auto boost = match_contexts(asked_, found.input.contexts, found.contexts);
      if (!boost) return;
      found.score *= *boost;
    }
    if (is_hopeless(found)) return;
    PostingsCursor docs = view.segment->postings(dictionary, terms.entry());
    while (docs.next() != kNoMoreDocs) {
      if (!view.is_live(docs.doc())) continue;
      found.doc = base + docs.doc();
      all_.push_back(found);
    }
    if (all_.size() > kMost) shrink();
  }

  std::vector<Found> take() {
    shrink();
    return std::move(all_);
  }

 private:
  static constexpr std::size_t kMost = 10'000;

  bool is_hopeless(const Found& found) const { return bar_ && !comes_first(found, *bar_); }

  void shrink() {
    std::ranges::sort(all_, comes_first);
    // A document is suggested once, by the best of its inputs; a text once, if that was asked for.
    std::vector<Found> kept;
    for (Found& found : all_) {
      const bool is_repeated = std::ranges::any_of(kept, [&](const Found& other) {
        return (other.doc == found.doc && other.target == found.target) ||
               (options_.skips_duplicates && other.input.text == found.input.text);
      });
      if (!is_repeated) kept.push_back(std::move(found));
      if (kept.size() == options_.size) break;
    }
    all_ = std::move(kept);
    if (!all_.empty() && all_.size() == options_.size) bar_ = all_.back();
  }

  const CompletionSuggest& options_;
  const AskedContexts& asked_;
  std::vector<Found> all_;
  std::optional<Found> bar_;
};

/// Which keys are completions.
struct KeyMatcher {
  std::string prefix{};  ///< That all of them begin with.
  std::optional<NearPrefix> near{};
  std::optional<TermMatcher> regexp{};

  bool matches(std::string_view key) const {
    if (regexp) return regexp->matches(key);
    return !near || near->matches(key);
  }
};

base::Result<KeyMatcher> make_matcher(const FieldMapping& field, const std::string& text,
                                      const CompletionSuggest& options) {
  KeyMatcher matcher;
  if (options.is_regexp) {
    base::Result<TermMatcher> regexp =
        match_regexp(fmt::format("({}).*", text), LetterCase::kMatters);
    if (!regexp) return std::unexpected(regexp.error());
    matcher.regexp = std::move(*regexp);
    return matcher;
  }
  matcher.prefix = completion_key(*field.analyzer, *field.completion, text);
  if (options.fuzzy && utf16_length(text) >= options.fuzzy_min_length) {
    matcher.near.emplace(matcher.prefix, *options.fuzzy);
    matcher.prefix = matcher.near->prefix();
  }
  return matcher;
}

void collect(const SearchTarget& target, std::size_t at, const std::string& field,
             const KeyMatcher& matcher, Collector& collector) {
  for (std::size_t i = 0; i < target.snapshot->segments.size(); ++i) {
    const SegmentView& view = target.snapshot->segments[i];
    const FieldTerms* const dictionary = view.segment->terms(field);
    if (!dictionary) continue;
    FieldTerms::Cursor terms = dictionary->cursor();
    bool is_at_term = matcher.prefix.empty() ? terms.next() : terms.seek(matcher.prefix);
    for (; is_at_term && terms.term().starts_with(matcher.prefix); is_at_term = terms.next()) {
      const std::string_view term = terms.term();
      if (!matcher.matches(term.substr(0, term.find('\0')))) continue;
      collector.add_term(view, *dictionary, terms, target.snapshot->bases[i], at);
    }
  }
}

SuggestOption option_of(const Found& found, std::span<const SearchTarget> targets) {
  const Snapshot& snapshot = *targets[found.target].snapshot;
  const auto next = std::ranges::upper_bound(snapshot.bases, found.doc);
  const auto segment = static_cast<std::size_t>(next - snapshot.bases.begin()) - 1;
  const StoredDocuments& stored = snapshot.segments[segment].segment->stored();
  const DocId doc = found.doc - snapshot.bases[segment];
  return {.text = found.input.text,
          .score = found.score,
          .id = stored.id(doc),
          .source = stored.source(doc),
          .target = found.target,
          .doc = found.doc,
          .contexts = found.contexts};
}

}  // namespace

base::Result<std::vector<SuggestEntry>> suggest_completions(std::span<const SearchTarget> targets,
                                                            const std::string& text,
                                                            const CompletionSuggest& options) {
  SuggestEntry entry{.text = text, .length = utf16_length(text)};
  std::vector<Found> all;
  bool is_known = false;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const FieldMapping* const field = targets[i].mapping->find(options.field);
    if (!field) continue;
    is_known = true;
    if (!field->completion) {
      return base::error(
          "illegal_argument_exception",
          fmt::format("Field [{}] is not a completion suggest field", options.field));
    }
    const base::Result<AskedContexts> asked = asked_contexts(options, *field->completion);
    if (!asked) return std::unexpected(asked.error());
    const base::Result<KeyMatcher> matcher = make_matcher(*field, text, options);
    if (!matcher) return std::unexpected(matcher.error());
    // Nothing but stop words: everything would complete it.
    if (matcher->prefix.empty() && !text.empty() && !matcher->regexp && !matcher->near) continue;
    Collector collector(options, *asked);
    collect(targets[i], i, options.field, *matcher, collector);
    std::ranges::move(collector.take(), std::back_inserter(all));
  }
  if (!is_known) {
    return base::error("illegal_argument_exception",
                       fmt::format("no mapping found for field [{}]", options.field));
  }
  std::ranges::sort(all, comes_first);
  for (const Found& found : all) {
    if (entry.options.size() == options.size) break;
    const bool is_repeated =
        options.skips_duplicates && std::ranges::find(entry.options, found.input.text,
                                                      &SuggestOption::text) != entry.options.end();
    if (!is_repeated) entry.options.push_back(option_of(found, targets));
  }
  return std::vector{std::move(entry)};
}

}  // namespace hornbeam::search
