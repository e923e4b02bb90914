#pragma once

// Templates: pages rendered in the context of a request, as Flask's render_template.
//
//   auto& pages = app.use(web::Templates("templates"));
//   app.get("/users/{id}", [&pages](const Request& request, std::int64_t id) {
//     const User user = ...;
//     return pages.render(request, "user.html", {{"user", user}, {"title", "A user"}});
//   });
//
// Besides what it is given, a page sees
//
//   request                    its path, method, host, url, endpoint, blueprint, query, form,
//   cookies session                    what the session holds url_for(name, **values)    see
//   web/url_for.h; `_anchor`, `_external`, `_scheme`, `_method`
//   get_flashed_messages(with_categories=false, category_filter=[])
//   csrf_token(), csrf_field(), csp_nonce()
//
// and what `add_context` adds. Flask's `config` is left out: whoever may write templates need not
// know the secret key.
//
// `render` makes the whole page; `stream` sends a large one piece by piece while it is rendered.
//
// When the application begins to serve, every template is read, and each `url_for` whose first
// argument is written out is checked against the routes: a slip keeps the program from starting,
// not from rendering. With `debug` on, a page that uses what it was not given is an error, and
// templates of a folder are read anew when they change.

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/from.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/respond.h"
#include "hornbeam/web/static_files.h"

namespace hornbeam::web {

class App;

/// Values under the names that a template has for them. `Entry` takes a name and a C++ value, and
/// says what of it is kept here.
template <class Entry>
class NamedValues {
 public:
  NamedValues() = default;
  /// Such as {{"post", post}, {"title", "New"}}.
  NamedValues(std::initializer_list<Entry> entries) {
    for (const Entry& each : entries) add(each);
  }
  /// Adds a value.
  void add(Entry entry) {
    values_.emplace_back(std::move(entry.name), std::move(entry.value));
    if (entry.kept) kept_.push_back(std::move(entry.kept));
  }

  /// For the engine.
  const templates::Values& values() const noexcept { return values_; }

 private:
  templates::Values values_;
  std::vector<std::shared_ptr<void>> kept_;
};

/// One of `PageValues`.
struct PageValue {
  /// Refers to `given` unless it is a temporary.
  template <class Given>
  PageValue(std::string_view as, Given&& given) : name(as) {  // NOLINT: meant to convert
    using Kind = std::remove_cvref_t<Given>;
    if constexpr (std::is_lvalue_reference_v<Given> || std::is_arithmetic_v<Kind> ||
                  std::is_same_v<Kind, templates::Value> || std::is_pointer_v<Kind>) {
      value = templates::from(given);
    } else {
      auto owned = std::make_shared<Kind>(std::forward<Given>(given));
      value = templates::from(*owned);
      kept = std::move(owned);
    }
  }

  std::string name;            ///< As the template has it.
  templates::Value value;      ///< As the template sees it.
  std::shared_ptr<void> kept;  ///< What `value` refers to, if it is kept here.
};

/// One of `StreamValues`.
struct StreamValue {
  /// Keeps `given`: a text, a described struct or a list of them, or a value of the engine's own.
  template <class Given>
  StreamValue(std::string_view as, Given given) : name(as) {  // NOLINT: meant to convert
    if constexpr (std::is_same_v<Given, templates::Value>) {
      value = std::move(given);
    } else if constexpr (std::is_convertible_v<Given, std::string_view>) {
      value = templates::Value(std::string(std::string_view(given)));
    } else {
      kept = std::make_shared<Given>(std::move(given));
      value = templates::from(*static_cast<const Given*>(kept.get()));
    }
  }

  std::string name;            ///< As the template has it.
  templates::Value value;      ///< As the template sees it.
  std::shared_ptr<void> kept;  ///< What `value` refers to.
};

/// What a page is given: names, and C++ values as `templates::from` shows them. A variable is seen
/// by reference, so it must live until the page is rendered; a temporary is kept here.
class PageValues : public NamedValues<PageValue> {
  using NamedValues::NamedValues;
};

/// What a page that goes out in a stream is given. It is rendered after its handler has returned,
/// so that every value is kept here, copied or moved in: `{"rows", std::move(rows)}`.
class StreamValues : public NamedValues<StreamValue> {
  using NamedValues::NamedValues;
};

/// How an application's templates behave.
struct TemplateOptions {
  /// How names that are not there behave; nothing: errors with `debug` on, empty otherwise.
  std::optional<templates::UndefinedMode> undefined;
  /// Where to look, with `debug` on, before the files built into the program, so that pages change
  /// without a build. Relative to the working folder; not used if there is none.
  std::string folder;
  /// What a rendering may take; the rest of the engine's options.
  templates::EnvironmentOptions engine;
  /// How many pages may go out in streams at the same time, each of which has a thread: past it,
  /// requests are answered 503.
  std::size_t most_streams = 64;
};

/// An extension that renders Jinja's templates, with `url_for`, `csrf_field` and the like known to
/// them.
class Templates {
 public:
  /// Templates of a folder.
  explicit Templates(std::string folder, TemplateOptions options = {});
  /// Templates built into the program (hornbeam_embed_files in CMake).
  explicit Templates(EmbeddedFiles files, TemplateOptions options = {});
  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  ~Templates();

  /// Begins to serve `app`. `App::use` calls it. A Templates serves one application.
  void init_app(App& app);

  /// A page. `Content-Type` is what the template's name says, text/html for .html.
  /// Throws templates::TemplateError, which names template and line.
  Response render(const Request& request, std::string_view name, const PageValues& values = {},
                  int status = 200) const;
  /// The same as text, for a part of a page or a mail.
  std::string render_text(const Request& request, std::string_view name,
                          const PageValues& values = {}) const;

  /// A page that goes out while it is rendered, as Flask's stream_template, for pages too large to
  /// be held: two pieces of 16 KiB at most wait for the client, and the rendering waits with them.
  ///
  ///   app.get("/log", [&pages](const Request& request) -> Task<Response> {
  ///     co_return co_await pages.stream(request, "log.html", {{"entries", read_log()}});
  ///   });
  ///
  /// The response is there with the first piece: what goes wrong before is thrown, and what the
  /// page does to the session until then counts. Later the head is out: an error is logged and the
  /// response cut off. Throws HttpError (503) past TemplateOptions::most_streams.
  /// Lifetime: `request` until the response is there. Functions that the page calls run on a thread
  /// of the stream's own.
  base::Task<Response> stream(const Request& request, std::string_view name,
                              StreamValues values = {}, int status = 200) const;

  /// Adds what `setup` adds to the engine: filters, tests, globals. Before the application serves.
  void set_up(std::function<void(templates::Environment&)> setup);
  /// What every page sees too: called for each rendering, before the page's own values, which win.
  void add_context(std::function<PageValues(const Request&)> make);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hornbeam::web
