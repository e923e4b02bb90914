#include "hornbeam/search/mapping/mapping.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hornbeam/base/json_write.h"
#include "hornbeam/search/json_text.h"

namespace hornbeam::search {
namespace {

struct Refusal {
  base::Error error;
};

[[noreturn]] void refuse(std::string message) {
  throw Refusal{{.code = "mapper_parsing_exception", .message = std::move(message)}};
}

bool flag(const std::string& path, std::string_view name, base::JsonView json) {
  if (const auto value = json.find_bool()) return *value;
  const auto text = json.find_string();
  if (text == "true") return true;
  if (text == "false") return false;
  refuse(
      fmt::format("Failed to parse value [{}] as only [true] or [false] are allowed for "
                  "parameter [{}] of field [{}]",
                  json.text(), name, path));
}

constexpr std::pair<std::string_view, Dynamic> kDynamic[] = {
    {"true", Dynamic::kTrue},
    {"false", Dynamic::kFalse},
    {"strict", Dynamic::kStrict},
    {"strict_allow_templates", Dynamic::kStrictAllowTemplates},
    {"false_allow_templates", Dynamic::kFalseAllowTemplates},
};

std::string scalar(base::JsonView json) {
  const auto text = json.find_string();
  return text ? std::string(*text) : json.text();
}

}  // namespace

std::string FieldMapping::normalized(std::string_view keyword) const {
  if (!normalizer) return std::string(keyword);
  std::string made;
  for (const std::string& term : normalizer->terms(keyword)) made += term;
  return made;
}

/// The type that another name stands for.
std::optional<FieldType> find_variant(std::string_view name) {
  if (name == "match_only_text") return FieldType::kText;
  if (name == "wildcard" || name == "constant_keyword" || name == kFlatObject)
    return FieldType::kKeyword;
  if (name == kNestedObject) return FieldType::kObject;
  return std::nullopt;
}

std::string_view type_name(const FieldMapping& field) {
  return field.declared.empty() ? name_of(field.type) : std::string_view(field.declared);
}

/// Reads the properties of a mapping into another one.
class MappingReader {
 public:
  explicit MappingReader(Mapping& mapping) : mapping_(mapping) {}

  void read_root(base::JsonView json) {
    if (json.kind() != base::JsonKind::kObject) refuse("a mapping is an object");
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      if (name == "dynamic") {
        read_dynamic(value);
      } else if (name == "properties") {
        read_properties("", value);
      } else if (name == "dynamic_templates") {
        base::Result<std::vector<DynamicTemplate>> templates = read_dynamic_templates(value);
        if (!templates) throw Refusal{templates.error()};
        mapping_.templates_ = std::move(*templates);
      } else if (name == "_source") {
        read_source(value);
      } else {
        refuse(fmt::format("Root mapping definition has unsupported parameters:  [{} : {}]", name,
                           value.text()));
      }
    }
  }

 private:
  void read_dynamic(base::JsonView value) {
    const std::string text = scalar(value);
    for (const auto& [name, dynamic] : kDynamic) {
      if (text != name) continue;
      mapping_.dynamic_ = dynamic;
      return;
    }
    refuse(fmt::format("Could not convert [dynamic] to boolean: [{}]", text));
  }

