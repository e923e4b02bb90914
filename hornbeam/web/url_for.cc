#include "hornbeam/web/url_for.h"

#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

namespace {

bool is_true(const UrlValue& value) {
  return value.texts().size() == 1 && value.texts()[0] != "false" && value.texts()[0] != "0" &&
         !value.texts()[0].empty();
}

/// Takes Flask's special values out.
void take_special(UrlValues& values, UrlOptions& options) {
  UrlValues kept;
  for (const auto& [name, value] : values) {
    const std::string text = value.texts().empty() ? "" : value.texts()[0];
    if (name == "_anchor") {
      options.anchor = text;
    } else if (name == "_external") {
      options.external = is_true(value);
    } else if (name == "_scheme") {
      options.scheme = text;
    } else if (name == "_method") {
      options.method = http::method_from(text);
    } else {
      kept.add(name, value);
    }
  }
  values = std::move(kept);
}

std::string build_by_name(const UrlMap& urls, std::string_view name, UrlValues values,
                          UrlOptions options, const UrlContext& context) {
  take_special(values, options);
  for (const auto& [each, value] : options.values) values.add(each, value);
  return urls.build(name, values, options, context);
}

UrlContext context_of(const Settings& settings) {
  return {.scheme = settings.preferred_scheme, .host = settings.server_name};
}

}  // namespace

std::string url_for(const Request& request, std::string_view name, const UrlValues& values,
                    const UrlOptions& options) {
  const Dispatcher& dispatcher = *RequestAccess::dispatcher(request);
  return build_by_name(dispatcher.urls(), name, values, options, dispatcher.url_context(request));
}

std::string url_for(App& app, std::string_view name, const UrlValues& values,
                    const UrlOptions& options) {
  return build_by_name(app.urls(), name, values, options, context_of(app.settings()));
}

namespace url_for_detail {

std::string build(const Request& request, std::string_view name, std::span<const std::string> texts,
                  const UrlOptions& options) {
  const Dispatcher& dispatcher = *RequestAccess::dispatcher(request);
  return dispatcher.urls().build(name, texts, options, dispatcher.url_context(request));
}

std::string build(App& app, std::string_view name, std::span<const std::string> texts,
                  const UrlOptions& options) {
  return app.urls().build(name, texts, options, context_of(app.settings()));
}

std::string_view key_of(const Route& route) {
  if (route.key.empty()) {
    throw BuildError("could not build url for '" + route.pattern +
                     "', whose blueprint no application that serves has. Mend: mount it");
  }
  return route.key;
}

}  // namespace url_for_detail

}  // namespace hornbeam::web
