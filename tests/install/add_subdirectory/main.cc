// A program of somebody else's that carries Hornbeam along for its templates.
#include <cstdio>

#include "hornbeam/templates.h"

int main() {
  const hornbeam::templates::Environment environment;
  std::puts(environment.render_text("{{ name }} works", {{"name", "hornbeam"}}).c_str());
}
