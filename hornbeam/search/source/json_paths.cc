#include "hornbeam/search/source/json_paths.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/base/json_writer.h"
#include "hornbeam/search/node/settings.h"

namespace hornbeam::search {
namespace {

using base::JsonKind;
using base::JsonView;

bool matches_any(const std::vector<std::string>& patterns, std::string_view path) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return matches_pattern(pattern, path); });
}

/// Whether something below `path` may match one of the patterns.
bool leads_to_any(const std::vector<std::string>& patterns, std::string_view path) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    // The beginning of the pattern that has as many names as the path.
    std::size_t end = 0;
    for (std::ptrdiff_t names = std::ranges::count(path, '.') + 1; names > 0; --names) {
      end = pattern.find('.', end);
      if (end == std::string::npos) return pattern.contains('*') && matches_pattern(pattern, path);
      ++end;
    }
    return matches_pattern(std::string_view(pattern).substr(0, end - 1), path) ||
           pattern.starts_with('*');
  });
}

/// Writes what of a document a filter takes.
class SourceWriter {
 public:
  explicit SourceWriter(const SourceFilter& filter) : filter_(filter) {}

  std::string write(JsonView source) {
    write_object("", source, filter_.includes.empty());
    return out_.take();
  }

 private:
  void write_object(const std::string& path, JsonView object, bool is_taken) {
    out_.begin_object();
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [name, value] = object.member(i);
      const std::string inner = path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
      if (matches_any(filter_.excludes, inner)) continue;
      const bool is_included = is_taken || matches_any(filter_.includes, inner);
      if (!shows(inner, value, is_included)) continue;
      out_.key(name);
      write_value(inner, value, is_included);
    }
    out_.end_object();
  }

  /// Whether there is anything to show of a value.
  bool shows(const std::string& path, JsonView value, bool is_taken) const {
    if (is_taken) return true;
    if (value.kind() == JsonKind::kObject) {
      if (!leads_to_any(filter_.includes, path)) return false;
      for (std::size_t i = 0; i < value.size(); ++i) {
        const auto [name, one] = value.member(i);
        const std::string inner = fmt::format("{}.{}", path, name);
        if (matches_any(filter_.excludes, inner)) continue;
        if (shows(inner, one, matches_any(filter_.includes, inner))) return true;
      }
      return false;
    }
    if (value.kind() == JsonKind::kArray) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const JsonKind kind = value.element(i).kind();
        const bool is_nested = kind == JsonKind::kObject || kind == JsonKind::kArray;
        if (is_nested && shows(path, value.element(i), false)) return true;
      }
    }
    return false;
  }

  void write_value(const std::string& path, JsonView value, bool is_taken) {
    if (value.kind() == JsonKind::kObject) {
      write_object(path, value, is_taken);
    } else if (value.kind() == JsonKind::kArray) {
      out_.begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (shows(path, value.element(i), is_taken)) write_value(path, value.element(i), is_taken);
      }
      out_.end_array();
    } else {
      out_.raw(value.text());
    }
  }

  const SourceFilter& filter_;
  base::JsonWriter out_;
};

using Names = std::vector<std::string_view>;

Names split_path(std::string_view pattern) {
  Names names;
  for (const auto part : pattern | std::views::split('.'))
    names.emplace_back(part.begin(), part.end());
  return names;
}

/// Writes what of an answer patterns choose.
class PathWriter {
 public:
  explicit PathWriter(bool takes_away) : takes_away_(takes_away) {}

  std::string write(JsonView json, const std::vector<Names>& patterns) {
    if (!write_value(json, patterns)) return "{}";
    return out_.take();
  }

 private:
  /// The rests of the patterns below a member of that name; none if one of them ends there.
  static std::optional<std::vector<Names>> below(const std::vector<Names>& patterns,
                                                 std::string_view name) {
    std::vector<Names> rests;
    const auto add = [&](Names names) {
      rests.push_back(std::move(names));
      return !rests.back().empty();
    };
    for (const Names& names : patterns) {
      if (names.empty()) continue;
      if (names.front() == "**") {
        if (!add(names)) return std::nullopt;
        if (names.size() > 1 && matches_pattern(names[1], name) &&
            !add({names.begin() + 2, names.end()})) {
          return std::nullopt;
        }
        if (names.size() == 1) return std::nullopt;
      } else if (matches_pattern(names.front(), name) && !add({names.begin() + 1, names.end()})) {
        return std::nullopt;
      }
    }
    return rests;
  }

  /// False, with nothing written, if nothing of the value is chosen.
  bool write_value(JsonView value, const std::vector<Names>& patterns) {
    if (value.kind() == JsonKind::kObject) return write_object(value, patterns);
    if (value.kind() == JsonKind::kArray) return write_array(value, patterns);
    if (!takes_away_) return false;
    out_.raw(value.text());
    return true;
  }

