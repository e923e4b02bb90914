#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"
#include "hornbeam/search/query/result_options.h"
#include "hornbeam/search/query/search_request.h"

namespace hornbeam::search {
namespace {

using query_reader::count;
using query_reader::Refusal;
using query_reader::refuse;
using query_reader::scalar;

Rescore::Mode mode_of(base::JsonView json) {
  constexpr std::pair<std::string_view, Rescore::Mode> kModes[] = {
      {"total", Rescore::Mode::kTotal},
      {"multiply", Rescore::Mode::kMultiply},
      {"avg", Rescore::Mode::kAverage},
      {"max", Rescore::Mode::kMax},
      {"min", Rescore::Mode::kMin}};
  const std::string text = scalar("rescore", json);
  for (const auto& [name, mode] : kModes) {
    if (text == name) return mode;
  }
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("illegal score_mode [{}]", text)}};
}

[[noreturn]] void refuse_content(std::string message) {
  throw Refusal{{.code = "x_content_parse_exception", .message = std::move(message)}};
}

void read_rescore_query(Rescore& rescore, base::JsonView json) {
  bool has_query = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "rescore_query") {
      rescore.query = query_reader::read_query(value);
      has_query = true;
    } else if (name == "query_weight") {
      rescore.query_weight = query_reader::number("rescore", name, value);
    } else if (name == "rescore_query_weight") {
      rescore.rescore_query_weight = query_reader::number("rescore", name, value);
    } else if (name == "score_mode") {
      rescore.mode = mode_of(value);
    } else {
      refuse(fmt::format("[query] unknown field [{}]", name));
    }
  }
  if (!has_query) refuse("Required [rescore_query]");
}

}  // namespace

InnerHits read_inner_hits(base::JsonView json, const std::string& otherwise) {
  if (json.kind() != base::JsonKind::kObject) refuse_content("[inner_hits] must be an object");
  const auto name = json.find("name");
  InnerHits inner{.name = name ? scalar("inner_hits", *name) : otherwise,
                  .request = nullptr,
                  .json = json.text()};
  // What is not about searching is about showing, and the caller's. Each step goes deeper into the
  // JSON, which bounds it.
  base::Result<SearchRequest> request =
      parse_search_request(json, [](std::string_view, base::JsonView) { return true; });
  if (!request) throw Refusal{request.error()};
  if (!json.find("size")) request->size = 3;
  if (request->collapse && !request->collapse->inner_hits.empty()) {
    refuse_content("[collapse] inside of [inner_hits] can have no [inner_hits]");
  }
  inner.request = std::make_shared<const SearchRequest>(std::move(*request));
  return inner;
}

Rescore read_rescore(base::JsonView json) {
  Rescore rescore;
  bool has_query = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "window_size") {
      rescore.window_size = count("rescore", name, value);
    } else if (name == "query") {
      read_rescore_query(rescore, value);
      has_query = true;
    } else {
      refuse(fmt::format("rescore doesn't support rescorer [{}]", name));
    }
  }
  if (!has_query) refuse("missing rescore type");
  return rescore;
}

Collapse read_collapse(base::JsonView json) {
  Collapse collapse;
  std::vector<base::JsonView> inner_hits;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "field") {
      collapse.field = scalar("collapse", value);
    } else if (name == "inner_hits") {
      const bool is_array = value.kind() == base::JsonKind::kArray;
      for (std::size_t k = 0; k < (is_array ? value.size() : 1); ++k) {
        inner_hits.push_back(is_array ? value.element(k) : value);
      }
    } else if (name != "max_concurrent_group_searches") {
      refuse_content(fmt::format("[collapse] unknown field [{}]", name));
    }
  }
  for (const base::JsonView one : inner_hits) {
    collapse.inner_hits.push_back(read_inner_hits(one, collapse.field));
  }
  if (collapse.field.empty()) refuse("no field name specified for collapse");
  return collapse;
}

Slice read_slice(base::JsonView json) {
  Slice slice;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "field") {
      slice.field = scalar("slice", value);
    } else if (name == "id") {
      slice.id = count("slice", name, value);
    } else if (name == "max") {
      slice.max = count("slice", name, value);
    } else {
      refuse(fmt::format("[slice] unknown field [{}]", name));
    }
  }
  if (slice.max < 2) {
    throw Refusal{{.code = "illegal_argument_exception", .message = "max must be greater than 1"}};
  }
  if (slice.id >= slice.max) {
    throw Refusal{{.code = "illegal_argument_exception", .message = "max must be greater than id"}};
  }
  return slice;
}

}  // namespace hornbeam::search
