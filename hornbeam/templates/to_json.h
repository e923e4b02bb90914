#pragma once

#include <string>

#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

/// `value` as JSON that is safe inside of scripts and single-quoted attributes: < > & ' are written
/// as escapes, and nothing else is changed. Keys are sorted, what is not ASCII is escaped, as
/// Flask does. `indent` above 0 puts each element on a line of its own. Throws TemplateError for
/// what JSON does not have: undefined values, NaN, infinities.
std::string to_html_json(const Value& value, int indent = 0);

}  // namespace hornbeam::templates
