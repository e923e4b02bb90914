#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"

namespace hornbeam::search {

/// Settings by dotted name, such as "index.refresh_interval". Values are texts, as in
/// Elasticsearch's answers, or lists of texts.
class Settings {
 public:
  using Value = std::variant<std::string, std::vector<std::string>>;

  /// Reads `{"index": {"a": 1}}`, `{"index.a": 1}` and, with `prefix` "index.", `{"a": 1}` alike.
  /// A null takes a setting away when the result is merged into others.
  static base::Result<Settings> parse(base::JsonView json, std::string_view prefix = {});

  /// The text of a setting; none if it is not set, or a list.
  std::optional<std::string> find(std::string_view name) const;
  /// As a whole number; none if it is not set or is none.
  std::optional<std::int64_t> find_int(std::string_view name) const;
  /// As a boolean; `otherwise` if it is not set.
  bool flag(std::string_view name, bool otherwise) const;
  const std::map<std::string, Value, std::less<>>& all() const noexcept { return values_; }

  /// The names that were given as null.
  const std::vector<std::string>& removed() const noexcept { return removed_; }

  void set(std::string name, Value value) { values_.insert_or_assign(std::move(name), value); }
  /// Takes over what `other` has, and takes away what it has as null.
  void merge(const Settings& other);
  /// Takes over what `other` has and this one does not.
  void merge_missing(const Settings& other);

  /// As nested objects, or with dotted names if `is_flat`. With `prefix`, only what begins so.
  std::string json(bool is_flat = false) const;
  /// Those whose names match one of the patterns ("index.number_*"); all if there are none.
  Settings matching(const std::vector<std::string>& patterns) const;
  /// The settings below `prefix`, whose names lose it.
  Settings below(std::string_view prefix) const;

 private:
  base::Result<void> read(const std::string& path, base::JsonView json);

  std::map<std::string, Value, std::less<>> values_;
  std::vector<std::string> removed_;  ///< Given as null.
};

/// "500ms", "1s", "2m", "3h" or "4d".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Whether a text is as a pattern says, in which * stands for any characters.
bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

}  // namespace hornbeam::search
