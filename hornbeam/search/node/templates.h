#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/node/create_index.h"

// What indices are created with whose names match a pattern, in both of the forms that there are.
namespace hornbeam::search {

/// The forms of templates.
enum class TemplateKind : std::uint8_t {
  kLegacy,      ///< `_template`: all that match are merged.
  kComposable,  ///< `_index_template`: the one of the highest priority is taken.
  kComponent,   ///< `_component_template`: a part of composable ones.
};

/// One of them.
struct IndexTemplate {
  std::vector<std::string> patterns{};
  std::optional<std::int64_t> order{};  ///< Later ones have the last word; else as 0. "priority".
  CreateIndex create{};
  std::optional<std::int64_t> version{};
  std::vector<std::string> composed_of{};  ///< Names of components, the last word last.
  std::string meta{};                      ///< Whatever else was said about it, as JSON.
};

/// All templates of a node, by kind and name.
class Templates {
 public:
  using ByName = std::map<std::string, IndexTemplate, std::less<>>;

  const ByName& of(TemplateKind kind) const;
  ByName& of(TemplateKind kind);

  /// Those for an index of that name, the ones that have the last word last. Lifetime: this one's.
  std::vector<const IndexTemplate*> for_index(std::string_view name) const;

 private:
  const IndexTemplate* find_composable(std::string_view name) const;

  ByName legacy_;
  ByName composable_;
  ByName components_;
};

}  // namespace hornbeam::search
