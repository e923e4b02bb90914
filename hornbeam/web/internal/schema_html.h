#pragma once

// A JSON Schema in words, and an example of what it takes.

#include <string>
#include <string_view>

#include "hornbeam/base/json_view.h"

namespace hornbeam::web {

/// The schemas that references lead to: the members of `components.schemas`.
class SchemaPrinter {
 public:
  explicit SchemaPrinter(base::JsonView schemas) : schemas_(schemas) {}

  /// Such as `list of <a href="#schema-Bed">Bed</a>, at most 3 elements`, as markup.
  std::string words(base::JsonView schema) const;
  /// A table of an object's properties; the words of anything else, as markup.
  std::string table(base::JsonView schema) const;
  /// JSON over several lines.
  std::string example(base::JsonView schema) const;

 private:
  /// Where an example is: the references that were followed, and how far it is indented.
  struct Level {
    const Level* outer = nullptr;
    std::string_view reference{};
    std::size_t depth = 0;
  };
  static bool is_open(const Level& level, base::JsonView schema);
  std::string type_words(base::JsonView schema) const;
  std::string choices_words(base::JsonView choices) const;
  void append_example(std::string& out, base::JsonView schema, const Level& level) const;
  void append_object(std::string& out, base::JsonView schema, const Level& level) const;

  base::JsonView schemas_;
};

/// What a `$ref` names.
std::string_view component_name(std::string_view reference);

}  // namespace hornbeam::web
