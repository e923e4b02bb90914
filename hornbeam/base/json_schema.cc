#include "hornbeam/base/json_schema.h"

#include <algorithm>

#include "hornbeam/base/json_write.h"

namespace hornbeam::base {

Schema Schema::of_type(std::string_view type, std::string_view format) {
  Schema schema;
  schema.set_text("type", type);
  if (!format.empty()) schema.set_text("format", format);
  return schema;
}

Schema& Schema::set(std::string_view keyword, std::string json) {
  for (auto& [name, value] : keywords_) {
    if (name != keyword) continue;
    value = std::move(json);
    return *this;
  }
  keywords_.emplace_back(keyword, std::move(json));
  return *this;
}

Schema& Schema::set_text(std::string_view keyword, std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return set(keyword, std::move(json));
}

Schema& Schema::say(std::string_view sentence) {
  std::string quoted;
  append_json_string(quoted, sentence);
  if (const std::string* said = find("description")) {
    quoted = said->substr(0, said->size() - 1) + "; " + quoted.substr(1);
  }
  return set("description", std::move(quoted));
}

const std::string* Schema::find(std::string_view keyword) const noexcept {
  for (const auto& [name, value] : keywords_) {
    if (name == keyword) return &value;
  }
  return nullptr;
}

Schema Schema::or_null() && {
  const std::string* type = find("type");
  if (type == nullptr || type->front() != '"') {
    if (keywords_.empty()) return {};  // It takes anything.
    return schema_detail::any_of({std::move(*this), of_type("null")});
  }
  if (*type == "\"null\"") return std::move(*this);
  set("type", "[" + *type + ",\"null\"]");
  if (const std::string* choices = find("enum")) {
    set("enum", choices->substr(0, choices->size() - 1) + ",null]");
  }
  return std::move(*this);
}

std::string Schema::to_json() const {
  std::string out = "{";
  for (const auto& [keyword, value] : keywords_) {
    if (out.size() > 1) out += ',';
    append_json_string(out, keyword);
    out += ':' + value;
  }
  return out + '}';
}

void ObjectSchema::add(std::string_view name, const Schema& property, bool is_required) {
  properties_ += properties_.empty() ? '{' : ',';
  append_json_string(properties_, name);
  properties_ += ':' + property.to_json();
  if (!is_required) return;
  required_ += required_.empty() ? '[' : ',';
  append_json_string(required_, name);
}

void ObjectSchema::add_check(std::string_view message, std::string_view at) {
  schema_.say(at.empty() ? "Refused as a whole: " + std::string(message)
                         : "Refused at '" + std::string(at) + "': " + std::string(message));
}

Schema ObjectSchema::finish(bool refuses_others) && {
  schema_.set_text("type", "object");
  if (!properties_.empty()) schema_.set("properties", properties_ + '}');
  if (!required_.empty()) schema_.set("required", required_ + ']');
  if (refuses_others) schema_.set("additionalProperties", "false");
  return std::move(schema_);
}

SchemaBook::SchemaBook(std::string prefix) : prefix_(std::move(prefix)) {}
SchemaBook::~SchemaBook() = default;

Schema SchemaBook::finish(std::size_t index, Schema schema) {
  entries_[index].schema = std::move(schema);
  return reference(entries_[index]);
}

const SchemaBook::Entry* SchemaBook::find(const void* tag) const noexcept {
  for (const Entry& entry : entries_) {
    if (entry.tag == tag) return &entry;
  }
  return nullptr;
}

std::size_t SchemaBook::reserve(std::string_view type, const void* tag) {
  const auto is_taken = [this](std::string_view name) {
    return std::ranges::any_of(entries_, [name](const Entry& each) { return each.name == name; });
  };
  std::string name = schema_detail::short_name(type);
  if (is_taken(name)) name = schema_detail::long_name(type);
  const std::string base = name;
  for (int i = 2; is_taken(name); ++i) name = base + "-" + std::to_string(i);
  entries_.push_back({std::move(name), {}, tag});
  return entries_.size() - 1;
}

Schema SchemaBook::reference(const Entry& entry) const {
  Schema schema;
  schema.set_text("$ref", prefix_ + entry.name);
  return schema;
}

namespace schema_detail {

namespace {

bool is_name_character(char each) {
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
         (each >= '0' && each <= '9') || each == '_';
}

/// Where the name itself begins: after the last "::" that is not inside of <> or ().
std::size_t own_name_begin(std::string_view whole) {
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i] == '<' || whole[i] == '(') ++depth;
    if (whole[i] == '>' || whole[i] == ')') --depth;
    if (depth == 0 && whole[i] == ':') begin = i + 1;
  }
  return begin;
}

}  // namespace

