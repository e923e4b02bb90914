// The mistake that the guide makes on purpose: it must be refused, in these words.
// expect-error: the handler has more plain parameters than the path has \{names\}
// expect-error: Mend: add a \{name\} for each, in order, or take the parameter from elsewhere
#include <cstdint>
#include <string>

#include "hornbeam/web.h"

void add_routes(hornbeam::web::App& app) {
#ifdef MENDED
  app.get("/beds/{bed}/plants/{name}",
          [](std::int64_t bed, std::string name) { return fmt::format("{}, bed {}", name, bed); });
#else
  // [mistake]
  app.get("/beds/{bed}/plants",
          [](std::int64_t bed, std::string name) { return fmt::format("{}, bed {}", name, bed); });
  // [/mistake]
#endif
}
