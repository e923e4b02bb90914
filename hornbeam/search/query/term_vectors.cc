#include "hornbeam/search/query/term_vectors.h"

#include <algorithm>
#include <map>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/mapping/source_values.h"
#include "hornbeam/search/query/field_patterns.h"

namespace hornbeam::search {
namespace {

using Places = std::map<std::string, std::vector<TermVector::Place>>;

/// Adds the values of a field as they would be indexed: one after the other, with a gap between.
Places find_places(const FieldMapping& field, const std::vector<std::string>& values) {
  Places places;
  std::uint32_t position = 0;
  std::uint32_t offset = 0;
  bool is_first = true;
  for (const std::string& value : values) {
    if (field.type == FieldType::kKeyword) {
      const std::uint32_t length = utf16_length(value);
      places[value].push_back(
          {.position = position++, .start_offset = offset, .end_offset = offset + length});
      offset += length + 1;
      continue;
    }
    const StreamEnd end = field.analyzer->analyze(value, [&](const Token& token) {
      if (!is_first) position += token.position_increment;
      is_first = false;
      places[std::string(token.term)].push_back({.position = position,
                                                 .start_offset = offset + token.start_offset,
                                                 .end_offset = offset + token.end_offset});
    });
    position += end.position_increment + field.analyzer->position_increment_gap();
    offset += end.end_offset + 1;
  }
  return places;
}

FieldTermVectors describe(const Snapshot& snapshot, const std::string& name, Places places) {
  FieldTermVectors vectors{.field = name};
  for (const SegmentView& view : snapshot.segments) {
    const FieldTerms* const terms = view.segment->terms(name);
    if (!terms) continue;
    vectors.doc_count += terms->info().doc_count;
    vectors.sum_doc_freq += terms->info().sum_doc_freq;
    vectors.sum_total_term_freq += terms->info().sum_total_term_freq;
  }
  for (auto& [term, found] : places) {
    const TermStatistics statistics = term_statistics(snapshot, name, term);
    vectors.terms.push_back({.term = term,
                             .doc_freq = statistics.doc_freq,
                             .total_term_freq = statistics.total_term_freq,
                             .places = std::move(found)});
  }
  return vectors;
}

}  // namespace

std::vector<FieldTermVectors> term_vectors(const SearchTarget& target, base::JsonView source,
                                           const std::vector<std::string>& fields) {
  std::vector<std::string> names;
  for (const std::string& pattern : fields.empty() ? std::vector<std::string>{"*"} : fields) {
    std::ranges::move(fields_matching(*target.mapping, pattern), std::back_inserter(names));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  std::vector<FieldTermVectors> all;
  for (const std::string& name : names) {
    const FieldMapping* const field = target.mapping->find(name);
    const bool is_text = field && field->type == FieldType::kText;
    const bool is_asked_keyword = field && field->type == FieldType::kKeyword && !fields.empty();
    if (!is_text && !is_asked_keyword) continue;
    Places places = find_places(*field, source_values(*target.mapping, source, name));
    if (!places.empty()) all.push_back(describe(*target.snapshot, name, std::move(places)));
  }
  return all;
}

}  // namespace hornbeam::search