  void read_source(base::JsonView json) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      if (name == "enabled") {
        mapping_.has_source_ = flag("_source", name, value);
      } else if (name == "includes" || name == "excludes") {
        SourceFilter& filter = mapping_.source_filter_;
        (name == "includes" ? filter.includes : filter.excludes) =
            read_source_filter(value).value_or(SourceFilter()).includes;
      } else {
        refuse(fmt::format("unknown parameter [{}] on metadata field [_source]", name));
      }
    }
  }

  void read_properties(const std::string& parent, base::JsonView properties) {
    if (properties.kind() != base::JsonKind::kObject) {
      refuse("Expected map for property [properties]");
    }
    for (std::size_t i = 0; i < properties.size(); ++i) {
      const auto [name, value] = properties.member(i);
      const std::string path =
          parent.empty() ? std::string(name) : fmt::format("{}.{}", parent, name);
      if (path.starts_with('_')) {
        refuse(
            fmt::format("Field [{}] is a metadata field and cannot be added inside a document. "
                        "Use the index API request parameters.",
                        path));
      }
      if (name.empty()) {
        throw Refusal{{.code = "illegal_argument_exception",
                       .message = "field name cannot be an empty string"}};
      }
      add_objects_around(path);
      add(path, read_field(path, value));
      if (const auto inner = value.find("properties")) read_properties(path, *inner);
    }
  }

  /// A name with dots, such as "author.name", stands for a field inside of an object.
  void add_objects_around(const std::string& path) {
    for (std::size_t dot = path.find('.'); dot != std::string::npos;
         dot = path.find('.', dot + 1)) {
      mapping_.fields_.try_emplace(path.substr(0, dot));
    }
  }

  void add(const std::string& path, FieldMapping field) {
    const auto [found, is_new] = mapping_.fields_.try_emplace(path, field);
    if (is_new) return;
    if (found->second.type != field.type || found->second.declared != field.declared) {
      throw Refusal{{.code = "illegal_argument_exception",
                     .message = fmt::format("mapper [{}] cannot be changed from type [{}] to [{}]",
                                            path, type_name(found->second), type_name(field))}};
    }
    for (const auto& [name, other] : found->second.fields) field.fields.try_emplace(name, other);
    found->second = std::move(field);
  }

  FieldMapping read_field(const std::string& path, base::JsonView json) {
    if (json.kind() != base::JsonKind::kObject) {
      refuse(fmt::format("Expected map for property [fields] on field [{}]", path));
    }
    FieldMapping field;
    const auto type = json.find("type");
    if (!type && !json.find("properties")) {
      refuse(fmt::format("No type specified for field [{}]", path));
    }
    if (type) {
      std::string declared = scalar(*type);
      auto found = find_field_type(declared);
      if (!found) {
        found = find_variant(declared);
        field.declared = declared;
      }
      if (!found) {
        refuse(fmt::format("No handler for type [{}] declared on field [{}]", scalar(*type), path));
      }
      field.type = *found;
    }
    if (field.type == FieldType::kText) field.analyzer = mapping_.analyzers_->default_analyzer();
    if (field.type == FieldType::kBinary) field.has_column = false;
    if (field.type == FieldType::kCompletion) read_completion(field, json);
    if (field.type == FieldType::kTokenCount) {
      if (!json.find("analyzer")) {
        refuse(fmt::format("Analyzer must be set for field [{}] but wasn't.", path));
      }
      field.analyzer = mapping_.analyzers_->default_analyzer();
    }
    if (field.type == FieldType::kAlias && !json.find("path")) {
      refuse(fmt::format("The [path] property must be specified for field [{}].", path));
    }
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      if (!read_parameter(path, field, name, value)) {
        refuse(fmt::format("unknown parameter [{}] on mapper [{}] of type [{}]", name, path,
                           type_name(field)));
      }
    }
    return field;
  }

  void read_completion(FieldMapping& field, base::JsonView json) {
    CompletionSettings settings;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const auto [name, value] = json.member(i);
      const base::Result<bool> read = settings.read(name, value);
      if (!read) throw Refusal{read.error()};
    }
    field.completion = std::make_shared<const CompletionSettings>(std::move(settings));
    field.analyzer = mapping_.analyzers_->find("simple");
  }

  bool read_parameter(const std::string& path, FieldMapping& field, std::string_view name,
                      base::JsonView value) {
    if (field.type == FieldType::kCompletion &&
        (CompletionSettings().read(name, value).value_or(true) || name == "search_analyzer")) {
      return true;
    }
    const bool is_object = field.type == FieldType::kObject;
    if (name == "type" || (is_object && name == "properties")) return true;
    if (is_object)
      return keep(field, name, value,
                  {"dynamic", "enabled", "include_in_parent", "include_in_root"});
    if (field.type == FieldType::kAlias) {
      if (name != "path") return false;
      field.path = scalar(value);
      return true;
    }
    if (name == "index") {
      field.is_indexed = flag(path, name, value);
    } else if (name == "fielddata" && field.type == FieldType::kText) {
      field.has_fielddata = flag(path, name, value);
    } else if (name == "doc_values" && field.type != FieldType::kText) {
      field.has_column = flag(path, name, value);
    } else if (name == "analyzer" && field.analyzer) {
      field.analyzer = mapping_.analyzers_->find(scalar(value));
      if (!field.analyzer) {
        refuse(fmt::format("analyzer [{}] has not been configured in mappings", scalar(value)));
      }
    } else if (name == "ignore_above" && field.type == FieldType::kKeyword) {
      const auto limit = value.find_unsigned();
      if (!limit) refuse(fmt::format("[ignore_above] of field [{}] must be a number", path));
      field.ignore_above = *limit;
    } else if (name == "ignore_malformed" && field.type != FieldType::kText &&
               field.type != FieldType::kKeyword) {
      field.ignores_malformed = flag(path, name, value);
    } else if (name == "enable_position_increments" && field.type == FieldType::kTokenCount) {
      field.counts_gaps = flag(path, name, value);
    } else if (name == "format" && (is_date(field.type) || field.type == FieldType::kDateRange)) {
      field.format = scalar(value);
    } else if (name == "scaling_factor" && field.type == FieldType::kScaledFloat) {
      field.scaling_factor = value.find_number().value_or(1);
    } else if (name == "null_value" && field.type != FieldType::kText) {
      read_null_value(path, field, value);
    } else if (name == "search_analyzer" && field.analyzer) {
      field.search_analyzer = mapping_.analyzers_->find(scalar(value));
      if (!field.search_analyzer) {
        refuse(fmt::format("analyzer [{}] has not been configured in mappings", scalar(value)));
      }
      return keep(field, name, value, {"search_analyzer"});
    } else if (name == "normalizer" && field.type == FieldType::kKeyword && !value.is_null()) {
      field.normalizer = mapping_.analyzers_->find_normalizer(scalar(value));
      if (!field.normalizer) {
        refuse(fmt::format("normalizer [{}] not found for field [{}]", scalar(value), path));
      }
      return keep(field, name, value, {"normalizer"});
    } else if (name == "copy_to") {
      if (value.kind() != base::JsonKind::kArray) field.copy_to.push_back(scalar(value));
      for (std::size_t i = 0; value.kind() == base::JsonKind::kArray && i < value.size(); ++i) {
        field.copy_to.push_back(scalar(value.element(i)));
      }
    } else if (name == "fields") {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const auto [other, inner] = value.member(i);
        field.fields[std::string(other)] = read_field(fmt::format("{}.{}", path, other), inner);
      }
    } else {
      return keep(field, name, value,
                  {"store",
                   "norms",
                   "index_options",
                   "similarity",
                   "term_vector",
                   "boost",
                   "eager_global_ordinals",
                   "index_phrases",
                   "index_prefixes",
                   "search_analyzer",
                   "search_quote_analyzer",
                   "normalizer",
                   "meta",
                   "coerce",
                   "fielddata",
                   "format",
                   "position_increment_gap",
                   "locale",
                   "ignore_z_value",
                   "skip_list",
                   "split_queries_on_whitespace",
                   "fielddata_frequency_filter",
                   "depth_limit"});
    }
    return true;
  }

  /// Keeps a parameter as it is, if it is one of those.
  static bool keep(FieldMapping& field, std::string_view name, base::JsonView value,
                   std::initializer_list<std::string_view> known) {
    if (std::ranges::find(known, name) == known.end()) return false;
    field.others.insert_or_assign(std::string(name), value.text());
    return true;
  }

  void read_null_value(const std::string& path, FieldMapping& field, base::JsonView value) {
    field.null_value = scalar(value);
    if (is_number(field.type) && !parse_number(field.type, *field.null_value)) {
      refuse(fmt::format("[null_value] of field [{}] is no {}: [{}]", path, name_of(field.type),
                         *field.null_value));
    }
  }

  Mapping& mapping_;
};

