#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "hornbeam/search/mapping/date_math.h"
#include "hornbeam/search/mapping/mapping.h"
#include "hornbeam/search/mapping/meta_fields.h"
#include "hornbeam/search/mapping/new_fields.h"
#include "hornbeam/search/mapping/range_value.h"

namespace hornbeam::search {
namespace {

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

/// How many tokens an analyzer makes, or with the gaps how many places they take.
std::int64_t count_tokens(const Analyzer& analyzer, std::string_view text, bool with_gaps) {
  std::int64_t count = 0;
  const StreamEnd end = analyzer.analyze(text, [&](const Token& token) {
    count += with_gaps ? token.position_increment : std::uint32_t{token.position_increment > 0};
  });
  return with_gaps ? count + end.position_increment : count;
}

/// The longest keyword that Lucene takes as a term, in bytes.
constexpr std::size_t kLongestTerm = 32'766;

/// How many nested objects a document may have.
constexpr std::size_t kMostNested = 10'000;

bool has_flag(const FieldMapping& field, std::string_view name) {
  const auto found = field.others.find(name);
  return found != field.others.end() && (found->second == "true" || found->second == "\"true\"");
}

void append(const IndexedDocument& from, IndexedDocument& to) {
  to.texts.insert(to.texts.end(), from.texts.begin(), from.texts.end());
  to.keywords.insert(to.keywords.end(), from.keywords.begin(), from.keywords.end());
  to.numbers.insert(to.numbers.end(), from.numbers.begin(), from.numbers.end());
}

}  // namespace

/// Walks one document.
class DocumentReader {
 public:
  DocumentReader(const Mapping& mapping, IndexedDocument& document)
      : fields_(mapping), id_(document.id), levels_{{.document = &document}} {}

  void read_object(const std::string& path, base::JsonView object) {
    if (path.empty()) root_ = object;
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [name, value] = object.member(i);
      if (name.empty()) {
        NewFields::refuse("mapper_parsing_exception", "field name cannot be an empty string");
      }
      read_value(path.empty() ? std::string(name) : fmt::format("{}.{}", path, name), value);
    }
  }

  /// Adds what is known of the fields once all of them are read. Requires: nothing is read after.
  void add_names() {
    add_names(levels_.front());
    for (const std::string& name : ignored_) {
      document().keywords.push_back({.field = std::string(kIgnoredField), .term = name});
    }
  }

  std::shared_ptr<const Mapping> take_extended() { return fields_.take_extended(); }

 private:
  void read_value(const std::string& path, base::JsonView value) {
    const FieldMapping* field = fields_.mapping().find(path);
    if (field && field->type == FieldType::kGeoPoint && read_place(path, *field, value)) return;
    if (value.kind() == base::JsonKind::kArray) {
      for (std::size_t i = 0; i < value.size(); ++i) read_value(path, value.element(i));
      return;
    }
    if (!field && value.is_null()) return;
    if (!field) field = fields_.guess(path, value);
    if (!field) return;
    if (field->type == FieldType::kAlias) {
      NewFields::refuse("mapper_parsing_exception",
                        fmt::format("Cannot write to a field alias [{}].", path));
    }
    if (field->declared == kFlatObject) return add_flat(path, path, *field, value);
    if (is_range(field->type) && !value.is_null()) return add_range(path, *field, value);
    if (field->completion && !value.is_null()) add_completions(path, *field, value);
    const bool is_object = value.kind() == base::JsonKind::kObject;
    if (is_object && field->completion) return;
    if (field->type == FieldType::kObject && value.is_null()) return;
    if (is_object && field->declared == kNestedObject) return read_nested(path, *field, value);
    if (is_object && field->type == FieldType::kObject) return read_object(path, value);
    if (field->type == FieldType::kObject) {
      NewFields::refuse(
          "mapper_parsing_exception",
          fmt::format("object mapping for [{}] tried to parse field [{}] as object, but found a "
                      "concrete value",
                      path, path));
    }
    if (is_object) refuse_value(path, *field, value.text());
    if (value.is_null()) {
      if (field->null_value) add(path, *field, *field->null_value);
      return;
    }
    add(path, *field, scalar_text(value));
  }

