#pragma once

// The page that shows an OpenAPI document to people: plain HTML without scripts, made once.

#include <string>
#include <string_view>

#include "hornbeam/web/openapi.h"

namespace hornbeam::web {

/// Requires: `document` was made by `openapi_document`.
std::string openapi_page(std::string_view document, const OpenApi& options);
std::string_view openapi_style();
/// The page's icon, as SVG.
std::string_view openapi_icon();

}  // namespace hornbeam::web
