#include "hornbeam/search/mapping/completion.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/analysis/unicode.h"

namespace hornbeam::search {
namespace {

constexpr char kSeparator = '\x1F';

struct Refusal {
  base::Error error;
};

[[noreturn]] void refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

std::string text_of(base::JsonView value) {
  const auto text = value.find_string();
  return text ? std::string(*text) : value.text();
}

/// Levels whose cells are about as large as a distance: "5km", "100m", or the level itself.
std::size_t precision_of(base::JsonView value) {
  if (const auto level = value.find_unsigned()) return std::clamp<std::size_t>(*level, 1, 12);
  const std::string text = text_of(value);
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(parsed.ptr, text.data() + text.size());
  if (unit.empty()) return std::clamp<std::size_t>(static_cast<std::size_t>(number), 1, 12);
  const double meters = unit == "km" ? number * 1000 : unit == "mi" ? number * 1609.344 : number;
  // Cells of level 1 are 5000 km wide; each level divides by 32 in area.
  constexpr double kHeights[] = {4'992'600, 624'100, 156'000, 19'500, 4'900, 609.4,
                                 152.4,     19,      4.8,     0.595,  0.149, 0.019};
  for (std::size_t level = 1; level <= std::size(kHeights); ++level) {
    if (kHeights[level - 1] <= meters) return level;
  }
  return std::size(kHeights);
}

std::vector<std::string> texts_of(base::JsonView value) {
  std::vector<std::string> all;
  const bool is_array = value.kind() == base::JsonKind::kArray;
  for (std::size_t i = 0; i < (is_array ? value.size() : 1); ++i) {
    const base::JsonView one = is_array ? value.element(i) : value;
    if (!one.is_null()) all.push_back(text_of(one));
  }
  return all;
}

void add_values(const CompletionContext& context, base::JsonView value,
                std::vector<std::string>& values) {
  if (value.is_null()) return;
  const bool is_array = value.kind() == base::JsonKind::kArray;
  for (std::size_t i = 0; i < (is_array ? value.size() : 1); ++i) {
    const base::JsonView one = is_array ? value.element(i) : value;
    if (!context.is_geo) {
      values.push_back(text_of(one));
    } else if (const auto hash = place_hash(one, context.precision)) {
      values.push_back(*hash);
    }
  }
}

/// The value at a path such as "author.name"; nothing if there is none.
std::optional<base::JsonView> value_at(base::JsonView source, std::string_view path) {
  std::optional<base::JsonView> found = source;
  while (found && !path.empty()) {
    if (const auto whole = found->find(path)) return whole;
    const std::size_t dot = path.find('.');
    found = found->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return found;
}

std::int64_t weight_of(base::JsonView value) {
  std::optional<std::int64_t> weight = value.find_int();
  if (const auto text = value.find_string()) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size()) {
      refuse("illegal_argument_exception",
             fmt::format("weight must be an integer, but was [{}]", *text));
    }
    weight = number;
  }
  if (!weight || *weight < 0 || *weight > 2'147'483'647) {
    refuse(
        "illegal_argument_exception",
        fmt::format("weight must be in the interval [0..2147483647], but was [{}]", value.text()));
  }
  return *weight;
}

bool is_geo_type(std::string_view type) {
  return type == "geo" || type == "GEO";
}

void append_sized(std::string& out, std::string_view text) {
  const std::size_t size = std::min<std::size_t>(text.size(), 0xFFFF);
  out += static_cast<char>(size >> 8);
  out += static_cast<char>(size & 0xFF);
  out += text.substr(0, size);
}

std::optional<std::string_view> take(std::string_view& in, std::size_t count) {
  if (in.size() < count) return std::nullopt;
  const std::string_view taken = in.substr(0, count);
  in.remove_prefix(count);
  return taken;
}

std::optional<std::size_t> take_number(std::string_view& in, std::size_t bytes) {
  const auto taken = take(in, bytes);
  if (!taken) return std::nullopt;
  std::size_t number = 0;
  for (const char byte : *taken) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// Cuts a text behind so many UTF-16 code units.
std::string_view cut(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint character = decode(text, at);
    if (character.units() > units) break;
    units -= character.units();
    at += character.bytes;
  }
  return text.substr(0, at);
}

}  // namespace

const CompletionContext* CompletionSettings::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(contexts, name, &CompletionContext::name);
  return found == contexts.end() ? nullptr : &*found;
}

base::Result<bool> CompletionSettings::read(std::string_view name, base::JsonView value) {
  if (name == "max_input_length") {
    const auto length = value.find_unsigned();
    if (!length || *length == 0) {
      return base::error("mapper_parsing_exception",
                         fmt::format("[max_input_length] must be > 0 but was [{}]", value.text()));
    }
    max_input_length = *length;
  } else if (name == "preserve_separators") {
    preserves_separators = text_of(value) == "true";
  } else if (name == "preserve_position_increments") {
    preserves_position_increments = text_of(value) == "true";
  } else if (name == "contexts") {
    const bool is_array = value.kind() == base::JsonKind::kArray;
    for (std::size_t i = 0; i < (is_array ? value.size() : 1); ++i) {
      const base::JsonView one = is_array ? value.element(i) : value;
      const auto context_name = one.find("name");
      const auto type = one.find("type");
      if (!context_name || !type) {
        return base::error("mapper_parsing_exception", fmt::format("[{}] must be set for a context",
                                                                   context_name ? "type" : "name"));
      }
      CompletionContext context{.name = text_of(*context_name),
                                .is_geo = is_geo_type(text_of(*type))};
      if (const auto path = one.find("path")) context.path = text_of(*path);
      if (const auto precision = one.find("precision")) {
        context.precision = precision_of(*precision);
      }
      contexts.push_back(std::move(context));
    }
  } else {
    return false;
  }
  return true;
}

