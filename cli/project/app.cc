#include "app.h"

#include <string>

namespace templates = hornbeam::templates;
namespace web = hornbeam::web;

namespace {

/// What /api/greetings/{name} answers.
struct Greeting {
  std::string greeting;
  std::string name;
};
constexpr auto describe(hornbeam::Type<Greeting>) {
  return hornbeam::fields(hornbeam::field("greeting", &Greeting::greeting),
                          hornbeam::field("name", &Greeting::name));
}

}  // namespace

// Each key that is asked for here may stand in @name@.toml, in .env, in the environment
// (@prefix@_GREETING) or on the command line (--set greeting=...). Any other is refused.
Application::Application(const web::Config& config)
    : pages(templates::folder(config.value("folder", ".") + "/templates"),
            {.reload = config.value("debug", false)}) {
  const std::string greeting = config.value("greeting", "Hello");
  app.get("/",
          [this, greeting] {
            return web::html(
                pages.render("index.html", {{"greeting", greeting}, {"name", "world"}}));
          })
      .name("index");
  app.get("/api/greetings/{name}",
          [greeting](std::string name) { return Greeting{greeting, name}; })
      .name("greeting");
  app.static_files("/static", config.value("folder", ".") + "/static");
}
