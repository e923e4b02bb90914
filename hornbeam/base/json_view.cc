#include "hornbeam/base/json_view.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

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

/// Builds the value from the parser's events, as Boost.JSON's own parser does, but for numbers:
/// this version of it reads those of many digits with an error, and those past a double as
/// infinities.
class Handler {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  json::value release() { return stack_.release(); }
  /// The text of the number that no double holds; empty if there is none.
  std::string_view refused() const noexcept { return refused_; }

  void reset() { stack_.reset(); }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t count, json::error_code&) {
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    stack_.push_uint64(number);
    return true;
  }
  /// `text` is the whole number, for the whole document is parsed at once.
  bool on_double(double number, json::string_view text, json::error_code& failed) {
    double exact = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (error == std::errc()) number = exact;
    if (!std::isfinite(number)) {
      refused_ = {text.data(), text.size()};
      failed = json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(number);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  json::value_stack stack_;
  std::string_view refused_;
};

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
  json::basic_parser<Handler> parser(options);
  parser.handler().reset();
  json::error_code failed;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), failed);
  if (const std::string_view number = parser.handler().refused(); !number.empty()) {
    return std::unexpected(locate(text, static_cast<std::size_t>(number.data() - text.data()),
                                  "number too large: it or its exponent is past what a double "
                                  "holds, about 1.8e308; send it as a string instead"));
  }
  if (failed) {
    const bool at_end = failed == json::error::incomplete;
    return std::unexpected(locate(text, at_end ? text.size() : consumed, failed.message()));
  }
  const std::size_t rest = text.find_first_not_of(" \t\r\n", consumed);
  if (rest != std::string_view::npos) {
    return std::unexpected(locate(text, rest, "more text after the value"));
  }
  return JsonDocument(std::make_unique<State>(State{parser.handler().release()}));
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