std::string long_name(std::string_view whole) {
  std::string name;
  for (const char each : whole) {
    if (is_name_character(each)) {
      name += each;
    } else if (!name.empty() && name.back() != '.') {
      name += '.';
    }
  }
  while (name.ends_with('.')) name.pop_back();
  return name;
}

std::string short_name(std::string_view whole) {
  const std::string_view own = whole.substr(own_name_begin(whole));
  const std::size_t arguments = own.find('<');
  std::string name = long_name(own.substr(0, arguments));
  // Of a template, "Page<blog::Post>" is "Page.Post".
  for (std::size_t i = arguments; i < own.size();) {
    std::size_t end = i + 1;
    for (int depth = 0; end < own.size(); ++end) {
      if (depth == 0 && (own[end] == ',' || own[end] == '>')) break;
      depth += own[end] == '<' ? 1 : own[end] == '>' ? -1 : 0;
    }
    const std::string argument = short_name(own.substr(i + 1, end - i - 1));
    if (!argument.empty()) name += '.' + argument;
    i = end < own.size() && own[end] == ',' ? end : own.size();
  }
  return name;
}

Schema integer(int bits, bool is_signed) {
  const std::string width = std::to_string(bits);
  Schema schema = Schema::of_type("integer", (is_signed ? "int" : "uint") + width);
  if (!is_signed) schema.set("minimum", "0");
  if (bits >= 32) return schema;  // The format says it.
  const int values = 1 << bits;
  if (is_signed) schema.set("minimum", std::to_string(-values / 2));
  return schema.set("maximum", std::to_string((is_signed ? values / 2 : values) - 1));
}

Schema any_of(const std::vector<Schema>& choices) {
  std::string list = "[";
  for (const Schema& choice : choices) {
    if (list.size() > 1) list += ',';
    list += choice.to_json();
  }
  Schema schema;
  schema.set("anyOf", list + ']');
  return schema;
}

Schema list_of(const Schema& element) {
  return Schema::of_type("array").set("items", element.to_json());
}

Schema tuple_of(const Schema& element, std::size_t count) {
  const std::string size = std::to_string(count);
  return list_of(element).set("minItems", size).set("maxItems", size);
}

Schema map_of(const Schema& element) {
  return Schema::of_type("object").set("additionalProperties", element.to_json());
}

void add_pattern(Schema& schema, std::string_view expression) {
  // JSON Schema looks for the expression anywhere.
  schema.set_text("pattern", "^(?:" + std::string(expression) + ")$");
}

void add_format(Schema& schema, Format format) {
  switch (format) {
    case Format::kEmail:
      schema.set_text("format", "email");
      return;
    case Format::kUrl:
      schema.set_text("format", "uri");
      add_pattern(schema, "[Hh][Tt][Tt][Pp][Ss]?://.+");
      return;
    case Format::kUuid:
      schema.set_text("format", "uuid");
      return;
    case Format::kDate:
      schema.set_text("format", "date");
      return;
  }
}

void add_length(Schema& schema, const Length& length, std::string_view what) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  if (length.minimum > 0) schema.set("min" + std::string(what), std::to_string(length.minimum));
  if (length.maximum != kNone) {
    schema.set("max" + std::string(what), std::to_string(length.maximum));
  }
}

}  // namespace schema_detail

}  // namespace hornbeam::base
