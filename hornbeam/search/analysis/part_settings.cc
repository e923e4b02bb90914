#include "hornbeam/search/analysis/part_settings.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace hornbeam::search {
namespace {

/// A scalar as Elasticsearch's settings hold it: as text.
std::optional<std::string> scalar_text(base::JsonView value) {
  if (const auto text = value.find_string()) return std::string(*text);
  if (value.find_bool() || value.find_number()) return value.text();
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

}  // namespace

std::optional<base::JsonView> PartSettings::find(std::string_view key) const {
  if (!json_) return std::nullopt;
  const auto found = json_->find(key);
  return found && !found->is_null() ? found : std::nullopt;
}

void PartSettings::fail(std::string message, std::string code) {
  if (!error_) error_ = base::Error{std::move(code), std::move(message)};
}

void PartSettings::fail_to_parse(std::string_view key, base::JsonView value,
                                 std::string_view what) {
  fail(fmt::format("Failed to parse {}value [{}] for setting [{}]", what,
                   scalar_text(value).value_or(value.text()), key));
}

std::int64_t PartSettings::integer(std::string_view key, std::int64_t otherwise) {
  const auto found = find(key);
  if (!found) return otherwise;
  const std::string text = scalar_text(*found).value_or("");
  std::int32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size()) return value;
  fail_to_parse(key, *found, "");
  return otherwise;
}

std::uint32_t PartSettings::count(std::string_view key, std::uint32_t otherwise,
                                  std::uint32_t minimum) {
  const std::int64_t value = integer(key, otherwise);
  if (value >= minimum) return static_cast<std::uint32_t>(value);
  fail(fmt::format("Failed to parse value [{}] for setting [{}] must be >= {}", value, key,
                   minimum));
  return otherwise;
}

bool PartSettings::boolean(std::string_view key, bool otherwise) {
  const auto found = find(key);
  if (!found) return otherwise;
  const std::string text = scalar_text(*found).value_or("");
  if (text == "true") return true;
  if (text == "false") return false;
  fail(fmt::format("Failed to parse value [{}] as only [true] or [false] are allowed.",
                   scalar_text(*found).value_or(found->text())));
  return otherwise;
}

std::string PartSettings::text(std::string_view key, std::string_view otherwise) {
  const auto found = find(key);
  if (!found) return std::string(otherwise);
  if (const auto text = scalar_text(*found)) return *text;
  fail_to_parse(key, *found, "");
  return std::string(otherwise);
}

std::vector<std::string> PartSettings::lines(std::string_view key) {
  const auto found = find(key);
  if (!found || found->kind() == base::JsonKind::kArray) return list(key);
  return {text(key)};
}

std::vector<std::string> PartSettings::list(std::string_view key) {
  std::vector<std::string> words;
  const auto found = find(key);
  if (!found) return words;
  if (found->kind() != base::JsonKind::kArray) {
    std::string_view rest;
    const std::string all = scalar_text(*found).value_or("");
    for (rest = all; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      words.emplace_back(trimmed(rest.substr(0, comma)));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return words;
  }
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (auto text = scalar_text(found->element(i))) {
      words.push_back(std::move(*text));
    } else {
      fail_to_parse(key, *found, "");
    }
  }
  return words;
}

}  // namespace hornbeam::search