  bool write_object(JsonView object, const std::vector<Names>& patterns) {
    base::JsonWriter outer = std::exchange(out_, {});
    bool is_any = false;
    outer.begin_object();
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [name, value] = object.member(i);
      const std::optional<std::vector<Names>> rests = below(patterns, name);
      bool is_written = false;
      if (!rests) {
        is_written = !takes_away_;
        if (is_written) out_.raw(value.text());
      } else if (rests->empty() && takes_away_) {
        out_.raw(value.text());
        is_written = true;
      } else if (!rests->empty()) {
        is_written = write_value(value, *rests);
      }
      if (is_written) outer.raw_member(name, out_.take());
      is_any = is_any || is_written;
    }
    outer.end_object();
    out_ = std::move(outer);
    if (!is_any && object.size() > 0) out_.take();
    return is_any || (takes_away_ && object.size() == 0);
  }

  bool write_array(JsonView array, const std::vector<Names>& patterns) {
    base::JsonWriter outer = std::exchange(out_, {});
    bool is_any = false;
    outer.begin_array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (!write_value(array.element(i), patterns)) continue;
      outer.raw(out_.take());
      is_any = true;
    }
    outer.end_array();
    out_ = std::move(outer);
    if (!is_any) out_.take();
    return is_any;
  }

  bool takes_away_;
  base::JsonWriter out_;
};

void merge_into(base::JsonWriter& out, JsonView base, JsonView changes) {
  out.begin_object();
  for (std::size_t i = 0; i < base.size(); ++i) {
    const auto [name, value] = base.member(i);
    const std::optional<JsonView> change = changes.find(name);
    out.key(name);
    if (change && change->kind() == JsonKind::kObject && value.kind() == JsonKind::kObject) {
      merge_into(out, value, *change);
    } else {
      out.raw((change ? *change : value).text());
    }
  }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto [name, value] = changes.member(i);
    if (!base.find(name)) out.raw_member(name, value.text());
  }
  out.end_object();
}

void collect(JsonView value, std::string_view path, std::vector<JsonView>& found) {
  if (value.kind() == JsonKind::kArray) {
    for (std::size_t i = 0; i < value.size(); ++i) collect(value.element(i), path, found);
    return;
  }
  if (path.empty()) {
    found.push_back(value);
    return;
  }
  // A member may have dots in its own name.
  for (std::size_t dot = path.find('.');; dot = path.find('.', dot + 1)) {
    const std::optional<JsonView> member = value.find(path.substr(0, dot));
    const bool is_last = dot == std::string_view::npos;
    if (member) collect(*member, is_last ? std::string_view() : path.substr(dot + 1), found);
    if (is_last) return;
  }
}

void add_patterns(std::vector<std::string>& patterns, JsonView json) {
  if (json.kind() == base::JsonKind::kArray) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto text = json.element(i).find_string();
      patterns.push_back(text ? std::string(*text) : json.element(i).text());
    }
    return;
  }
  const auto given = json.find_string();
  const std::string text = given ? std::string(*given) : json.text();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    if (comma > begin) patterns.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
}

}  // namespace

std::optional<SourceFilter> read_source_filter(JsonView json) {
  SourceFilter filter;
  if (const auto flag = json.find_bool()) return *flag ? std::optional(filter) : std::nullopt;
  if (json.kind() != base::JsonKind::kObject) {
    add_patterns(filter.includes, json);
    return filter;
  }
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [name, value] = json.member(i);
    const bool excludes = name == "excludes" || name == "exclude";
    add_patterns(excludes ? filter.excludes : filter.includes, value);
  }
  return filter;
}

std::string filter_source(JsonView source, const SourceFilter& filter) {
  return filter.takes_all() ? source.text() : SourceWriter(filter).write(source);
}

std::string filter_paths(JsonView json, const std::vector<std::string>& patterns) {
  std::vector<Names> includes;
  std::vector<Names> excludes;
  for (const std::string& pattern : patterns) {
    const bool takes_away = pattern.starts_with('-');
    (takes_away ? excludes : includes)
        .push_back(split_path(std::string_view(pattern).substr(takes_away ? 1 : 0)));
  }
  std::string text = includes.empty() ? json.text() : PathWriter(false).write(json, includes);
  if (excludes.empty()) return text;
  const auto included = base::JsonDocument::parse(text);
  return included ? PathWriter(true).write(included->root(), excludes) : text;
}

std::string merge_json(JsonView base, JsonView changes) {
  base::JsonWriter out;
  merge_into(out, base, changes);
  return out.take();
}

bool is_same_json(JsonView a, JsonView b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  if (a.kind() == JsonKind::kArray) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!is_same_json(a.element(i), b.element(i))) return false;
    }
    return true;
  }
  if (a.kind() == JsonKind::kObject) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      const auto [name, value] = a.member(i);
      const std::optional<JsonView> other = b.find(name);
      if (!other || !is_same_json(value, *other)) return false;
    }
    return true;
  }
  return a.text() == b.text();
}

std::vector<JsonView> values_at(JsonView source, std::string_view path) {
  std::vector<JsonView> found;
  collect(source, path, found);
  return found;
}

}  // namespace hornbeam::search
