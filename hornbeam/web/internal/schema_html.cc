#include "hornbeam/web/internal/schema_html.h"

#include <optional>

#include "hornbeam/base/encoding.h"
#include "hornbeam/base/json_write.h"

namespace hornbeam::web {

namespace {

using base::JsonKind;
using base::JsonView;

std::string_view text_of(JsonView object, std::string_view name) {
  const std::optional<JsonView> found = object.find(name);
  return found ? found->find_string().value_or("") : std::string_view();
}

std::string code(std::string_view text) {
  return "<code>" + base::html_escape(text) + "</code>";
}

/// The value of a keyword as text; empty if it is not set.
std::string keyword(JsonView schema, std::string_view name) {
  const std::optional<JsonView> found = schema.find(name);
  return found ? found->text() : "";
}

void append_size(std::string& out, JsonView schema, std::string_view what, std::string_view unit) {
  const std::string least = keyword(schema, "min" + std::string(what));
  const std::string most = keyword(schema, "max" + std::string(what));
  if (least.empty() && most.empty()) return;
  out += ", ";
  if (!least.empty() && least == most) {
    out += "exactly " + least;
  } else if (least.empty()) {
    out += "at most " + most;
  } else if (most.empty()) {
    out += "at least " + least;
  } else {
    out += least + " to " + most;
  }
  out += " " + std::string(unit);
}

void append_rules(std::string& out, JsonView schema) {
  constexpr std::pair<std::string_view, std::string_view> kBounds[] = {
      {"minimum", "at least"},
      {"exclusiveMinimum", "higher than"},
      {"maximum", "at most"},
      {"exclusiveMaximum", "lower than"},
      {"multipleOf", "a multiple of"}};
  for (const auto& [name, words] : kBounds) {
    const std::string bound = keyword(schema, name);
    if (!bound.empty()) out += ", " + std::string(words) + " " + bound;
  }
  append_size(out, schema, "Length", "characters");
  append_size(out, schema, "Items", "elements");
  append_size(out, schema, "Properties", "members");
  if (const auto pattern = text_of(schema, "pattern"); !pattern.empty()) {
    out += ", like " + code(pattern);
  }
  if (const auto choices = schema.find("enum")) {
    out += ", one of ";
    for (std::size_t i = 0; i < choices->size(); ++i) {
      out += (i == 0 ? "" : ", ") + code(choices->element(i).text());
    }
  }
  if (const std::string value = keyword(schema, "default"); !value.empty()) {
    out += ", by default " + code(value);
  }
}

}  // namespace

std::string_view component_name(std::string_view reference) {
  return reference.substr(reference.rfind('/') + 1);
}

std::string SchemaPrinter::choices_words(JsonView choices) const {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    out += (i == 0 ? "" : " or ") + words(choices.element(i));
  }
  return out;
}

std::string SchemaPrinter::type_words(JsonView schema) const {
  if (const auto reference = text_of(schema, "$ref"); !reference.empty()) {
    const std::string name = base::html_escape(component_name(reference));
    return "<a href=\"#schema-" + name + "\">" + name + "</a>";
  }
  if (const auto choices = schema.find("anyOf")) return choices_words(*choices);
  const std::optional<JsonView> type = schema.find("type");
  if (!type) return "anything";
  std::string_view first = type->find_string().value_or("");
  if (type->kind() == JsonKind::kArray && type->size() > 0) {
    first = type->element(0).find_string().value_or("");
  }
  std::string out(first);
  if (first == "array") {
    const auto items = schema.find("items");
    out = "list of " + (items ? words(*items) : "anything");
  } else if (const auto others = schema.find("additionalProperties");
             first == "object" && others && others->kind() == JsonKind::kObject &&
             !schema.find("properties")) {
    out = "map of names to " + words(*others);
  }
  if (const auto format = text_of(schema, "format"); !format.empty()) {
    out += " (" + base::html_escape(format) + ")";
  }
  if (type->kind() == JsonKind::kArray) out += " or null";
  return out;
}

std::string SchemaPrinter::words(JsonView schema) const {
  std::string out = type_words(schema);
  append_rules(out, schema);
  return out;
}

