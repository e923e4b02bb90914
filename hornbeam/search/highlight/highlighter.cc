#include "hornbeam/search/highlight/highlighter.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <unicode/unistr.h>

#include "hornbeam/search/analysis/unicode.h"
#include "hornbeam/search/mapping/source_values.h"
#include "hornbeam/search/query/field_patterns.h"
#include "hornbeam/search/query/planner.h"

namespace hornbeam::search {
namespace {

template <class Value>
void inherit(std::optional<Value>& own, const std::optional<Value>& of_all) {
  if (!own) own = of_all;
}

HighlightOptions merged(HighlightOptions own, const HighlightOptions& all) {
  inherit(own.type, all.type);
  inherit(own.pre_tags, all.pre_tags);
  inherit(own.post_tags, all.post_tags);
  inherit(own.fragment_size, all.fragment_size);
  inherit(own.number_of_fragments, all.number_of_fragments);
  inherit(own.no_match_size, all.no_match_size);
  inherit(own.max_analyzer_offset, all.max_analyzer_offset);
  inherit(own.require_field_match, all.require_field_match);
  inherit(own.is_ordered_by_score, all.is_ordered_by_score);
  inherit(own.escapes_html, all.escapes_html);
  inherit(own.boundary_scanner, all.boundary_scanner);
  if (!own.query) own.query = all.query;
  return own;
}

std::string tag(const std::optional<std::vector<std::string>>& tags, std::string_view otherwise) {
  return tags && !tags->empty() ? tags->front() : std::string(otherwise);
}

std::u16string to_utf16(std::string_view text) {
  const icu::UnicodeString units =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  return {units.getBuffer(), static_cast<std::size_t>(units.length())};
}

std::string to_utf8(std::u16string_view text) {
  std::string utf8;
  icu::UnicodeString(text.data(), static_cast<std::int32_t>(text.size())).toUTF8String(utf8);
  return utf8;
}

std::string escaped(const std::string& text) {
  std::string html;
  for (const char byte : text) {
    switch (byte) {
      case '"':
        html += "&quot;";
        break;
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '\'':
        html += "&#x27;";
        break;
      case '/':
        html += "&#x2F;";
        break;
      default:
        html += byte;
    }
  }
  return html;
}

std::string trimmed(const std::string& text) {
  const auto is_space = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  const auto begin = std::ranges::find_if_not(text, is_space);
  auto end = text.end();
  while (end != begin && is_space(*(end - 1))) --end;
  return {begin, end};
}

/// Puts the tags around the matches of a passage; those that overlap share them.
std::string with_tags(std::u16string_view text, const Passage& passage,
                      const HighlightOptions& options) {
  const auto part = [&](std::size_t begin, std::size_t end) {
    const std::string plain = to_utf8(text.substr(begin, end - begin));
    return options.escapes_html.value_or(false) ? escaped(plain) : plain;
  };
  std::string all;
  std::size_t at = passage.start;
  for (std::size_t i = 0; i < passage.matches.size(); ++i) {
    const std::size_t start = std::max<std::size_t>(passage.matches[i].start, at);
    std::size_t end = passage.matches[i].end;
    while (i + 1 < passage.matches.size() && passage.matches[i + 1].start < end) {
      end = std::max<std::size_t>(end, passage.matches[++i].end);
    }
    end = std::min<std::size_t>(end, passage.end);
    if (end <= start) continue;
    all += part(at, start);
    all += tag(options.pre_tags, "<em>") + part(start, end) + tag(options.post_tags, "</em>");
    at = end;
  }
  return all + part(at, passage.end);
}

/// Whether the mapping asks for offsets in the index: such texts may be of any length.
bool has_offsets(const FieldMapping& field) {
  const auto is = [&](std::string_view name, std::string_view value) {
    const auto found = field.others.find(name);
    return found != field.others.end() && found->second == value;
  };
  return is("index_options", "\"offsets\"") || is("term_vector", "\"with_positions_offsets\"") ||
         is("term_vector", "\"with_positions_offsets_payloads\"");
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace

base::Result<Highlighter> Highlighter::create(const HighlightRequest& request, const Plan& plan,
                                              const PlanContext& context, std::string_view index) {
  Highlighter made(context, index);
  const auto of_search = std::make_shared<WantedTerms>();
  plan.visit(*of_search);
  for (const HighlightRequest::Field& asked : request.fields) {
    const HighlightOptions options = merged(asked.options, request.options);
    std::shared_ptr<const WantedTerms> wanted = of_search;
    if (options.query) {
      const base::Result<PlannedQuery> own = plan_query(*options.query, context);
      if (!own) return std::unexpected(own.error());
      const auto terms = std::make_shared<WantedTerms>();
      own->plan->visit(*terms);
      wanted = terms;
    }
    for (std::string& name : fields_matching(context.mapping, asked.name)) {
      const FieldMapping* const field = context.mapping.find(name);
      const bool has_text =
          field && (field->type == FieldType::kText || field->type == FieldType::kKeyword);
      if (!has_text) continue;
      made.fields_.push_back({.name = std::move(name), .options = options, .wanted = wanted});
    }
  }
  return made;
}

base::Result<Highlights> Highlighter::highlight(std::string_view id, base::JsonView source) const {
  Highlights found;
  for (const Field& field : fields_) {
    base::Result<std::vector<std::string>> shown = fragments(field, id, source);
    if (!shown) return std::unexpected(shown.error());
    if (!shown->empty()) found.emplace(field.name, std::move(*shown));
  }
  return found;
}

std::vector<HighlightMatch> Highlighter::matches_in(const Field& field, const FieldMapping& mapping,
                                                    const std::string& value,
                                                    std::uint32_t most) const {
  const bool is_own = field.options.require_field_match.value_or(true);
  const std::string_view asked = is_own ? std::string_view(field.name) : std::string_view();
  if (mapping.type == FieldType::kKeyword) {
    if (!field.wanted->has(asked, value)) return {};
    return {{.start = 0, .end = utf16_length(value), .term = value}};
  }
  std::vector<HighlightMatch> matches = field.wanted->find(asked, *mapping.analyzer, value, most);
  for (const std::string& pattern : field.options.matched_fields) {
    for (const std::string& name : fields_matching(context_.mapping, pattern)) {
      const FieldMapping* const other = context_.mapping.find(name);
      if (!other || other->type != FieldType::kText || name == field.name) continue;
      for (HighlightMatch& match : field.wanted->find(name, *other->analyzer, value, most)) {
        matches.push_back(std::move(match));
      }
    }
  }
  std::ranges::sort(matches, {}, [](const HighlightMatch& m) { return std::tie(m.start, m.end); });
  return matches;
}

base::Result<std::vector<std::string>> Highlighter::fragments(const Field& field,
                                                              std::string_view id,
                                                              base::JsonView source) const {
  const FieldMapping& mapping = *context_.mapping.find(field.name);
  const HighlightOptions& options = field.options;
  const bool is_plain = options.type == "plain";
  std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  if (options.max_analyzer_offset) {
    most = static_cast<std::uint32_t>(std::min<std::int64_t>(*options.max_analyzer_offset, most));
  }
  std::vector<std::u16string> texts;
  std::vector<std::vector<HighlightMatch>> matches;
  std::size_t length = 0;
  for (const std::string& value : source_values(context_.mapping, source, field.name)) {
    if (mapping.ignore_above && characters(value) > *mapping.ignore_above) continue;
    texts.push_back(to_utf16(value));
    length += texts.back().size() + 1;
    if (is_plain && texts.back().size() > most) texts.back().resize(most);
    matches.push_back(matches_in(field, mapping, value, most));
  }
  const std::size_t limit = context_.settings.max_analyzed_offset;
  const bool is_text = mapping.type == FieldType::kText;
  const bool is_analysed = is_plain || !has_offsets(mapping);
  if (is_text && is_analysed && !options.max_analyzer_offset && length > limit + 1) {
    return base::error(
        "illegal_argument_exception",
        fmt::format(
            "The length of [{}] field of [{}] doc of [{}] index has exceeded [{}] - maximum "
            "allowed to be analyzed for highlighting. This maximum can be set by changing "
            "the [index.highlight.max_analyzed_offset] index level setting. For large "
            "texts, indexing with offsets or term vectors is recommended!",
            field.name, id, index_, limit));
  }
  std::vector<std::string> shown;
  const auto count = std::max<std::int64_t>(options.number_of_fragments.value_or(5), 0);
  const PassageOptions passages = {.size = options.fragment_size.value_or(100),
                                   .count = is_text ? static_cast<std::size_t>(count) : 0,
                                   .is_by_word = options.boundary_scanner == "word",
                                   .is_by_score = options.is_ordered_by_score.value_or(false)};
  for (const Passage& passage : find_passages(texts, matches, passages)) {
    const std::string text = with_tags(texts[passage.value], passage, options);
    shown.push_back(is_plain ? text : trimmed(text));
  }
  const std::int64_t no_match_size = options.no_match_size.value_or(0);
  if (shown.empty() && no_match_size > 0 && !texts.empty()) {
    const std::size_t end = beginning(texts.front(), static_cast<std::size_t>(no_match_size));
    const Passage first{.end = static_cast<std::uint32_t>(end)};
    const std::string text = with_tags(texts.front(), first, options);
    if (!text.empty()) shown.push_back(is_plain ? text : trimmed(text));
  }
  return shown;
}

}  // namespace hornbeam::search
