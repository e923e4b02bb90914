#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/result.h"
#include "hornbeam/search/mapping/mapping.h"

namespace hornbeam::search {

/// A mapping that grows while a document is read, by the fields that it does not have yet. The
/// mapping it is made of stays as it is.
class NewFields {
 public:
  /// Thrown inside a reading, so that it ends at the first thing that is wrong.
  struct Refusal {
    base::Error error;
  };
  [[noreturn]] static void refuse(std::string code, std::string message);

  /// Lifetime: `mapping` outlives this.
  explicit NewFields(const Mapping& mapping) : mapping_(&mapping) {}

  /// With what was added.
  const Mapping& mapping() const noexcept { return *mapping_; }
  /// The mapping with new fields; null if there are none.
  std::shared_ptr<const Mapping> take_extended() { return std::move(extended_); }

  /// Adds a field by a template, or as what its value looks like; null if the mapping wants none.
  const FieldMapping* guess(const std::string& path, base::JsonView value);
  /// Adds a text, with its keyword.
  const FieldMapping* add_text(const std::string& path);

 private:
  bool may_add(const std::string& path) const;
  Mapping& extend();
  const FieldMapping* add_by_template(const std::string& path, std::string_view type);
  const FieldMapping* add(const std::string& path, FieldMapping field);

  const Mapping* mapping_;             ///< The one before, or `extended_`.
  std::shared_ptr<Mapping> extended_;  ///< A copy, made for the first new field.
};

/// A text as it is, any other value as JSON.
std::string scalar_text(base::JsonView value);

}  // namespace hornbeam::search
