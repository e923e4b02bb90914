#pragma once

#include "hornbeam/base/json_view.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

/// JSON as a template's value, which keeps nothing of `json`. Numbers past 64 bits become floats.
Value from_json(base::JsonView json);

}  // namespace hornbeam::templates
