#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "hornbeam/search/mapping/source_values.h"
#include "hornbeam/search/query/planner_nodes.h"

namespace hornbeam::search {
namespace {

/// A term of a field, how often the texts have it, and how telling that makes it.
struct Candidate {
  std::string field;
  std::string term;
  std::uint64_t freq = 0;
  float score = 0;
};

using Counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

void count_text(const Analyzer& analyzer, const std::string& field, std::string_view text,
                Counts& counts) {
  analyzer.analyze(text, [&](const Token& token) { ++counts[{field, std::string(token.term)}]; });
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

bool is_taken(const MoreLikeThisQuery& query, std::string_view term, std::uint64_t freq) {
  const std::size_t length = characters(term);
  return freq >= query.min_term_freq && length >= query.min_word_length &&
         (query.max_word_length == 0 || length <= query.max_word_length) &&
         std::ranges::find(query.stop_words, term) == query.stop_words.end();
}

/// The source of the live document of an id.
std::optional<std::string> find_source(const Snapshot& snapshot, const std::string& id) {
  for (const SegmentView& view : snapshot.segments) {
    if (const auto doc = view.segment->find(id, *view.live)) {
      return view.segment->stored().source(*doc);
    }
  }
  return std::nullopt;
}

/// The terms of texts and of documents, by field.
Counts count_all(const PlanContext& context, const std::vector<std::string>& fields,
                 const std::string& analyzer, const std::vector<std::string>& texts,
                 const std::vector<std::string>& ids) {
  const std::shared_ptr<const Analyzer> named = context.mapping.analyzers().find(analyzer);
  Counts counts;
  for (const std::string& name : fields) {
    const FieldMapping* const field = context.mapping.find(name);
    if (!field || field->type != FieldType::kText) continue;
    for (const std::string& text : texts) {
      count_text(named ? *named : *field->analyzer, name, text, counts);
    }
    for (const std::string& id : ids) {
      const std::optional<std::string> source = find_source(context.snapshot, id);
      const auto document = base::JsonDocument::parse(source.value_or("{}"));
      if (!document) continue;
      for (const std::string& value : source_values(context.mapping, document->root(), name)) {
        count_text(*field->analyzer, name, value, counts);
      }
    }
  }
  return counts;
}

/// The most telling terms, best first.
std::vector<Candidate> choose(const PlanContext& context, const MoreLikeThisQuery& query,
                              const Counts& like, const Counts& unlike) {
  std::vector<Candidate> candidates;
  const auto docs = static_cast<double>(context.snapshot.live_count());
  for (const auto& [key, freq] : like) {
    if (unlike.contains(key) || !is_taken(query, key.second, freq)) continue;
    const std::uint64_t doc_freq =
        term_statistics(context.snapshot, key.first, key.second).doc_freq;
    if (doc_freq == 0 || doc_freq < query.min_doc_freq || doc_freq > query.max_doc_freq) continue;
    const double idf = std::log((docs + 1) / (static_cast<double>(doc_freq) + 1)) + 1;
    candidates.push_back({.field = key.first,
                          .term = key.second,
                          .freq = freq,
                          .score = static_cast<float>(static_cast<double>(freq) * idf)});
  }
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score
                              : std::tie(a.field, a.term) < std::tie(b.field, b.term);
  });
  if (candidates.size() > query.max_query_terms) candidates.resize(query.max_query_terms);
  return candidates;
}

}  // namespace

PlanPtr Planner::plan_node(const MoreLikeThisQuery& query, float boost) {
  if (!query.analyzer.empty() && !context_.mapping.analyzers().find(query.analyzer)) {
    refuse("illegal_argument_exception",
           fmt::format("[more_like_this] analyzer [{}] not found", query.analyzer));
  }
  std::vector<std::string> fields = query.fields;
  if (fields.empty()) {
    for (BoostedField& field : expand_fields({{.name = "*"}})) {
      fields.push_back(std::move(field.name));
    }
  }
  const Counts like = count_all(context_, fields, query.analyzer, query.like_texts, query.like_ids);
  const Counts unlike =
      count_all(context_, fields, query.analyzer, query.unlike_texts, query.unlike_ids);
  const std::vector<Candidate> candidates = choose(context_, query, like, unlike);
  if (candidates.empty()) return plan_none();
  BoolClauses clauses;
  for (const Candidate& candidate : candidates) {
    const float weight = query.boost_terms > 0
                             ? query.boost_terms * candidate.score / candidates.front().score
                             : 1.0F;
    clauses.should.push_back(plan_term(context_.snapshot, candidate.field, candidate.term,
                                       boost * weight, context_.bm25));
  }
  const MinimumShouldMatch minimum = query.minimum_should_match.value_or(MinimumShouldMatch{"30%"});
  clauses.minimum_should_match =
      std::max<std::size_t>(minimum_of(minimum, clauses.should.size(), 1), 1);
  if (!query.includes_likes && !query.like_ids.empty()) {
    clauses.must_not.push_back(plan_node(IdsQuery{.ids = query.like_ids}, 1));
  }
  return plan_bool(std::move(clauses));
}

}  // namespace hornbeam::search
