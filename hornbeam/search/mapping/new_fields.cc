#include "hornbeam/search/mapping/new_fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/json_text.h"

namespace hornbeam::search {
namespace {

/// How many fields a mapping may grow to by itself; one that says more may have more.
constexpr std::size_t kMostFields = 1'000;

/// A year alone is no date yet.
bool is_date_text(const std::string& text) {
  return text.size() > 4 && parse_date(text);
}

/// What dynamic templates call the type of a value.
std::string_view dynamic_type(base::JsonView value) {
  switch (value.kind()) {
    case base::JsonKind::kBool:
      return "boolean";
    case base::JsonKind::kInt:
      return "long";
    case base::JsonKind::kFloat:
      return "double";
    case base::JsonKind::kString:
      return is_date_text(scalar_text(value)) ? "date" : "string";
    default:
      return "object";
  }
}

}  // namespace

std::string scalar_text(base::JsonView value) {
  const std::optional<std::string_view> text = value.find_string();
  return text ? std::string(*text) : value.text();
}

void NewFields::refuse(std::string code, std::string message) {
  throw Refusal{{.code = std::move(code), .message = std::move(message)}};
}

/// Refuses a new field, or says that it is not added, as the mapping wants it.
bool NewFields::may_add(const std::string& path) const {
  const Dynamic dynamic = mapping_->dynamic_;
  if (dynamic == Dynamic::kTrue) return true;
  if (dynamic == Dynamic::kFalse || dynamic == Dynamic::kFalseAllowTemplates) return false;
  const std::size_t dot = path.rfind('.');
  refuse("strict_dynamic_mapping_exception",
         fmt::format("mapping set to {}, dynamic introduction of [{}] within [{}] is not allowed",
                     dynamic == Dynamic::kStrict ? "strict" : "strict_allow_templates",
                     dot == std::string::npos ? path : path.substr(dot + 1),
                     dot == std::string::npos ? "_doc" : path.substr(0, dot)));
}

Mapping& NewFields::extend() {
  if (mapping_->fields_.size() >= kMostFields) {
    refuse("illegal_argument_exception",
           fmt::format("Limit of total fields [{}] has been exceeded", kMostFields));
  }
  if (!extended_) {
    extended_ = std::make_shared<Mapping>(*mapping_);
    mapping_ = extended_.get();
  }
  return *extended_;
}

/// Null if no template is for the field.
const FieldMapping* NewFields::add_by_template(const std::string& path, std::string_view type) {
  const Dynamic dynamic = mapping_->dynamic_;
  if (dynamic == Dynamic::kStrict || dynamic == Dynamic::kFalse) return nullptr;
  const auto found = std::ranges::find_if(
      mapping_->templates_, [&](const DynamicTemplate& one) { return one.matches(path, type); });
  if (found == mapping_->templates_.end()) return nullptr;
  const auto json = base::JsonDocument::parse(
      fmt::format(R"({{"properties":{{{}:{}}}}})", json_text(path), found->mapping_of(path, type)));
  if (!json) refuse("mapper_parsing_exception", json.error().message());
  if (const base::Result<void> added = extend().add(json->root()); !added) {
    refuse("mapper_parsing_exception", added.error().message);
  }
  return mapping_->find(path);
}

const FieldMapping* NewFields::add(const std::string& path, FieldMapping field) {
  if (!may_add(path)) return nullptr;
  extend();
  // A dotted name stands for objects.
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const auto parent = extended_->fields_.try_emplace(path.substr(0, dot)).first;
    if (parent->second.type != FieldType::kObject) {
      refuse("mapper_parsing_exception",
             fmt::format("Could not dynamically add mapping for field [{}]. Existing mapping for "
                         "[{}] must be of type object but found [{}].",
                         path, parent->first, name_of(parent->second.type)));
    }
  }
  return &extended_->fields_.insert_or_assign(path, std::move(field)).first->second;
}

const FieldMapping* NewFields::add_text(const std::string& path) {
  FieldMapping text{.type = FieldType::kText, .analyzer = mapping_->analyzers_->default_analyzer()};
  text.fields["keyword"] = {.type = FieldType::kKeyword, .ignore_above = 256};
  return add(path, std::move(text));
}

const FieldMapping* NewFields::guess(const std::string& path, base::JsonView value) {
  if (!mapping_->templates_.empty()) {
    if (const FieldMapping* const made = add_by_template(path, dynamic_type(value))) return made;
  }
  switch (value.kind()) {
    case base::JsonKind::kBool:
      return add(path, {.type = FieldType::kBoolean});
    case base::JsonKind::kInt:
      return add(path, {.type = FieldType::kLong});
    case base::JsonKind::kFloat:
      return add(path, {.type = FieldType::kFloat});
    case base::JsonKind::kObject:
      return add(path, {.type = FieldType::kObject});
    case base::JsonKind::kString:
      return is_date_text(scalar_text(value)) ? add(path, {.type = FieldType::kDate})
                                              : add_text(path);
    case base::JsonKind::kNull:
    case base::JsonKind::kArray:
      break;
  }
  return nullptr;
}

}  // namespace hornbeam::search
