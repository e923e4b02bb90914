#include "hornbeam/search/node/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"

namespace hornbeam::search {
namespace {

std::string text_of(base::JsonView json) {
  const auto text = json.find_string();
  return text ? std::string(*text) : json.text();
}

void write_value(std::string& out, const Settings::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    base::append_json_string(out, *text);
  } else {
    base::append_json(out, std::get<std::vector<std::string>>(value));
  }
}

using SettingPlace = std::map<std::string, Settings::Value, std::less<>>::const_iterator;

/// Writes the settings from `at` on that begin with `prefix` as one object.
void write_nested(std::string& out, SettingPlace& at, const SettingPlace& end,
                  std::string_view prefix) {
  out += '{';
  while (at != end && at->first.starts_with(prefix)) {
    const std::string_view rest = std::string_view(at->first).substr(prefix.size());
    const std::size_t dot = rest.find('.');
    if (!out.ends_with('{')) out += ',';
    base::append_json_string(out, rest.substr(0, dot));
    out += ':';
    if (dot != std::string_view::npos) {
      write_nested(out, at, end, at->first.substr(0, prefix.size() + dot + 1));
    } else {
      write_value(out, at->second);
      ++at;
    }
  }
  out += '}';
}

}  // namespace

base::Result<Settings> Settings::parse(base::JsonView json, std::string_view prefix) {
  Settings read;
  if (json.kind() != base::JsonKind::kObject) {
    return base::error("parse_exception", "settings must be an object");
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const bool has_prefix = name.starts_with(prefix) ||
                            (!prefix.empty() && name == prefix.substr(0, prefix.size() - 1));
    const std::string path = has_prefix ? std::string(name) : fmt::format("{}{}", prefix, name);
    if (auto done = read.read(path, value); !done) return std::unexpected(done.error());
  }
  return read;
}

base::Result<void> Settings::read(const std::string& path, base::JsonView json) {
  switch (json.kind()) {
    case base::JsonKind::kObject:
      for (std::size_t i = 0; i < json.size(); ++i) {
        const auto [name, value] = json.member(i);
        if (auto done = read(fmt::format("{}.{}", path, name), value); !done) return done;
      }
      return {};
    case base::JsonKind::kArray: {
      std::vector<std::string> texts;
      for (std::size_t i = 0; i < json.size(); ++i) texts.push_back(text_of(json.element(i)));
      values_.insert_or_assign(path, std::move(texts));
      return {};
    }
    case base::JsonKind::kNull:
      removed_.push_back(path);
      return {};
    case base::JsonKind::kBool:
    case base::JsonKind::kInt:
    case base::JsonKind::kFloat:
    case base::JsonKind::kString:
      values_.insert_or_assign(path, text_of(json));
      return {};
  }
  return {};
}

std::optional<std::string> Settings::find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  const auto* text = std::get_if<std::string>(&found->second);
  return text ? std::optional(*text) : std::nullopt;
}

std::optional<std::int64_t> Settings::find_int(std::string_view name) const {
  const std::optional<std::string> text = find(name);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

bool Settings::flag(std::string_view name, bool otherwise) const {
  const std::optional<std::string> text = find(name);
  return text ? *text == "true" : otherwise;
}

void Settings::merge(const Settings& other) {
  for (const auto& [name, value] : other.values_) values_.insert_or_assign(name, value);
  for (const std::string& name : other.removed_) {
    std::erase_if(values_, [&](const auto& one) { return matches_pattern(name, one.first); });
  }
}

void Settings::merge_missing(const Settings& other) {
  for (const auto& [name, value] : other.values_) values_.try_emplace(name, value);
}

std::string Settings::json(bool is_flat) const {
  std::string out;
  if (!is_flat) {
    SettingPlace at = values_.begin();
    write_nested(out, at, values_.end(), "");
    return out;
  }
  out = "{";
  for (const auto& [name, value] : values_) {
    if (out.size() > 1) out += ',';
    base::append_json_string(out, name);
    out += ':';
    write_value(out, value);
  }
  return out + "}";
}

Settings Settings::matching(const std::vector<std::string>& patterns) const {
  if (patterns.empty()) return *this;
  Settings chosen;
  for (const auto& [name, value] : values_) {
    const bool is_chosen = std::ranges::any_of(
        patterns, [&](const std::string& pattern) { return matches_pattern(pattern, name); });
    if (is_chosen) chosen.set(name, value);
  }
  return chosen;
}

Settings Settings::below(std::string_view prefix) const {
  Settings chosen;
  for (auto at = values_.lower_bound(prefix); at != values_.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    chosen.set(at->first.substr(prefix.size()), at->second);
  }
  return chosen;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  using Unit = std::pair<std::string_view, std::int64_t>;
  static constexpr std::array<Unit, 5> kUnits = {
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  const std::size_t end = text.find_first_not_of("0123456789");
  if (end == 0 || end == std::string_view::npos || end > 10) return std::nullopt;
  const auto unit = std::ranges::find(kUnits, text.substr(end), &Unit::first);
  if (unit == kUnits.end()) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + end, count);
  return std::chrono::milliseconds(count * unit->second);
}

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  // Where to go on after a mismatch: behind the last star, one character further in the text.
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  std::size_t at = 0;
  std::size_t in = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      retry = in;
    } else if (at < pattern.size() && pattern[at] == text[in]) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++retry;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace hornbeam::search
