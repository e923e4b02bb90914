#include "hornbeam/web/templates.h"

#include <atomic>
#include <filesystem>
#include <stdexcept>

#include "hornbeam/web/app.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/page_functions.h"
#include "hornbeam/web/internal/piece_stream.h"
#include "hornbeam/web/internal/request_extras.h"

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
  std::shared_ptr<std::atomic<std::size_t>> streams = std::make_shared<std::atomic<std::size_t>>();

  /// What a page sees. `given` keeps what contexts refer to.
  templates::Values values(const PageSubject& subject, const templates::Values& own,
                           std::vector<PageValues>& given) const {
    templates::Values all = request_values(subject);
    for (const auto& each : contexts) {
      given.push_back(each(*subject.request));
      const templates::Values& more = given.back().values();
      all.insert(all.end(), more.begin(), more.end());
    }
    all.insert(all.end(), own.begin(), own.end());
    return all;
  }

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
  const PageSubject subject{&request};
  std::vector<PageValues> given;
  return environment.render(name, state_->values(subject, values.values(), given), &subject);
}

Response Templates::render(const Request& request, std::string_view name, const PageValues& values,
                           int status) const {
  std::string text = render_text(request, name, values);
  return {status, media_type_of(name), std::move(text)};
}

namespace {

/// Counts a stream for as long as it lives.
class StreamPlace {
 public:
  StreamPlace(std::shared_ptr<std::atomic<std::size_t>> count, std::size_t most)
      : count_(std::move(count)) {
    if (++*count_ <= most) return;
    --*count_;
    throw HttpError(503, "too many pages go out at the same time; try again later");
  }
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;
  ~StreamPlace() { --*count_; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> count_;
};

/// A page on its way, with all that it is rendered from.
struct StreamedPage {
  StreamedPage(const Request& request, std::shared_ptr<std::atomic<std::size_t>> count,
               std::size_t most)
      : place(std::move(count), most), subject{&request} {
    auto& slot = RequestAccess::extras(request).kept;
    if (slot == nullptr) slot = std::make_shared<KeptRequest>();
    kept = slot;
  }

  StreamPlace place;
  PageSubject subject;
  std::shared_ptr<KeptRequest> kept;
  StreamValues own;
  std::vector<PageValues> given;
  templates::Values values;
  std::optional<PieceStream> pieces;  // Last: its thread uses the rest.
};

base::Task<void> write_page(std::unique_ptr<StreamedPage> page, std::string first,
                            http::BodySink& sink) {
  if (!page->kept->request) {
    throw std::logic_error("a page goes out in a stream whose request is not there any more");
  }
  page->subject.request = &*page->kept->request;
  page->pieces->go_on();
  std::optional<std::string> piece = std::move(first);
  while (piece) {
    if (!co_await sink.write(std::move(*piece))) {
      co_await page->pieces->stop();
      co_return;
    }
    piece = co_await page->pieces->next();
  }
}

base::Task<Response> begin_page(std::unique_ptr<StreamedPage> page, std::string_view type,
                                int status) {
  std::optional<std::string> first = co_await page->pieces->next();
  if (!first) co_return Response(status, type, std::string());
  http::StreamBody body = [page = std::move(page),
                           first = std::move(*first)](http::BodySink& sink) mutable {
    return write_page(std::move(page), std::move(first), sink);
  };
  co_return Response(status, type, std::move(body));
}

}  // namespace

base::Task<Response> Templates::stream(const Request& request, std::string_view name,
                                       StreamValues values, int status) const {
  const templates::Environment& environment = state_->started();
  auto page =
      std::make_unique<StreamedPage>(request, state_->streams, state_->options.most_streams);
  page->own = std::move(values);
  page->values = state_->values(page->subject, page->own.values(), page->given);
  page->pieces.emplace([&environment, &from = *page, name = std::string(name)](const auto& put) {
    environment.render_to(name, from.values, put, &from.subject);
  });
  return begin_page(std::move(page), media_type_of(name), status);
}

void Templates::set_up(std::function<void(templates::Environment&)> setup) {
  state_->setups.push_back(std::move(setup));
}
void Templates::add_context(std::function<PageValues(const Request&)> make) {
  state_->contexts.push_back(std::move(make));
}

}  // namespace hornbeam::web
