#include "hornbeam/search/mapping/dynamic_template.h"

#include <algorithm>

#include <fmt/format.h>
#include <re2/re2.h>

#include "hornbeam/search/node/settings.h"

namespace hornbeam::search {
namespace {

base::Error refusal(std::string message) {
  return {.code = "mapper_parsing_exception", .message = std::move(message)};
}

std::string text_of(base::JsonView json) {
  const auto text = json.find_string();
  return text ? std::string(*text) : json.text();
}

std::vector<std::string> texts_of(base::JsonView json) {
  if (json.kind() != base::JsonKind::kArray) return {text_of(json)};
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < json.size(); ++i) texts.push_back(text_of(json.element(i)));
  return texts;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

/// As theirs, a new text has a keyword beside it only where no template speaks.
std::string_view default_type(std::string_view type) {
  return type == "string" ? "text" : type;
}

base::Result<DynamicTemplate> read_one(std::string name, base::JsonView json) {
  DynamicTemplate one{.name = std::move(name)};
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [key, value] = json.member(i);
    if (key == "match") {
      one.match = texts_of(value);
    } else if (key == "unmatch") {
      one.unmatch = texts_of(value);
    } else if (key == "path_match") {
      one.path_match = texts_of(value);
    } else if (key == "path_unmatch") {
      one.path_unmatch = texts_of(value);
    } else if (key == "match_mapping_type") {
      one.types = texts_of(value);
    } else if (key == "match_pattern") {
      one.is_regular = text_of(value) == "regex";
    } else if (key == "mapping") {
      one.mapping = value.text();
    } else {
      return std::unexpected(refusal(
          fmt::format("Illegal dynamic template parameter: [{}] of template [{}]", key, one.name)));
    }
  }
  if (one.mapping.empty()) {
    return std::unexpected(refusal(fmt::format(
        "Failed to parse dynamic template [{}]: template must have mapping set", one.name)));
  }
  for (const auto* patterns : {&one.match, &one.unmatch}) {
    for (const std::string& pattern : *patterns) {
      if (!one.is_regular || RE2(pattern, RE2::Quiet).ok()) continue;
      return std::unexpected(refusal(fmt::format(
          "Pattern [{}] of type [regex] is invalid in dynamic template [{}]", pattern, one.name)));
    }
  }
  return one;
}

}  // namespace

bool DynamicTemplate::matches(std::string_view path, std::string_view type) const {
  const auto has_name = [&](const std::string& pattern) {
    const std::string_view own = name_of(path);
    return is_regular ? RE2::FullMatch(own, pattern) : matches_pattern(pattern, own);
  };
  const auto has_path = [&](const std::string& pattern) { return matches_pattern(pattern, path); };
  const auto has_type = [&](const std::string& one) { return one == "*" || one == type; };
  return (match.empty() || std::ranges::any_of(match, has_name)) &&
         (path_match.empty() || std::ranges::any_of(path_match, has_path)) &&
         (types.empty() || std::ranges::any_of(types, has_type)) &&
         !std::ranges::any_of(unmatch, has_name) && !std::ranges::any_of(path_unmatch, has_path);
}

std::string DynamicTemplate::mapping_of(std::string_view path, std::string_view type) const {
  std::string made = mapping;
  replace_all(made, "{name}", name_of(path));
  replace_all(made, "{dynamic_type}", default_type(type));
  const auto document = base::JsonDocument::parse(made);
  if (!document || document->root().find("type")) return made;
  const bool is_empty = document->root().size() == 0;
  return fmt::format(R"({{"type":"{}"{}{})", default_type(type), is_empty ? "" : ",",
                     made.substr(made.find('{') + 1));
}

base::Result<std::vector<DynamicTemplate>> read_dynamic_templates(base::JsonView json) {
  std::vector<DynamicTemplate> all;
  if (json.kind() != base::JsonKind::kArray) {
    return std::unexpected(
        refusal("Dynamic template syntax error. An array of named objects is expected."));
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const base::JsonView entry = json.element(i);
    if (entry.kind() != base::JsonKind::kObject || entry.size() != 1) {
      return std::unexpected(refusal(
          "A dynamic template must be defined with a name: an object with one member is expected"));
    }
    const auto [name, value] = entry.member(0);
    base::Result<DynamicTemplate> one = read_one(std::string(name), value);
    if (!one) return std::unexpected(one.error());
    one->json = entry.text();
    all.push_back(std::move(*one));
  }
  return all;
}

}  // namespace hornbeam::search
