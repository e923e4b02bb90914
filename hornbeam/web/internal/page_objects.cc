#include "hornbeam/web/internal/page_objects.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/http/token.h"
#include "hornbeam/templates/from_json.h"
#include "hornbeam/web/arguments.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

namespace {

using templates::Object;
using templates::Value;

/// Arguments as a mapping of first values.
Value mapping_of(const Arguments& arguments) {
  std::vector<std::pair<Value, Value>> members;
  for (const auto& [name, value] : arguments) {
    const bool known = std::ranges::any_of(
        members, [&](const auto& each) { return each.first.text() == std::string_view(name); });
    if (!known) members.emplace_back(Value(name), Value(value));
  }
  return Value::mapping(std::move(members));
}

/// What `x.get(key, default=None)` gives.
Value get(const Object& from, const templates::Arguments& arguments) {
  arguments.require_at_most(2, "get");
  const Value* const key = arguments.find(0, "key");
  if (key == nullptr) templates::fail("get needs a name");
  if (auto found = from.item(*key)) return std::move(*found);
  const Value* const fallback = arguments.find(1, "default");
  return fallback != nullptr ? *fallback : Value();
}

/// Fields or cookies, which are looked for by name.
template <class Find>
class Lookup final : public Object {
 public:
  Lookup(std::string_view type_name, Find find) : type_name_(type_name), find_(std::move(find)) {}

  std::optional<Value> attribute(std::string_view name) const override {
    const std::optional<std::string_view> found = find_(name);
    return found ? std::optional(Value(*found)) : std::nullopt;
  }
  std::optional<Value> item(const Value& key) const override {
    return key.is_text() ? attribute(key.text()) : std::nullopt;
  }
  bool has_method(std::string_view name) const override { return name == "get"; }
  std::optional<Value> method(std::string_view name, templates::Arguments& arguments) override {
    return name == "get" ? std::optional(get(*this, arguments)) : std::nullopt;
  }
  std::string_view type_name() const override { return type_name_; }

 private:
  std::string_view type_name_;
  Find find_;
};

template <class Find>
Value lookup(std::string_view type_name, Find find) {
  return Value::object(std::make_shared<Lookup<Find>>(type_name, std::move(find)));
}

/// A field's name as requests know it, from what a template calls it: `User_Agent`.
std::string field_name(std::string_view text) {
  std::string name = http::lower_case(text);
  std::ranges::replace(name, '_', '-');
  return name;
}

}  // namespace

std::optional<Value> RequestObject::attribute(std::string_view name) const {
  const Request& request = *subject_.request;
  if (name == "method") return Value(request.method_name());
  if (name == "path") return Value(request.path());
  if (name == "url") return Value(request.url());
  if (name == "host") return Value(request.host());
  if (name == "scheme") return Value(request.is_secure() ? "https" : "http");
  if (name == "is_secure") return Value(request.is_secure());
  if (name == "remote_addr") return Value(request.remote_address());
  if (name == "endpoint") {
    return request.endpoint().empty() ? Value() : Value(request.endpoint());
  }
  if (name == "blueprint") {
    return request.blueprint().empty() ? Value() : Value(request.blueprint());
  }
  if (name == "args") return mapping_of(request.query());
  if (name == "form") return mapping_of(request.form());
  if (name == "cookies") {
    return lookup("Cookies", [&subject = subject_](std::string_view key) {
      return subject.request->find_cookie(key);
    });
  }
  if (name == "headers") {
    return lookup("Headers", [&subject = subject_](std::string_view key) {
      return subject.request->find_header(field_name(key));
    });
  }
  if (name == "view_args") {
    return lookup("Parameters", [&subject = subject_](std::string_view key) {
      return subject.request->find_path_value(key);
    });
  }
  return std::nullopt;
}

std::string RequestObject::repr() const {
  return "<Request '" + subject_.request->url() + "' [" +
         std::string(subject_.request->method_name()) + "]>";
}

std::optional<Value> SessionObject::attribute(std::string_view name) const {
  const std::optional<std::string> json = subject_.request->session().find_json(name);
  if (!json) return std::nullopt;
  const auto document = base::JsonDocument::parse(*json);
  return document ? std::optional(templates::from_json(document->root())) : std::nullopt;
}
std::optional<Value> SessionObject::item(const Value& key) const {
  return key.is_text() ? attribute(key.text()) : std::nullopt;
}
std::optional<Value> SessionObject::method(std::string_view name, templates::Arguments& arguments) {
  return name == "get" ? std::optional(get(*this, arguments)) : std::nullopt;
}
bool SessionObject::is_true() const {
  return !subject_.request->session().empty();
}

}  // namespace hornbeam::web
