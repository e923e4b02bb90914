#include "hornbeam/base/json_view.h"

#include <algorithm>
#include <cmath>

#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace hornbeam::base {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 64;

const json::value kNull;

const json::value& at(const void* value) noexcept {
  return value == nullptr ? kNull : *static_cast<const json::value*>(value);
}

JsonSyntaxError locate(std::string_view text, std::size_t offset, std::string reason) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n');
  JsonSyntaxError error;
  error.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  error.column = 1 + before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1);
  error.reason = std::move(reason);
  return error;
}

/// Whether every number is finite. Boost.JSON reads one past a double as an infinity, and a zero
/// with such an exponent as NaN; JSON has neither, so what it then writes is no JSON.
bool is_finite(const json::value& value) {
  if (const double* number = value.if_double()) return std::isfinite(*number);
  if (const json::array* array = value.if_array()) {
    return std::all_of(array->begin(), array->end(), is_finite);
  }
  if (const json::object* object = value.if_object()) {
    return std::all_of(object->begin(), object->end(),
                       [](const json::key_value_pair& each) { return is_finite(each.value()); });
  }
  return true;
}

/// Where in well-formed JSON the first number stands that is not read as a finite one.
std::size_t find_infinite(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
    } else if (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')) {
      const std::string_view rest = text.substr(i);
      const std::string_view number = rest.substr(0, rest.find_first_not_of("+-.0123456789Ee"));
      json::error_code failed;
      const json::value value = json::parse({number.data(), number.size()}, failed);
      if (failed || !is_finite(value)) return i;
      i += number.size() - 1;
    }
  }
  return text.size();
}

}  // namespace

struct JsonDocument::State {
  json::value root;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

std::expected<JsonDocument, JsonSyntaxError> JsonDocument::parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::parser parser({}, options);
  json::error_code failed;
  const std::size_t consumed = parser.write_some(text.data(), text.size(), failed);
  if (failed) {
    const bool at_end = failed == json::error::incomplete;
    return std::unexpected(locate(text, at_end ? text.size() : consumed, failed.message()));
  }
  const std::size_t rest = text.find_first_not_of(" \t\r\n", consumed);
  if (rest != std::string_view::npos) {
    return std::unexpected(locate(text, rest, "more text after the value"));
  }
  auto state = std::make_unique<State>(State{parser.release()});
  if (!is_finite(state->root)) {
    return std::unexpected(locate(text, find_infinite(text),
                                  "number too large: it or its exponent is past what a double "
                                  "holds, about 1.8e308; send it as a string instead"));
  }
  return JsonDocument(std::move(state));
}

JsonView JsonDocument::root() const noexcept {
  return JsonView(&state_->root);
}

std::string JsonSyntaxError::message() const {
  return "malformed JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
         ": " + reason;
}

JsonKind JsonView::kind() const noexcept {
  switch (at(value_).kind()) {
    case json::kind::null:
      return JsonKind::kNull;
    case json::kind::bool_:
      return JsonKind::kBool;
    case json::kind::int64:
    case json::kind::uint64:
      return JsonKind::kInt;
    case json::kind::double_:
      return JsonKind::kFloat;
    case json::kind::string:
      return JsonKind::kString;
    case json::kind::array:
      return JsonKind::kArray;
    case json::kind::object:
      return JsonKind::kObject;
  }
  return JsonKind::kNull;
}

std::optional<bool> JsonView::find_bool() const noexcept {
  const bool* value = at(value_).if_bool();
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> JsonView::find_int() const noexcept {
  const std::int64_t* value = at(value_).if_int64();
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::uint64_t> JsonView::find_unsigned() const noexcept {
  if (const std::uint64_t* value = at(value_).if_uint64()) return *value;
  const std::int64_t* value = at(value_).if_int64();
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<double> JsonView::find_number() const noexcept {
  const json::value& value = at(value_);
  if (const double* number = value.if_double()) return *number;
  if (const std::int64_t* number = value.if_int64()) return static_cast<double>(*number);
  if (const std::uint64_t* number = value.if_uint64()) return static_cast<double>(*number);
  return std::nullopt;
}

std::optional<std::string_view> JsonView::find_string() const noexcept {
  const json::string* value = at(value_).if_string();
  if (value == nullptr) return std::nullopt;
  return std::string_view(value->data(), value->size());
}

std::size_t JsonView::size() const noexcept {
  if (const json::array* array = at(value_).if_array()) return array->size();
  if (const json::object* object = at(value_).if_object()) return object->size();
  return 0;
}

JsonView JsonView::element(std::size_t index) const noexcept {
  return JsonView(&at(value_).get_array()[index]);
}

std::pair<std::string_view, JsonView> JsonView::member(std::size_t index) const noexcept {
  const auto& member = *(at(value_).get_object().begin() + static_cast<std::ptrdiff_t>(index));
  return {std::string_view(member.key().data(), member.key().size()), JsonView(&member.value())};
}

std::optional<JsonView> JsonView::find(std::string_view name) const noexcept {
  const json::object* object = at(value_).if_object();
  if (object == nullptr) return std::nullopt;
  const json::value* found = object->if_contains(json::string_view(name.data(), name.size()));
  return found != nullptr ? std::optional(JsonView(found)) : std::nullopt;
}

std::string JsonView::text() const {
  return json::serialize(at(value_));
}

}  // namespace hornbeam::base
