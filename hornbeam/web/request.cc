#include "hornbeam/web/request.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/multipart_form.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

void Request::DeleteExtras::operator()(RequestExtras* extras) const noexcept {
  delete extras;
}

RequestExtras& Request::extras() const {
  if (extras_ == nullptr) extras_.reset(new RequestExtras());
  return *extras_;
}

std::string Request::url() const {
  return (is_secure() ? "https://" : "http://") + std::string(host()) + std::string(url_prefix()) +
         std::string(raw_->target());
}

std::optional<std::string_view> Request::find_cookie(std::string_view name) const {
  for (const http::FieldView& field : raw_->fields()) {
    if (field.name != "cookie") continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      std::string_view value = pair.substr(equals + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      return value;
    }
  }
  return std::nullopt;
}

const Arguments& Request::query() const {
  std::optional<Arguments>& query = extras().query;
  if (!query) query = Arguments::parse(raw_->query());
  return *query;
}

const Arguments& Request::form() const {
  std::optional<Arguments>& form = extras().form;
  if (form) return *form;
  const std::string type = content_type();
  if (type == "multipart/form-data") return multipart_form(*this).fields;
  const bool is_form = type == "application/x-www-form-urlencoded";
  form = is_form ? Arguments::parse(body()) : Arguments();
  return *form;
}

std::string Request::content_type() const {
  const std::string_view field = find_header("content-type").value_or("");
  std::string_view type = field.substr(0, field.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  std::string lower(type);
  for (char& each : lower) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return lower;
}

Session& Request::session() const {
  std::optional<Session>& session = extras().session;
  if (!session) session = dispatcher_ != nullptr ? dispatcher_->open_session(*this) : Session();
  return *session;
}

void* Request::slot(TypeKey key, std::shared_ptr<void> (*make)()) const {
  for (const RequestExtras::Slot& each : extras().slots) {
    if (each.key == key) return each.value.get();
  }
  return extras().slots.emplace_back(key, make()).value.get();
}

void* Request::find_provided(TypeKey key) const {
  for (const RequestExtras::Slot& each : extras().slots) {
    if (each.key == key) return each.value.get();
  }
  throw std::logic_error("a value was asked for that nothing provides. Mend: app.provide<...>()");
}

void Request::after_this_request(std::move_only_function<void(Response&)> change) const {
  extras().after.push_back(std::move(change));
}

void Request::after_response(std::string name, base::Task<void> task) const {
  extras().tasks.emplace_back(std::move(name), std::move(task));
}

std::optional<std::string_view> Request::find_path_value(std::string_view name) const noexcept {
  if (route_ == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < route_->names.size(); ++i) {
    if (route_->names[i] == name) return path_segment(i);
  }
  return std::nullopt;
}

std::string_view Request::require_path_value(std::string_view name) const {
  if (const auto value = find_path_value(name)) return *value;
  throw std::logic_error("the path of this route has no {" + std::string(name) +
                         "}, which a hook or a provider takes. Mend: take it only below a "
                         "blueprint whose prefix has it");
}

std::string_view Request::endpoint() const noexcept {
  return route_ == nullptr || route_->route->name.empty() ? std::string_view() : route_->route->key;
}

std::string_view Request::blueprint() const noexcept {
  return route_ == nullptr ? std::string_view() : std::string_view(route_->blueprint);
}

std::string_view Request::route_path() const noexcept {
  return route_ == nullptr ? std::string_view() : std::string_view(route_->pattern);
}

}  // namespace hornbeam::web