  /// The document that is read, or a nested object inside of it.
  struct Level {
    IndexedDocument* document;
    std::string path{};  ///< Of the object; empty of the document.
    std::set<std::string> without_column{};
  };
  IndexedDocument& document() { return *levels_.back().document; }

  static void add_names(Level& level) {
    for (const std::string& name : level.without_column) {
      level.document->keywords.push_back(
          {.field = std::string(kFieldNamesField), .term = name, .has_column = false});
    }
  }

  /// Reads an object that is a document by itself. JSON nests 64 deep at most, so that this ends.
  void read_nested(const std::string& path, const FieldMapping& field, base::JsonView value) {
    if (++nested_count_ > kMostNested) {
      NewFields::refuse(
          "illegal_argument_exception",
          fmt::format("The number of nested documents has exceeded the allowed limit of [{}]. "
                      "This limit can be set by changing the "
                      "[index.mapping.nested_objects.limit] index level setting.",
                      kMostNested));
    }
    // Reading may bring a new mapping.
    const bool is_in_parent = has_flag(field, "include_in_parent");
    const bool is_in_root = has_flag(field, "include_in_root");
    IndexedDocument object;
    levels_.push_back({.document = &object, .path = path});
    read_object(path, value);
    Level level = std::move(levels_.back());
    levels_.pop_back();
    if (is_in_parent) share(level, levels_.back());
    if (is_in_root && !(is_in_parent && levels_.size() == 1)) share(level, levels_.front());
    add_names(level);
    std::vector<IndexedDocument::Nested>& all = document().nested;
    auto same = std::ranges::find(all, path, &IndexedDocument::Nested::path);
    if (same == all.end()) same = all.insert(all.end(), {.path = path, .objects = {}});
    same->objects.push_back(std::move(object));
  }

  /// Adds the fields of an object to what is around it too.
  static void share(const Level& from, Level& to) {
    append(*from.document, *to.document);
    to.without_column.insert(from.without_column.begin(), from.without_column.end());
  }

  /// Adds a value to another field, which may lie in an object further out.
  void copy(const std::string& target, const std::string& value) {
    const FieldMapping* found = fields_.mapping().find(target);
    if (!found) found = fields_.add_text(target);
    if (!found) return;
    std::vector<Level> inside;
    while (levels_.size() > 1 && !target.starts_with(levels_.back().path + ".")) {
      inside.push_back(std::move(levels_.back()));
      levels_.pop_back();
    }
    add_value(target, *found, value);
    for (; !inside.empty(); inside.pop_back()) levels_.push_back(std::move(inside.back()));
  }

  /// Reads one place; false if the value is a list of them, or a text.
  bool read_place(const std::string& path, const FieldMapping& field, base::JsonView value) {
    const auto latitude = value.find("lat");
    const auto longitude = value.find("lon");
    std::optional<Place> place;
    if (value.kind() == base::JsonKind::kArray) {
      const bool is_pair = value.size() >= 2 && value.element(0).find_number();
      if (!is_pair) return false;
      place = {.latitude = value.element(1).find_number().value_or(0),
               .longitude = *value.element(0).find_number()};
    } else if (latitude && longitude) {
      const auto north = base::JsonView(*latitude).find_number();
      const auto east = base::JsonView(*longitude).find_number();
      if (north && east) place = {.latitude = *north, .longitude = *east};
    } else if (value.kind() != base::JsonKind::kObject) {
      return false;
    }
    if (!place && !field.ignores_malformed) refuse_value(path, field, value.text());
    if (!place) ignored_.insert(path);
    if (place) add_place(path, field, *place);
    return true;
  }