std::string SchemaPrinter::table(JsonView schema) const {
  const std::optional<JsonView> properties = schema.find("properties");
  std::string out;
  if (const auto said = text_of(schema, "description"); !said.empty()) {
    out += "<p>" + base::html_escape(said) + "</p>\n";
  }
  if (!properties) return out + "<p>" + words(schema) + "</p>\n";
  const std::string required = keyword(schema, "required");
  out +=
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Fields\"><table>\n"
      "<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Value</th>"
      "<th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < properties->size(); ++i) {
    const auto [name, property] = properties->member(i);
    std::string quoted;
    base::append_json_string(quoted, name);
    const bool is_required = required.find(quoted) != std::string::npos;
    out += "<tr><th scope=\"row\">" + code(name) + (is_required ? " <small>required</small>" : "") +
           "</th><td>" + words(property) + "</td><td>" +
           base::html_escape(text_of(property, "description")) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string SchemaPrinter::example(JsonView schema) const {
  std::string out;
  append_example(out, schema, Level());
  return out;
}

namespace {

/// A text that a format, or its shape, says; the bounds of a length are kept.
std::string sample_text(JsonView schema) {
  constexpr std::pair<std::string_view, std::string_view> kSamples[] = {
      {"email", "ada@example.org"},
      {"uri", "https://example.org/"},
      {"uuid", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"},
      {"date", "2024-02-29"},
      {"date-time", "2024-02-29T12:00:00Z"}};
  const std::string_view format = text_of(schema, "format");
  for (const auto& [name, sample] : kSamples) {
    if (name == format) return std::string(sample);
  }
  std::string text = "text";
  const auto bound = [&schema](std::string_view name) {
    const auto found = schema.find(name);
    return found ? found->find_unsigned() : std::nullopt;
  };
  if (const auto most = bound("maxLength"); most && *most < text.size()) text.resize(*most);
  if (const auto least = bound("minLength"); least && *least > text.size() && *least < 100) {
    text.append(*least - text.size(), 't');
  }
  return text;
}

std::string sample_number(JsonView schema) {
  for (const char* name : {"minimum", "maximum"}) {
    if (std::string bound = keyword(schema, name); !bound.empty()) return bound;
  }
  if (const auto low = schema.find("exclusiveMinimum")) {
    const auto high = schema.find("exclusiveMaximum");
    const double from = low->find_number().value_or(0);
    const double to = high ? high->find_number().value_or(from + 2) : from + 2;
    return base::to_json(from + (to - from) / 2);
  }
  return "0";
}

}  // namespace

void SchemaPrinter::append_object(std::string& out, JsonView schema, const Level& level) const {
  const std::optional<JsonView> properties = schema.find("properties");
  if (!properties || properties->size() == 0) {
    out += "{}";
    return;
  }
  out += '{';
  const std::string indent(level.depth * 2 + 2, ' ');
  for (std::size_t i = 0; i < properties->size(); ++i) {
    const auto [name, property] = properties->member(i);
    out += (i == 0 ? "\n" : ",\n") + indent;
    base::append_json_string(out, name);
    out += ": ";
    append_example(out, property, {&level, {}, level.depth + 1});
  }
  out += '\n' + indent.substr(2) + '}';
}

bool SchemaPrinter::is_open(const Level& level, JsonView schema) {
  const std::string_view name = text_of(schema, "$ref");
  for (const Level* each = &level; each != nullptr && !name.empty(); each = each->outer) {
    if (each->reference == name) return true;
  }
  return false;
}

void SchemaPrinter::append_example(std::string& out, JsonView schema, const Level& level) const {
  if (const auto reference = text_of(schema, "$ref"); !reference.empty()) {
    const auto target = schemas_.find(component_name(reference));
    // What contains itself ends where it begins anew.
    if (target && !is_open(level, schema)) {
      return append_example(out, *target, {&level, reference, level.depth});
    }
    out += "{}";
    return;
  }
  if (const auto value = schema.find("default")) {
    out += value->text();
    return;
  }
  if (const auto choices = schema.find("enum"); choices && choices->size() > 0) {
    out += choices->element(0).text();
    return;
  }
  if (const auto choices = schema.find("anyOf"); choices && choices->size() > 0) {
    // Of "this or null", null where it would contain itself.
    const bool ends = is_open(level, choices->element(0)) && choices->size() > 1;
    return append_example(out, choices->element(ends ? 1 : 0), level);
  }
  const std::optional<JsonView> type = schema.find("type");
  const std::string_view name = !type ? "null"
                                : type->kind() == JsonKind::kArray
                                    ? type->element(0).find_string().value_or("")
                                    : type->find_string().value_or("");
  if (name == "object") {
    append_object(out, schema, level);
  } else if (name == "array") {
    const auto items = schema.find("items");
    out += '[';
    if (items && !is_open(level, *items)) append_example(out, *items, level);
    out += ']';
  } else if (name == "string") {
    base::append_json_string(out, sample_text(schema));
  } else if (name == "integer" || name == "number") {
    out += sample_number(schema);
  } else {
    out += name == "boolean" ? "false" : "null";
  }
}

}  // namespace hornbeam::web