Mapping::Mapping(std::shared_ptr<const AnalyzerRegistry> analyzers)
    : analyzers_(std::move(analyzers)) {}

base::Result<void> Mapping::add(base::JsonView json) {
  Mapping extended = *this;
  try {
    MappingReader(extended).read_root(json);
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  *this = std::move(extended);
  return {};
}

const FieldMapping* Mapping::find(std::string_view path) const noexcept {
  const auto found = fields_.find(path);
  if (found != fields_.end()) return &found->second;
  std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto parent = fields_.find(path.substr(0, dot));
  if (parent == fields_.end() || parent->second.declared == kFlatObject) {
    for (; dot != std::string_view::npos; dot = path.substr(0, dot).rfind('.')) {
      const auto flat = fields_.find(path.substr(0, dot));
      if (flat == fields_.end()) continue;
      return flat->second.declared == kFlatObject ? &flat->second : nullptr;
    }
    return nullptr;
  }
  const auto other = parent->second.fields.find(path.substr(dot + 1));
  return other == parent->second.fields.end() ? nullptr : &other->second;
}

bool Mapping::is_nested(std::string_view path) const noexcept {
  const auto found = fields_.find(path);
  return found != fields_.end() && found->second.declared == kNestedObject;
}

std::string_view Mapping::nested_around(std::string_view path) const noexcept {
  for (std::size_t dot = path.rfind('.'); dot != std::string_view::npos; dot = path.rfind('.')) {
    path = path.substr(0, dot);
    if (is_nested(path)) return path;
  }
  return {};
}

std::string Mapping::kept_source(base::JsonView source) const {
  if (has_source_ && source_filter_.takes_all()) return source.text();
  SourceFilter stored;
  for (const auto& [path, field] : fields_) {
    const auto store = field.others.find("store");
    if (store != field.others.end() && store->second.contains("true")) {
      stored.includes.push_back(path);
    }
  }
  if (!has_source_) return stored.includes.empty() ? "{}" : filter_source(source, stored);
  return stored.includes.empty() ? filter_source(source, source_filter_) : source.text();
}

std::string_view Mapping::target(std::string_view path) const noexcept {
  const auto found = fields_.find(path);
  const bool is_alias = found != fields_.end() && found->second.type == FieldType::kAlias;
  return is_alias ? std::string_view(found->second.path) : path;
}

namespace {

void write_member(std::string& out, std::string_view name, std::string_view json) {
  if (!out.ends_with('{')) out += ',';
  base::append_json_string(out, name);
  out += ':';
  out += json;
}

std::string write_field(const FieldMapping& field, std::string_view properties) {
  std::string out = "{";
  if (field.type != FieldType::kObject || !field.declared.empty()) {
    write_member(out, "type", json_text(type_name(field)));
  }
  const bool is_plain_object = field.type == FieldType::kObject && field.declared.empty();
  if (!properties.empty() || is_plain_object) {
    write_member(out, "properties", "{" + std::string(properties) + "}");
  }
  const bool is_usual =
      field.analyzer && field.type != FieldType::kTokenCount &&
      (field.analyzer->name() == "standard" || field.analyzer->name() == "default");
  if (field.analyzer && !is_usual) {
    write_member(out, "analyzer", json_text(field.analyzer->name()));
  }
  if (field.completion) {
    if (field.analyzer->name() == "standard") write_member(out, "analyzer", "\"standard\"");
    out += "," + field.completion->json();
  }
  if (!field.is_indexed) write_member(out, "index", "false");
  if (field.has_column != (field.type != FieldType::kBinary)) {
    write_member(out, "doc_values", field.has_column ? "true" : "false");
  }
  if (field.has_fielddata) write_member(out, "fielddata", "true");
  if (field.ignore_above) write_member(out, "ignore_above", std::to_string(*field.ignore_above));
  if (field.null_value) write_member(out, "null_value", json_text(*field.null_value));
  if (field.ignores_malformed) write_member(out, "ignore_malformed", "true");
  if (!field.format.empty()) write_member(out, "format", json_text(field.format));
  if (!field.path.empty()) write_member(out, "path", json_text(field.path));
  if (!field.counts_gaps) write_member(out, "enable_position_increments", "false");
  if (field.type == FieldType::kScaledFloat) {
    std::string factor;
    base::append_json_number(factor, field.scaling_factor);
    write_member(out, "scaling_factor", factor);
  }
  for (const auto& [name, value] : field.others) write_member(out, name, value);
  std::string copies;
  for (const std::string& target : field.copy_to) {
    copies += (copies.empty() ? "" : ",") + json_text(target);
  }
  if (!copies.empty()) write_member(out, "copy_to", "[" + copies + "]");
  std::string fields = "{";
  for (const auto& [name, other] : field.fields) write_member(fields, name, write_field(other, ""));
  if (!field.fields.empty()) write_member(out, "fields", fields + "}");
  return out + "}";
}

/// The members of the object at `prefix`, which is empty or ends with a dot.
std::string write_properties(const std::map<std::string, FieldMapping, std::less<>>& fields,
                             const std::string& prefix) {
  std::string out = "{";
  for (auto at = fields.lower_bound(prefix); at != fields.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    const std::string name = at->first.substr(prefix.size());
    if (name.contains('.')) continue;
    write_member(out, name, write_field(at->second, write_properties(fields, at->first + ".")));
  }
  return out.substr(1);
}

}  // namespace

std::string Mapping::json() const {
  std::string out = "{";
  for (const auto& [name, dynamic] : kDynamic) {
    if (dynamic == dynamic_ && dynamic != Dynamic::kTrue) {
      write_member(out, "dynamic", json_text(name));
    }
  }
  std::string templates;
  for (const DynamicTemplate& one : templates_)
    templates += (templates.empty() ? "" : ",") + one.json;
  if (!templates.empty()) write_member(out, "dynamic_templates", "[" + templates + "]");
  std::string source = "{";
  if (!has_source_) write_member(source, "enabled", "false");
  const auto add_patterns = [&source](std::string_view name, const auto& patterns) {
    std::string list;
    for (const std::string& one : patterns) list += (list.empty() ? "" : ",") + json_text(one);
    if (!list.empty()) write_member(source, name, "[" + list + "]");
  };
  add_patterns("includes", source_filter_.includes);
  add_patterns("excludes", source_filter_.excludes);
  if (source != "{") write_member(out, "_source", source + "}");
  if (!fields_.empty()) write_member(out, "properties", "{" + write_properties(fields_, "") + "}");
  return out + "}";
}

}  // namespace hornbeam::search
