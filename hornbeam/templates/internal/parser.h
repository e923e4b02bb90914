#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hornbeam/templates/internal/statements.h"

namespace hornbeam::templates {
class Environment;
}

namespace hornbeam::templates::internal {

/// Reads a template. Throws TemplateError with its place.
std::unique_ptr<TemplateCode> parse(const Environment& environment, std::string name,
                                    std::string source);

}  // namespace hornbeam::templates::internal