  void add_range(const std::string& path, const FieldMapping& field, base::JsonView value) {
    const base::Result<RangeEnds> ends = read_range(field.type, value, field.format);
    if (!ends && field.ignores_malformed) {
      ignored_.insert(path);
      return;
    }
    if (!ends) {
      NewFields::refuse("mapper_parsing_exception",
                        fmt::format("error parsing field [{}], {}", path, ends.error().message));
    }
    note_value(path, field);
    document().keywords.push_back({.field = path,
                                   .term = range_term(*ends),
                                   .is_indexed = field.is_indexed,
                                   .has_column = field.has_column});
  }

  /// The values inside an object, each under its path and all under that of the flat object.
  /// JSON nests 64 deep at most, so that this ends.
  void add_flat(const std::string& path, const std::string& root, const FieldMapping& field,
                base::JsonView value) {
    if (value.kind() == base::JsonKind::kArray) {
      for (std::size_t i = 0; i < value.size(); ++i) add_flat(path, root, field, value.element(i));
    } else if (value.kind() == base::JsonKind::kObject) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const auto [name, inner] = value.member(i);
        add_flat(fmt::format("{}.{}", path, name), root, field, inner);
      }
    } else if (path == root && !value.is_null()) {
      refuse_value(path, field, value.text());
    } else if (!value.is_null()) {
      const std::string text = scalar_text(value);
      add_value(path, field, text);
      add_value(root, field, text);
    }
  }

  void add_place(const std::string& path, const FieldMapping& field, const Place& place) {
    note_value(path, field);
    document().numbers.push_back({.field = path,
                                  .kind = ColumnKind::kInteger,
                                  .value = place.coded(),
                                  .is_indexed = false,
                                  .has_column = field.has_column});
  }

  void add(const std::string& path, const FieldMapping& field, const std::string& value) {
    add_value(path, field, value);
    for (const auto& [name, other] : field.fields) {
      const std::string other_path = fmt::format("{}.{}", path, name);
      if (other.completion && !field.completion) {
        add_completion(other_path, other, {.text = value});
      } else {
        add_value(other_path, other, value);
      }
    }
    for (const std::string& target : field.copy_to) copy(target, value);
  }

  void add_completion(const std::string& path, const FieldMapping& field,
                      const CompletionInput& input) {
    document().keywords.push_back(
        {.field = path,
         .term = completion_term(*field.analyzer, *field.completion, input),
         .has_column = false});
  }

  /// What completes to a value, in the field and in those of the same value.
  void add_completions(const std::string& path, const FieldMapping& field, base::JsonView value) {
    const base::Result<std::vector<CompletionInput>> inputs =
        read_completions(path, *field.completion, value, root_);
    if (!inputs) throw NewFields::Refusal{inputs.error()};
    const bool is_object = value.kind() == base::JsonKind::kObject;
    for (const CompletionInput& input : *inputs) {
      add_completion(path, field, input);
      for (const auto& [name, other] : field.fields) {
        if (is_object) add_value(fmt::format("{}.{}", path, name), other, input.text);
      }
    }
    for (const auto& [name, other] : field.fields) {
      if (other.completion) add_completions(fmt::format("{}.{}", path, name), other, value);
    }
  }

  /// A value that is kept in a column says itself that it is there, and the norm of a text.
  void note_value(const std::string& path, const FieldMapping& field) {
    const bool is_findable = field.is_indexed || field.type == FieldType::kBinary;
    if (!field.has_column && is_findable) levels_.back().without_column.insert(path);
  }

  void add_value(const std::string& path, const FieldMapping& field, const std::string& value) {
    // Added from the JSON, which may be an object.
    if (field.completion) return;
    if (field.type == FieldType::kText) {
      if (!field.is_indexed) return;
      document().texts.push_back({.field = path, .analyzer = field.analyzer, .text = value});
    } else if (field.type == FieldType::kKeyword) {
      if (field.ignore_above && count_characters(value) > *field.ignore_above) {
        ignored_.insert(path);
        return;
      }
      if (value.size() > kLongestTerm) {
        NewFields::refuse(
            "illegal_argument_exception",
            fmt::format("Document contains at least one immense term in field=\"{}\" (whose "
                        "UTF8 encoding is longer than the max length {}), all of which were "
                        "skipped.",
                        path, kLongestTerm));
      }
      note_value(path, field);
      document().keywords.push_back({.field = path,
                                     .term = field.normalized(value),
                                     .is_indexed = field.is_indexed,
                                     .has_column = field.has_column});
    } else if (field.type == FieldType::kIp) {
      const std::optional<std::string> term = ip_term(value);
      if (!term) return leave_out(path, field, value);
      note_value(path, field);
      document().keywords.push_back({.field = path,
                                     .term = *term,
                                     .is_indexed = field.is_indexed,
                                     .has_column = field.has_column});
    } else if (field.type == FieldType::kGeoPoint) {
      const std::optional<Place> place = parse_place(value);
      if (!place) return leave_out(path, field, value);
      add_place(path, field, *place);
    } else if (field.type == FieldType::kBinary) {
      // Only whether there is one is asked, of fields that keep it in a column.
      if (field.has_column) {
        document().keywords.push_back({.field = path, .term = "1", .is_indexed = false});
      }
      note_value(path, field);
    } else {
      std::optional<std::int64_t> number = read_number(field, value);
      if (!number) return leave_out(path, field, value);
      note_value(path, field);
      if (field.type == FieldType::kScaledFloat) {
        const double scaled = std::round(double_from_sortable(*number) * field.scaling_factor);
        number = sortable_from_double(scaled / field.scaling_factor);
      }
      document().numbers.push_back({.field = path,
                                    .kind = column_kind(field.type),
                                    .value = *number,
                                    .is_indexed = field.is_indexed,
                                    .has_column = field.has_column});
    }
  }

  /// Ignores a value that is none of the field, if the field bears that.
  void leave_out(const std::string& path, const FieldMapping& field, const std::string& value) {
    if (!field.ignores_malformed) refuse_value(path, field, value);
    ignored_.insert(path);
  }

  static std::optional<std::int64_t> read_number(const FieldMapping& field,
                                                 const std::string& value) {
    if (field.type == FieldType::kTokenCount) {
      return count_tokens(*field.analyzer, value, field.counts_gaps);
    }
    if (!is_date(field.type) || field.format.empty()) return parse_number(field.type, value);
    const base::Result<std::int64_t> date = parse_plain_date(value, {.format = field.format});
    if (!date) return std::nullopt;
    // Dates of either kind are milliseconds here; patterns have no finer parts.
    return field.type == FieldType::kDate
               ? *date
               : parse_number(FieldType::kDateNanos, std::to_string(*date));
  }

  [[noreturn]] void refuse_value(const std::string& path, const FieldMapping& field,
                                 const std::string& value) {
    NewFields::refuse(
        "mapper_parsing_exception",
        fmt::format("failed to parse field [{}] of type [{}] in document with id '{}'. Preview "
                    "of field's value: '{}'",
                    path, name_of(field.type), id_, value));
  }

  NewFields fields_;
  std::string id_;
  std::vector<Level> levels_;  ///< The innermost last.
  std::size_t nested_count_ = 0;
  base::JsonView root_;
  std::set<std::string> ignored_;
};

base::Result<ReadDocument> Mapping::read(std::string id, base::JsonView source) const {
  if (source.kind() != base::JsonKind::kObject) {
    return base::error("mapper_parsing_exception", "failed to parse: a document is an object");
  }
  ReadDocument read{.document = {.id = std::move(id), .source = kept_source(source)}};
  try {
    DocumentReader reader(*this, read.document);
    reader.read_object("", source);
    reader.add_names();
    read.extended = reader.take_extended();
  } catch (const NewFields::Refusal& refusal) {
    return std::unexpected(refusal.error);
  }
  return read;
}

}  // namespace hornbeam::search
