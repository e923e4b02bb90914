#include <fmt/format.h>

#include "hornbeam/search/query/query_reader.h"
#include "hornbeam/search/query/result_options.h"

namespace hornbeam::search {
namespace {

using query_reader::count;
using query_reader::refuse;
using query_reader::Refusal;
using query_reader::scalar;

Rescore::Mode mode_of(base::JsonView json) {
  constexpr std::pair<std::string_view, Rescore::Mode> kModes[] = {
      {"total", Rescore::Mode::kTotal}, {"multiply", Rescore::Mode::kMultiply},
      {"avg", Rescore::Mode::kAverage}, {"max", Rescore::Mode::kMax},
      {"min", Rescore::Mode::kMin}};
  const std::string text = scalar("rescore", json);
  for (const auto& [name, mode] : kModes) {
    if (text == name) return mode;
  }
  throw Refusal{{.code = "illegal_argument_exception",
                 .message = fmt::format("illegal score_mode [{}]", text)}};
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
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    if (name == "field") {
      collapse.field = scalar("collapse", value);
    } else if (name != "max_concurrent_group_searches") {
      refuse(fmt::format("[collapse] unknown field [{}]", name));
    }
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
    throw Refusal{
        {.code = "illegal_argument_exception", .message = "max must be greater than id"}};
  }
  return slice;
}

}  // namespace hornbeam::search
