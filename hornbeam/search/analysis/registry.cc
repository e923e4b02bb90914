#include "hornbeam/search/analysis/registry.h"

#include <utility>

#include <fmt/format.h>

#include "hornbeam/search/analysis/component.h"
#include "hornbeam/search/analysis/filters.h"
#include "hornbeam/search/analysis/language_analyzers.h"
#include "hornbeam/search/analysis/part_registry.h"
#include "hornbeam/search/analysis/simple_filters.h"
#include "hornbeam/search/analysis/tokenizers.h"

namespace hornbeam::search {

struct AnalyzerRegistry::Parts {
  PartRegistry registry;
};

namespace {

using MadeParts = base::Result<AnalyzerParts>;

std::unexpected<base::Error> refused(std::string message) {
  return base::error("illegal_argument_exception", std::move(message));
}

/// Adds a stop filter if there is anything to drop.
void add_stop(AnalyzerParts& parts, PartSettings& settings, bool has_english) {
  WordSet words(chosen_stop_words(settings, has_english ? "english" : ""));
  if (!words.empty()) parts.filters.push_back(stop_filter(std::move(words)));
}

AnalyzerParts english_parts(PartSettings& settings) {
  AnalyzerParts parts{.tokenizer = standard_tokenizer(),
                      .filters = {english_possessive_filter(), lowercase_filter()}};
  add_stop(parts, settings, true);
  const std::vector<std::string> excluded = settings.list("stem_exclusion");
  if (!excluded.empty()) {
    parts.filters.push_back(keyword_marker_filter(WordSet(excluded), false));
  }
  parts.filters.push_back(porter_stem_filter());
  return parts;
}

MadeParts pattern_parts(PartSettings& settings) {
  const std::string pattern = settings.text("pattern", "\\W+");
  std::string failure;
  AnalyzerParts parts{.tokenizer = pattern_tokenizer(pattern, -1, failure)};
  if (!parts.tokenizer) {
    return refused(fmt::format("invalid pattern [{}] of analyzer [{}]: {}", pattern,
                               settings.name(), failure));
  }
  if (settings.boolean("lowercase", true)) parts.filters.push_back(lowercase_filter());
  add_stop(parts, settings, false);
  return parts;
}

/// The parts of a built-in type of analyzer; without a tokenizer if there is no such type.
MadeParts typed_parts(std::string_view type, PartSettings& settings) {
  AnalyzerParts parts;
  if (type == "standard") {
    parts.tokenizer = standard_tokenizer(settings.count("max_token_length", 255, 1));
    parts.filters = {lowercase_filter()};
    add_stop(parts, settings, false);
  } else if (type == "simple") {
    parts = {.tokenizer = letter_tokenizer(), .filters = {lowercase_filter()}};
  } else if (type == "stop") {
    parts = {.tokenizer = letter_tokenizer(), .filters = {lowercase_filter()}};
    add_stop(parts, settings, true);
  } else if (type == "whitespace") {
    parts.tokenizer = whitespace_tokenizer();
  } else if (type == "keyword") {
    parts.tokenizer = keyword_tokenizer();
  } else if (type == "english") {
    parts = english_parts(settings);
  } else if (type == "pattern") {
    return pattern_parts(settings);
  } else {
    parts = language_parts(type, settings);
  }
  return parts;
}

MadeParts normalizer_parts(std::string_view name, base::JsonView json,
                           const PartRegistry& registry) {
  PartSettings settings("normalizer", name, json);
  const std::string type = settings.text("type", "custom");
  if (type == "lowercase") {
    return AnalyzerParts{.tokenizer = keyword_tokenizer(), .filters = {lowercase_filter()}};
  }
  if (type != "custom") {
    return refused(fmt::format("Unknown normalizer type [{}] for [{}]", type, name));
  }
  AnalyzerParts parts{.tokenizer = keyword_tokenizer()};
  const auto missing = [&](std::string_view kind, const std::string& part) {
    return refused(
        fmt::format("Custom normalizer [{}] failed to find {} under name [{}]", name, kind, part));
  };
  for (const std::string& part : settings.list("char_filter")) {
    parts.char_filters.push_back(registry.find_char_filter(part));
    if (!parts.char_filters.back()) return missing("char_filter", part);
  }
  for (const std::string& part : settings.list("filter")) {
    auto filter = registry.find_filter(part);
    if (!filter) return missing("filter", part);
    if (auto failure = add_filter(parts, std::move(filter))) return std::unexpected(*failure);
  }
  if (!settings.is_ok()) return std::unexpected(settings.error());
  return parts;
}

MadeParts custom_parts(PartSettings& settings, const PartRegistry& registry) {
  const auto missing = [&](std::string_view kind, const std::string& name) {
    return refused(fmt::format("Custom Analyzer [{}] failed to find {} under name [{}]",
                               settings.name(), kind, name));
  };
  AnalyzerParts parts;
  parts.names = {.char_filters = settings.list("char_filter"),
                 .tokenizer = settings.text("tokenizer"),
                 .filters = settings.list("filter")};
  if (parts.names.tokenizer.empty()) {
    return refused(
        fmt::format("Custom Analyzer [{}] must be configured with a tokenizer", settings.name()));
  }
  for (const std::string& name : parts.names.char_filters) {
    parts.char_filters.push_back(registry.find_char_filter(name));
    if (!parts.char_filters.back()) return missing("char_filter", name);
  }
  parts.tokenizer = registry.find_tokenizer(parts.names.tokenizer);
  if (!parts.tokenizer) return missing("tokenizer", parts.names.tokenizer);
  for (const std::string& name : parts.names.filters) {
    auto filter = registry.find_filter(name);
    if (!filter) return missing("filter", name);
    if (auto failure = add_filter(parts, std::move(filter))) return std::unexpected(*failure);
  }
  parts.position_increment_gap = settings.count("position_increment_gap", 100);
  return parts;
}

MadeParts analyzer_parts(std::string_view name, base::JsonView json, const PartRegistry& registry) {
  PartSettings settings("analyzer", name, json);
  const std::string type = settings.text("type");
  if (type.empty() && !settings.has("tokenizer")) {
    return refused(
        fmt::format("analyzer [{}] must specify either an analyzer type, or a tokenizer", name));
  }
  auto parts = type.empty() || type == "custom" ? custom_parts(settings, registry)
                                                : typed_parts(type, settings);
  if (!settings.is_ok()) return std::unexpected(settings.error());
  if (parts && !parts->tokenizer) {
    return refused(fmt::format("Unknown analyzer type [{}] for [{}]", type, name));
  }
  return parts;
}

using NamedAnalyzers = std::map<std::string, std::shared_ptr<const Analyzer>, std::less<>>;

NamedAnalyzers built_in_analyzers() {
  std::vector<std::string> names = {"standard", "simple",  "stop",   "whitespace",
                                    "keyword",  "english", "pattern"};
  names.insert(names.end(), analyzer_languages().begin(), analyzer_languages().end());
  NamedAnalyzers analyzers;
  for (const std::string& name : names) {
    PartSettings defaults("analyzer", name);
    auto parts = typed_parts(name, defaults);
    analyzers.emplace(name, std::make_shared<const Analyzer>(name, std::move(parts.value())));
  }
  return analyzers;
}

/// A part of a request: the name of one, or an object that describes it.
template <class Part, class Find, class Make>
base::Result<std::shared_ptr<const Part>> requested_part(std::string_view kind, base::JsonView json,
                                                         bool is_global, std::string& name,
                                                         Find find, Make make) {
  const std::string_view place = is_global ? "global " : "";
  if (const auto given = json.find_string()) {
    name = *given;
    std::shared_ptr<const Part> part = find(*given);
    if (part) return part;
    return refused(fmt::format("failed to find {}{} under [{}]", place, kind, *given));
  }
  const auto type = json.find("type");
  if (!type || !type->find_string()) {
    return refused(fmt::format("Missing [type] setting for anonymous {}: {}", kind, json.text()));
  }
  name = fmt::format("__anonymous__{}", *type->find_string());
  PartSettings settings(kind, name, json);
  std::shared_ptr<const Part> part = make(*type->find_string(), settings);
  if (!settings.is_ok()) return std::unexpected(settings.error());
  if (part) return part;
  return refused(fmt::format("failed to find global {} under [{}]", kind, *type->find_string()));
}

/// The value of a key as a list: a value alone is a list of one.
std::vector<base::JsonView> elements(base::JsonView body, std::string_view key) {
  const auto found = body.find(key);
  if (!found || found->is_null()) return {};
  if (found->kind() != base::JsonKind::kArray) return {*found};
  std::vector<base::JsonView> all;
  for (std::size_t i = 0; i < found->size(); ++i) all.push_back(found->element(i));
  return all;
}

}  // namespace

AnalyzerRegistry::AnalyzerRegistry() : parts_(std::make_unique<Parts>()) {
  // They never change, so all indices share them.
  static const NamedAnalyzers kBuiltIn = built_in_analyzers();
  analyzers_ = kBuiltIn;
  normalizers_.emplace("lowercase",
                       std::make_shared<const Analyzer>(
                           "lowercase", AnalyzerParts{.tokenizer = keyword_tokenizer(),
                                                      .filters = {lowercase_filter()}}));
}

AnalyzerRegistry::AnalyzerRegistry(AnalyzerRegistry&&) noexcept = default;
AnalyzerRegistry& AnalyzerRegistry::operator=(AnalyzerRegistry&&) noexcept = default;
AnalyzerRegistry::~AnalyzerRegistry() = default;

base::Result<AnalyzerRegistry> AnalyzerRegistry::parse(base::JsonView analysis) {
  AnalyzerRegistry registry;
  auto parts = PartRegistry::parse(analysis);
  if (!parts) return std::unexpected(std::move(parts.error()));
  registry.parts_->registry = std::move(*parts);
  const auto normalizers = analysis.find("normalizer");
  for (std::size_t i = 0; normalizers && i < normalizers->size(); ++i) {
    const auto [name, json] = normalizers->member(i);
    auto made = normalizer_parts(name, json, registry.parts_->registry);
    if (!made) return std::unexpected(std::move(made.error()));
    registry.normalizers_.insert_or_assign(
        std::string(name), std::make_shared<const Analyzer>(std::string(name), std::move(*made)));
  }
  const auto analyzers = analysis.find("analyzer");
  if (!analyzers || analyzers->kind() != base::JsonKind::kObject) return registry;
  for (std::size_t i = 0; i < analyzers->size(); ++i) {
    const auto [name, json] = analyzers->member(i);
    auto made = analyzer_parts(name, json, registry.parts_->registry);
    if (!made) return std::unexpected(std::move(made.error()));
    registry.analyzers_.insert_or_assign(
        std::string(name), std::make_shared<const Analyzer>(std::string(name), std::move(*made)));
  }
  return registry;
}

std::shared_ptr<const Analyzer> AnalyzerRegistry::find(std::string_view name) const {
  const auto found = analyzers_.find(name);
  return found == analyzers_.end() ? nullptr : found->second;
}

std::shared_ptr<const Analyzer> AnalyzerRegistry::find_normalizer(std::string_view name) const {
  const auto found = normalizers_.find(name);
  return found == normalizers_.end() ? nullptr : found->second;
}

std::shared_ptr<const Analyzer> AnalyzerRegistry::default_analyzer() const {
  auto named = find("default");
  return named ? named : find("standard");
}

base::Result<std::shared_ptr<const Analyzer>> AnalyzerRegistry::make(base::JsonView body) const {
  const PartRegistry& registry = parts_->registry;
  const bool is_global = registry.is_global();
  AnalyzerParts parts{.tokenizer = keyword_tokenizer(), .names = {.tokenizer = "keyword"}};
  for (const base::JsonView json : elements(body, "char_filter")) {
    auto part = requested_part<CharFilter>(
        "char_filter", json, is_global, parts.names.char_filters.emplace_back(),
        [&](std::string_view name) { return registry.find_char_filter(name); }, make_char_filter);
    if (!part) return std::unexpected(std::move(part.error()));
    parts.char_filters.push_back(std::move(*part));
  }
  for (const base::JsonView json : elements(body, "tokenizer")) {
    auto part = requested_part<Tokenizer>(
        "tokenizer", json, is_global, parts.names.tokenizer,
        [&](std::string_view name) { return registry.find_tokenizer(name); }, make_tokenizer);
    if (!part) return std::unexpected(std::move(part.error()));
    parts.tokenizer = std::move(*part);
  }
  for (const base::JsonView json : elements(body, "filter")) {
    auto part = requested_part<TokenFilter>(
        "filter", json, is_global, parts.names.filters.emplace_back(),
        [&](std::string_view name) { return registry.find_filter(name); }, make_token_filter);
    if (!part) return std::unexpected(std::move(part.error()));
    if (auto failure = add_filter(parts, std::move(*part))) return std::unexpected(*failure);
  }
  return std::make_shared<const Analyzer>("__custom__", std::move(parts));
}

}  // namespace hornbeam::search
