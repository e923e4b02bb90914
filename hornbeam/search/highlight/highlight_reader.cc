#include <fmt/format.h>

#include "hornbeam/search/highlight/highlight_request.h"
#include "hornbeam/search/query/query_reader.h"

namespace hornbeam::search {
namespace {

using query_reader::refuse;

std::int64_t whole(std::string_view name, base::JsonView value) {
  if (const auto number = value.find_int()) return *number;
  refuse(fmt::format("[highlight] [{}] must be a whole number", name));
}

bool read_option(HighlightOptions& options, std::string_view name, base::JsonView value) {
  constexpr std::string_view kName = "highlight";
  if (name == "type") {
    options.type = query_reader::scalar(kName, value);
    if (*options.type != "unified" && *options.type != "plain" && *options.type != "fvh") {
      throw query_reader::Refusal{
          {.code = "illegal_argument_exception",
           .message = fmt::format("unknown highlighter type [{}]", *options.type)}};
    }
  } else if (name == "pre_tags") {
    options.pre_tags = query_reader::scalars(kName, value);
  } else if (name == "post_tags") {
    options.post_tags = query_reader::scalars(kName, value);
  } else if (name == "tags_schema") {
    if (query_reader::scalar(kName, value) == "styled") {
      options.pre_tags = {"<em class=\"hlt1\">"};
      options.post_tags = {"</em>"};
    }
  } else if (name == "fragment_size") {
    options.fragment_size = whole(name, value);
  } else if (name == "number_of_fragments") {
    options.number_of_fragments = whole(name, value);
  } else if (name == "no_match_size") {
    options.no_match_size = whole(name, value);
  } else if (name == "max_analyzer_offset" || name == "max_analyzed_offset") {
    // The one of OpenSearch, and that of Elasticsearch.
    options.max_analyzer_offset = whole(name, value);
    if (*options.max_analyzer_offset <= 0) {
      throw query_reader::Refusal{{.code = "illegal_argument_exception",
                                   .message = "[max_analyzer_offset] must be a positive integer"}};
    }
  } else if (name == "require_field_match") {
    options.require_field_match = query_reader::flag(kName, name, value);
  } else if (name == "order") {
    options.is_ordered_by_score = query_reader::scalar(kName, value) == "score";
  } else if (name == "encoder") {
    options.escapes_html = query_reader::scalar(kName, value) == "html";
  } else if (name == "boundary_scanner") {
    options.boundary_scanner = query_reader::scalar(kName, value);
  } else if (name == "matched_fields") {
    options.matched_fields = query_reader::scalars(kName, value);
  } else if (name == "highlight_query") {
    options.query = std::make_shared<const Query>(query_reader::read_query(value));
  } else {
    constexpr std::string_view kIgnored[] = {"boundary_chars",
                                             "boundary_max_scan",
                                             "boundary_scanner_locale",
                                             "force_source",
                                             "fragment_offset",
                                             "fragmenter",
                                             "phrase_limit",
                                             "options"};
    return std::ranges::find(kIgnored, name) != std::end(kIgnored);
  }
  return true;
}

void read_field(HighlightRequest& request, std::string_view name, base::JsonView json) {
  HighlightRequest::Field field{.name = std::string(name)};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [option, value] = json.member(i);
    if (!read_option(field.options, option, value)) {
      refuse(fmt::format("[highlight_field] unknown field [{}]", option));
    }
  }
  request.fields.push_back(std::move(field));
}

}  // namespace

HighlightRequest read_highlight(base::JsonView json) {
  HighlightRequest request;
  if (json.kind() != base::JsonKind::kObject) refuse("[highlight] must be an object");
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name != "fields") {
      if (!read_option(request.options, name, value)) {
        refuse(fmt::format("[highlight] unknown field [{}]", name));
      }
      continue;
    }
    // An object, or an array of objects where their order matters.
    const bool is_array = value.kind() == base::JsonKind::kArray;
    for (std::size_t k = 0; k < (is_array ? value.size() : 1); ++k) {
      const base::JsonView fields = is_array ? value.element(k) : value;
      for (std::size_t m = 0; m < fields.size(); ++m) {
        const auto [field, options] = fields.member(m);
        read_field(request, field, options);
      }
    }
  }
  return request;
}

}  // namespace hornbeam::search