std::string CompletionSettings::json() const {
  std::string out = fmt::format(
      R"("preserve_separators":{},"preserve_position_increments":{},"max_input_length":{})",
      preserves_separators, preserves_position_increments, max_input_length);
  if (contexts.empty()) return out;
  out += R"(,"contexts":[)";
  for (const CompletionContext& context : contexts) {
    out += out.ends_with('[') ? "{\"name\":" : ",{\"name\":";
    base::append_json_string(out, context.name);
    out += context.is_geo ? R"(,"type":"GEO")" : R"(,"type":"CATEGORY")";
    if (context.path) {
      out += ",\"path\":";
      base::append_json_string(out, *context.path);
    }
    if (context.is_geo) out += fmt::format(R"(,"precision":{})", context.precision);
    out += '}';
  }
  return out + "]";
}

base::Result<std::vector<CompletionInput>> read_completions(std::string_view field,
                                                            const CompletionSettings& settings,
                                                            base::JsonView value,
                                                            base::JsonView source) {
  try {
    std::vector<std::string> texts;
    CompletionInput common;
    if (value.kind() == base::JsonKind::kObject) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const auto [name, member] = value.member(i);
        if (name == "input") {
          texts = texts_of(member);
        } else if (name == "weight") {
          common.weight = weight_of(member);
        } else if (name == "contexts") {
          for (std::size_t k = 0; k < member.size(); ++k) {
            const auto [context_name, values] = member.member(k);
            const CompletionContext* const context = settings.find(context_name);
            if (!context) {
              refuse("illegal_argument_exception",
                     fmt::format("context [{}] is not defined", context_name));
            }
            add_values(*context, values, common.contexts[context->name]);
          }
        } else {
          refuse("mapper_parsing_exception",
                 fmt::format("unknown field name [{}], must be one of [input, weight, contexts]",
                             name));
        }
      }
    } else {
      texts.push_back(text_of(value));
    }
    for (const CompletionContext& context : settings.contexts) {
      if (!context.path) continue;
      const auto found = value_at(source, *context.path);
      if (found) add_values(context, *found, common.contexts[context.name]);
    }
    std::erase_if(common.contexts, [](const auto& one) { return one.second.empty(); });
    if (!settings.contexts.empty() && common.contexts.empty()) {
      refuse("illegal_argument_exception",
             fmt::format("Contexts are mandatory in context enabled completion field [{}]", field));
    }
    std::vector<CompletionInput> inputs;
    for (std::string& text : texts) {
      if (text.empty()) continue;
      CompletionInput input = common;
      input.text = std::move(text);
      inputs.push_back(std::move(input));
    }
    return inputs;
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
}

std::string completion_key(const Analyzer& analyzer, const CompletionSettings& settings,
                           std::string_view text) {
  std::string key;
  analyzer.analyze(text, [&](const Token& token) {
    if (token.position_increment == 0) return;
    if (!key.empty() && settings.preserves_separators) key += kSeparator;
    for (const char byte : token.term) key += byte == '\0' ? ' ' : byte;
  });
  return key;
}

std::string completion_term(const Analyzer& analyzer, const CompletionSettings& settings,
                            const CompletionInput& input) {
  const std::string_view text = cut(input.text, settings.max_input_length);
  std::string term = completion_key(analyzer, settings, text);
  term += '\0';
  for (int shift = 24; shift >= 0; shift -= 8) {
    term += static_cast<char>(input.weight >> shift & 0xFF);
  }
  std::size_t count = 0;
  std::string contexts;
  for (const auto& [name, values] : input.contexts) {
    for (const std::string& value : values) {
      append_sized(contexts, name);
      append_sized(contexts, value);
      ++count;
    }
  }
  term += static_cast<char>(count >> 8 & 0xFF);
  term += static_cast<char>(count & 0xFF);
  term += contexts;
  term += text;
  return term;
}

std::optional<CompletionTerm> read_completion_term(std::string_view term) {
  const std::size_t end = term.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  CompletionTerm found{.key = term.substr(0, end), .input = {}};
  term.remove_prefix(end + 1);
  const auto weight = take_number(term, 4);
  const auto count = take_number(term, 2);
  if (!weight || !count) return std::nullopt;
  found.input.weight = static_cast<std::int64_t>(*weight);
  for (std::size_t i = 0; i < *count; ++i) {
    const auto name_size = take_number(term, 2);
    const auto name = name_size ? take(term, *name_size) : std::nullopt;
    const auto size = name ? take_number(term, 2) : std::nullopt;
    const auto value = size ? take(term, *size) : std::nullopt;
    if (!value) return std::nullopt;
    found.input.contexts[std::string(*name)].emplace_back(*value);
  }
  found.input.text = term;
  return found;
}

}  // namespace hornbeam::search
