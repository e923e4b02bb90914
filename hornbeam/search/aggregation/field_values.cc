#include "hornbeam/search/aggregation/field_values.h"

#include <chrono>

#include <fmt/format.h>

#include "hornbeam/search/store/corrupt_index.h"

namespace hornbeam::search::aggregation {
namespace {

constexpr std::string_view kTextRefusal =
    "Text fields are not optimised for operations that require per-document field data like "
    "aggregations and sorting, so these operations are disabled by default. Please use a keyword "
    "field instead. Alternatively, set fielddata=true on [{}] in order to load field data by "
    "uninverting the inverted index. Note that this can use significant memory.";

}  // namespace

Millis current_millis() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

FieldRequest read_field_request(Parameters& parameters) {
  FieldRequest request;
  if (parameters.find("script")) {
    refuse_argument(
        fmt::format("[{}] aggregation [{}] has a script, but there is no script language",
                    parameters.type(), parameters.name()));
  }
  const auto field = parameters.text("field");
  if (!field) {
    refuse_argument("Required one of fields [field, script], but none were specified. ");
  }
  request.field = *field;
  request.missing = parameters.text("missing");
  request.format = parameters.text("format").value_or("");
  request.time_zone = parameters.text("time_zone").value_or("");
  if (const auto type = parameters.text("value_type")) {
    request.value_type = find_value_type(*type);
    if (!request.value_type) parameters.refuse_parse("value_type");
  }
  return request;
}

FieldValues::FieldValues(const FieldRequest& request, Accepts accepts, ValueKind otherwise)
    : request_(&request),
      accepts_(accepts),
      otherwise_(request.value_type.value_or(otherwise)),
      kind_(otherwise_) {
  path_ = request.field;
}

void FieldValues::open_index(const AggregatedIndex& index, std::string_view type) {
  column_ = nullptr;
  path_ = index.mapping.target(request_->field);
  field_ = index.mapping.find(path_);
  if (field_ && field_->type == FieldType::kObject) field_ = nullptr;
  kind_ = field_ ? kind_of(field_->type) : otherwise_;
  if (field_ && field_->type == FieldType::kText) kind_ = ValueKind::kKeyword;
  if (field_) check_type(type);
  coding_ = kind_ == ValueKind::kDouble                       ? Coding::kReal
            : kind_ == ValueKind::kUnsigned                   ? Coding::kUnsigned
            : field_ && field_->type == FieldType::kDateNanos ? Coding::kNanos
                                                              : Coding::kWhole;
  const bool is_first = field_ && !was_mapped_;
  was_mapped_ = was_mapped_ || field_;
  if (is_first || !has_format_) {
    format_ = format_of(kind_, field_, request_->format, request_->time_zone);
    has_format_ = true;
  }
  read_missing();
}

namespace {

/// Whether an aggregation that looks at such values can look at that kind.
bool fits(Accepts accepts, ValueKind kind) {
  switch (accepts) {
    case Accepts::kNumbers:
      return is_numeric(kind);
    case Accepts::kRanges:
      return is_numeric(kind) || kind == ValueKind::kRange;
    case Accepts::kPlaces:
      return kind == ValueKind::kPlace;
    case Accepts::kIps:
      return kind == ValueKind::kIp;
    case Accepts::kKeys:
    case Accepts::kTerms:
      return is_numeric(kind) || is_term(kind);
    case Accepts::kAnything:
      break;
  }
  return true;
}

}  // namespace

void FieldValues::check_type(std::string_view type) const {
  const bool is_text = field_->type == FieldType::kText;
  if (is_text && !field_->has_fielddata && accepts_ != Accepts::kTerms) {
    refuse_argument(fmt::format(kTextRefusal, request_->field));
  }
  if (!fits(accepts_, kind_)) {
    refuse_argument(fmt::format("Field [{}] of type [{}] is not supported for aggregation [{}]",
                                request_->field, name_of(field_->type), type));
  }
  if (!is_text && !field_->has_column) {
    refuse_argument(fmt::format(
        "Can't load fielddata on [{}] because fielddata is unsupported on fields of type [{}]. Use "
        "doc values instead.",
        request_->field, name_of(field_->type)));
  }
}

void FieldValues::open_segment(const SegmentView& view) {
  if (field_ && field_->type == FieldType::kText) {
    terms_ = UninvertedTerms::of(*view.segment, path_);
    column_ = terms_ ? &terms_->column() : nullptr;
    return;
  }
  column_ = field_ ? view.segment->column(path_) : nullptr;
  if (column_) check_column(*view.segment);
}

// What is counted from here on is terms or numbers, as the field's kind has it.
void FieldValues::check_column(const Segment& segment) const {
  const bool has_terms = column_->kind() == ColumnKind::kKeyword;
  if (has_terms ? !is_numeric(kind_) : !is_term(kind_)) return;
  throw CorruptIndex(segment.name(), fmt::format("the column of {}", path_), 0,
                     fmt::format("it has {}, and the field is of type {}",
                                 has_terms ? "terms" : "numbers", name_of(field_->type)));
}

void FieldValues::read_missing() {
  if (!request_->missing) return;
  const std::string& text = *request_->missing;
  missing_term_ = text;
  if (kind_ == ValueKind::kIp) {
    const auto term = ip_term(text);
    if (!term) refuse_argument(fmt::format("'{}' is not an IP string literal.", text));
    missing_term_ = *term;
  }
  if (!is_numeric(kind_)) return;
  const auto coded = format_.read_coded(text, kind_, current_millis());
  if (!coded) refuse("number_format_exception", fmt::format("For input string: \"{}\"", text));
  missing_coded_ = *coded;
  missing_number_ = number(*coded);
}

}  // namespace hornbeam::search::aggregation
