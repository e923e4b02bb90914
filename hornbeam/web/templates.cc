#include "hornbeam/web/templates.h"

#include <filesystem>
#include <stdexcept>

#include "hornbeam/web/app.h"
#include "hornbeam/web/internal/page_functions.h"

namespace hornbeam::web {

namespace fs = std::filesystem;

struct Templates::State {
  std::string folder;
  EmbeddedFiles files;
  std::vector<templates::EmbeddedTemplate> embedded;
  TemplateOptions options;
  std::vector<std::function<void(templates::Environment&)>> setups;
  std::vector<std::function<PageValues(const Request&)>> contexts;
  std::optional<templates::Environment> environment;

  std::unique_ptr<templates::Loader> loader(bool is_debug) {
    if (!folder.empty()) {
      if (!fs::is_directory(folder)) {
        throw std::runtime_error("there is no folder of templates '" + folder +
                                 "'. Mend: start the program beside it, or build the templates in "
                                 "(hornbeam_embed_files)");
      }
      return templates::folder(folder);
    }
    for (const auto& [name, text] : files) embedded.push_back({name, text});
    auto built_in = templates::embedded(embedded);
    if (!is_debug || options.folder.empty() || !fs::is_directory(options.folder)) return built_in;
    std::vector<std::unique_ptr<templates::Loader>> both;
    both.push_back(templates::folder(options.folder));
    both.push_back(std::move(built_in));
    return templates::first_of(std::move(both));
  }

  void start(const Settings& settings) {
    templates::EnvironmentOptions engine = options.engine;
    engine.reload = engine.reload || settings.is_debug;
    engine.undefined = options.undefined.value_or(
        settings.is_debug ? templates::UndefinedMode::kStrict : templates::UndefinedMode::kDefault);
    environment.emplace(loader(settings.is_debug), std::move(engine));
    add_page_functions(*environment);
    for (const auto& each : setups) each(*environment);
  }

  const templates::Environment& started() const {
    if (!environment) {
      throw std::logic_error(
          "a page is rendered by Templates that no application uses. Mend: "
          "app.use(Templates(...)), "
          "and render with what it returns");
    }
    return *environment;
  }
};

Templates::Templates(std::string folder, TemplateOptions options)
    : state_(std::make_unique<State>()) {
  state_->folder = std::move(folder);
  state_->options = std::move(options);
}
Templates::Templates(EmbeddedFiles files, TemplateOptions options)
    : state_(std::make_unique<State>()) {
  state_->files = std::move(files);
  state_->options = std::move(options);
}
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;
Templates::~Templates() = default;

void Templates::init_app(App& app) {
  app.at_start([state = state_.get()](App& started) {
    state->start(started.settings());
    state->environment->check_all();
    check_urls(*state->environment, started.urls());
  });
}

std::string Templates::render_text(const Request& request, std::string_view name,
                                   const PageValues& values) const {
  const templates::Environment& environment = state_->started();
  templates::Values all = request_values(request);
  std::vector<PageValues> contexts;  // Keeps what the values refer to.
  for (const auto& each : state_->contexts) {
    contexts.push_back(each(request));
    const templates::Values& given = contexts.back().values();
    all.insert(all.end(), given.begin(), given.end());
  }
  all.insert(all.end(), values.values().begin(), values.values().end());
  return environment.render(name, all, &request);
}

Response Templates::render(const Request& request, std::string_view name, const PageValues& values,
                           int status) const {
  std::string text = render_text(request, name, values);
  return {status, media_type_of(name), std::move(text)};
}

void Templates::set_up(std::function<void(templates::Environment&)> setup) {
  state_->setups.push_back(std::move(setup));
}
void Templates::add_context(std::function<PageValues(const Request&)> make) {
  state_->contexts.push_back(std::move(make));
}

}  // namespace hornbeam::web
