#include "hornbeam/web/internal/page_functions.h"

#include <array>

#include "hornbeam/base/json_view.h"
#include "hornbeam/templates/from.h"
#include "hornbeam/web/csrf.h"
#include "hornbeam/web/flash.h"
#include "hornbeam/web/internal/page_objects.h"
#include "hornbeam/web/security_headers.h"
#include "hornbeam/web/url_for.h"

namespace hornbeam::web {

namespace {

using templates::Rendering;
using templates::Value;

const Request& request_of(const Rendering& rendering) {
  const auto* const subject = static_cast<const PageSubject*>(templates::subject_of(rendering));
  if (subject == nullptr) {
    templates::fail("this function needs a request, and the text is rendered without one");
  }
  return *subject->request;
}

/// What a template gives `url_for` for a parameter.
UrlValue url_value(const Value& value) {
  if (value.is_none()) return std::nullopt;
  if (!value.is_sequence()) return UrlValue(value.to_text());
  std::vector<std::string> texts;
  for (const Value& each : templates::elements_of(value)) texts.push_back(each.to_text());
  return UrlValue(texts);
}

Value url_for_in_page(Rendering& rendering, const templates::Arguments& arguments) {
  if (arguments.positional.size() > 1) {
    templates::fail("url_for takes the values of a route by name, as in url_for('show', id=7)");
  }
  const Value* const name = arguments.find(0, "endpoint");
  if (name == nullptr || !name->is_text()) {
    templates::fail("url_for needs the name of a route, as in url_for('users.show', id=7)");
  }
  UrlValues values;
  UrlOptions options;
  for (const auto& [key, value] : arguments.named) {
    if (key == "_external") {
      options.external = value.is_true();
    } else if (key != "endpoint") {
      values.add(key, url_value(value));
    }
  }
  try {
    return url_for(request_of(rendering), name->text(), values, options);
  } catch (const BuildError& error) {
    templates::fail(error.what());
  }
}

Value flashed_messages(Rendering& rendering, const templates::Arguments& arguments) {
  arguments.require_at_most(2, "get_flashed_messages");
  const Value* const with_categories = arguments.find(0, "with_categories");
  const Value* const filter = arguments.find(1, "category_filter");
  std::vector<std::string> categories;
  if (filter != nullptr) {
    for (const Value& each : templates::elements_of(*filter)) categories.push_back(each.to_text());
  }
  std::vector<Value> messages;
  for (FlashMessage& each : get_flashed_messages(request_of(rendering), categories)) {
    if (with_categories != nullptr && with_categories->is_true()) {
      messages.push_back(Value::tuple({Value(each.category), Value(each.text)}));
    } else {
      messages.emplace_back(std::move(each.text));
    }
  }
  return Value::list(std::move(messages));
}

}  // namespace

void add_page_functions(templates::Environment& environment) {
  const auto add = [&](const char* name, templates::Function::Body body) {
    environment.add_global(name, templates::function(name, std::move(body)));
  };
  add("url_for", url_for_in_page);
  add("get_flashed_messages", flashed_messages);
  add("csrf_token", [](Rendering& rendering, const templates::Arguments&) {
    return Value(csrf_token(request_of(rendering)));
  });
  add("csrf_field", [](Rendering& rendering, const templates::Arguments&) {
    return Value::safe(csrf_field(request_of(rendering)));
  });
  add("csp_nonce", [](Rendering& rendering, const templates::Arguments&) {
    return Value(csp_nonce(request_of(rendering)));
  });
}

templates::Values request_values(const PageSubject& subject) {
  return {{"request", Value::object(std::make_shared<RequestObject>(subject))},
          {"session", Value::object(std::make_shared<SessionObject>(subject))}};
}

void check_urls(const templates::Environment& environment, const UrlMap& urls) {
  for (const templates::FunctionCall& call : environment.calls_of("url_for")) {
    // A name that is computed, or begins at the current blueprint, is known when it runs.
    if (!call.first_text || call.first_text->starts_with('.')) continue;
    std::vector<std::string> names;
    for (const std::string& each : call.named) {
      if (!each.starts_with('_')) names.push_back(each);
    }
    std::optional<std::string> problem;
    if (!urls.contains(*call.first_text) || !call.has_more) {
      problem = urls.check(*call.first_text, names);
    }
    if (problem) {
      templates::TemplateError error(templates::TemplateError::Kind::kValue, *problem);
      error.locate(call.template_name, call.line, call.source);
      throw error;
    }
  }
}

}  // namespace hornbeam::web
