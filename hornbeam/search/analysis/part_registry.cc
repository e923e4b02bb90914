#include "hornbeam/search/analysis/part_registry.h"

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

template <class Part>
using Maker = std::shared_ptr<const Part> (*)(std::string_view, PartSettings&);

/// One part of the settings: what its `type` makes of them.
template <class Part>
base::Result<std::shared_ptr<const Part>> make_part(std::string_view kind, std::string_view name,
                                                    base::JsonView json, Maker<Part> maker) {
  PartSettings settings(kind, name, json);
  const std::string type = settings.text("type");
  if (type.empty()) {
    return base::error(
        "illegal_argument_exception",
        fmt::format("{} [{}] must specify either an analyzer type, or a tokenizer", kind, name));
  }
  auto part = maker(type, settings);
  if (!settings.is_ok()) return std::unexpected(settings.error());
  if (!part) {
    return base::error("illegal_argument_exception",
                       fmt::format("Unknown {} type [{}] for [{}]", kind, type, name));
  }
  return part;
}

template <class Part>
base::Result<NamedParts<Part>> parse_parts(std::string_view kind, base::JsonView analysis,
                                           Maker<Part> maker) {
  NamedParts<Part> parts;
  const auto group = analysis.find(kind);
  if (!group || group->kind() != base::JsonKind::kObject) return parts;
  for (std::size_t i = 0; i < group->size(); ++i) {
    const auto [name, json] = group->member(i);
    auto part = make_part<Part>(kind, name, json, maker);
    if (!part) return std::unexpected(std::move(part.error()));
    parts.emplace(name, std::move(*part));
  }
  return parts;
}

/// The part defined under the name, else the built-in one of that type with its defaults.
template <class Part>
std::shared_ptr<const Part> find_part(const NamedParts<Part>& defined, std::string_view name,
                                      std::string_view kind, Maker<Part> maker) {
  const auto found = defined.find(name);
  if (found != defined.end()) return found->second;
  PartSettings defaults(kind, name);
  auto part = maker(name, defaults);
  return defaults.is_ok() ? part : nullptr;
}

}  // namespace

base::Result<PartRegistry> PartRegistry::parse(base::JsonView analysis) {
  PartRegistry registry;
  auto char_filters = parse_parts<CharFilter>("char_filter", analysis, make_char_filter);
  if (!char_filters) return std::unexpected(std::move(char_filters.error()));
  auto tokenizers = parse_parts<Tokenizer>("tokenizer", analysis, make_tokenizer);
  if (!tokenizers) return std::unexpected(std::move(tokenizers.error()));
  auto filters = parse_parts<TokenFilter>("filter", analysis, make_token_filter);
  if (!filters) return std::unexpected(std::move(filters.error()));
  registry.char_filters_ = std::move(*char_filters);
  registry.tokenizers_ = std::move(*tokenizers);
  registry.filters_ = std::move(*filters);
  return registry;
}

std::shared_ptr<const Tokenizer> PartRegistry::find_tokenizer(std::string_view name) const {
  return find_part<Tokenizer>(tokenizers_, name, "tokenizer", make_tokenizer);
}

std::shared_ptr<const TokenFilter> PartRegistry::find_filter(std::string_view name) const {
  return find_part<TokenFilter>(filters_, name, "filter", make_token_filter);
}

std::shared_ptr<const CharFilter> PartRegistry::find_char_filter(std::string_view name) const {
  return find_part<CharFilter>(char_filters_, name, "char_filter", make_char_filter);
}

std::optional<base::Error> add_filter(AnalyzerParts& parts,
                                      std::shared_ptr<const TokenFilter> filter) {
  auto bound = filter->bound_to(parts);
  if (!bound) return std::move(bound.error());
  parts.filters.push_back(*bound ? std::move(*bound) : std::move(filter));
  return std::nullopt;
}

}  // namespace hornbeam::search
