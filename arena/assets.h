#pragma once

#include "hornbeam/web.h"

namespace arena {

/// The pages and what they load, as they were when the program was built (cmake/EmbedFiles.cmake).
hornbeam::web::EmbeddedFiles embedded_templates();
hornbeam::web::EmbeddedFiles embedded_static();

}  // namespace arena
