#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

/// One use of a filter or a test: `value|name(arguments)`.
struct FilterCall {
  Rendering& rendering;  ///< The rendering under way.
  Value value;           ///< What stands before the bar, or before "is".
  Arguments arguments;   ///< What stands between the parentheses.
  /// True where texts are escaped when they are printed.
  bool escapes;

  /// The argument at `index` or named `name`, or `fallback`.
  Value argument(std::size_t index, std::string_view name, const Value& fallback = {}) const {
    const Value* found = arguments.find(index, name);
    return found != nullptr ? *found : fallback;
  }
  /// As `argument`, for whole numbers. Throws TemplateError if it is none.
  std::int64_t integer(std::size_t index, std::string_view name, std::int64_t fallback) const;
  /// As `argument`, as text.
  std::string text(std::size_t index, std::string_view name, std::string_view fallback) const;
  /// As `argument`, as a truth.
  bool flag(std::size_t index, std::string_view name, bool fallback) const;
};

/// What makes a value of another; a test gives a bool.
using Filter = std::function<Value(FilterCall&)>;

}  // namespace hornbeam::templates
