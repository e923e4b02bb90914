#pragma once

// FormState: an HTML form as it is to be shown, with what was typed and what is wrong beside each
// field.
//
//   app.get("/join", [](const Request& request) { return page(request, FormState<Join>()); });
//   app.post("/join", [](const Request& request, Submitted<Join> form) {
//     if (form.is_valid() && is_taken(form->name)) form.state().add_error("name", "it is taken");
//     if (!form.is_valid()) return status(422, page(request, form.state()));
//     ...
//     return redirect("/");
//   });
//
// `Form<T>` instead refuses what is wrong with a problem document: for programs. A state is
// described, so templates see it as `form.fields.name.value` and `form.fields.name.errors`, and
// `field_html` writes one field with its label and its errors. What is marked `secret`, or called
// a password, is never shown again. The CSRF token is a field beside these (`csrf_field`).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/base/json_schema.h"
#include "hornbeam/web/extract.h"

namespace hornbeam::web {

/// One field of a form.
struct FormField {
  std::string name;  ///< As the description names it.
  /// Of its element; that of its errors is this and "-error".
  std::string id;
  /// As an input's type: "text", "number", "email", "checkbox"... "select" if there are `choices`.
  std::string type = "text";
  /// As it was typed, whatever is wrong with it; the first of several; never a secret.
  std::string value;
  /// Every value of a name that repeats.
  std::vector<std::string> values;
  std::vector<std::string> errors;   ///< What is wrong with it, for people.
  std::vector<std::string> choices;  ///< What it may be, if only some texts can.
  /// For the element: "maxlength" to "20".
  std::map<std::string, std::string> limits;
  bool is_required = false;  ///< Whether it must be filled in.
  bool is_secret = false;    ///< Whether it is never shown again.
  bool is_list = false;      ///< Whether several values can be chosen.

  /// The first error; empty if there is none.
  std::string_view error() const noexcept;
};
// A template, so that only who shows forms compiles it.
/// For templates: `form.fields.NAME.value` and the like.
template <std::same_as<FormField> Subject>
constexpr auto describe(base::Type<Subject>) {
  using base::field;
  return base::fields(field("name", &Subject::name), field("id", &Subject::id),
                      field("type", &Subject::type), field("value", &Subject::value),
                      field("values", &Subject::values), field("errors", &Subject::errors),
                      field("choices", &Subject::choices), field("limits", &Subject::limits),
                      field("is_required", &Subject::is_required),
                      field("is_secret", &Subject::is_secret), field("is_list", &Subject::is_list));
}

/// A form of any kind.
class FormView {
 public:
  /// Throws std::out_of_range, with the names there are, if the form has no such field.
  const FormField& operator[](std::string_view name) const;
  /// What is wrong with a field; nothing for one that is fine, or unknown.
  const std::vector<std::string>& errors_of(std::string_view name) const noexcept;
  /// What is wrong with the form as a whole.
  const std::vector<std::string>& errors() const noexcept { return errors_; }
  /// Whether the form, or any of its fields, has an error.
  bool has_errors() const noexcept;
  /// Whether it was sent, rather than shown for the first time.
  bool is_submitted() const noexcept { return is_submitted_; }
  /// By name.
  const std::map<std::string, FormField, std::less<>>& fields() const noexcept { return fields_; }

  /// Says what only the handler knows to be wrong: with a field, or with the form if `name` is
  /// empty or no field's.
  void add_error(std::string_view name, std::string message);

  /// For templates: `form.fields`, `form.errors`.
  template <std::derived_from<FormView> Subject>
  friend constexpr auto describe(base::Type<Subject>) {
    return base::fields(base::field("fields", &Subject::fields_),
                        base::field("errors", &Subject::errors_),
                        base::field("is_submitted", &Subject::is_submitted_));
  }

 protected:
  /// Takes what was typed, and what is wrong with it.
  void submit(const Arguments& arguments, const base::Problems& problems);

  std::map<std::string, FormField, std::less<>> fields_;  ///< By name.
  std::vector<std::string> errors_;                       ///< Of the form as a whole.
  bool is_submitted_ = false;                             ///< See `is_submitted`.
};

/// How a field is written by `field_html`. Every text is escaped.
struct FieldLook {
  std::string_view label;   ///< What stands before the element.
  std::string_view hint{};  ///< What helps to fill it in; stands behind the label.
  /// Such as "email" or "new-password", for browsers that fill forms in.
  std::string_view autocomplete{};
};
/// A label, the element and its errors, as markup. The errors are tied to the element for those who
/// cannot see them beside it (aria-invalid, aria-describedby).
std::string field_html(const FormField& field, const FieldLook& look);
/// The errors of the form as a whole, as markup; empty if there are none.
std::string form_errors_html(const FormView& form);

namespace form_detail {

void add(std::vector<FormField>& fields, FormField field);
/// A field as its schema says, without a value.
FormField field_of(std::string_view name, const base::Schema& schema, bool is_required,
                   bool is_list);

template <class Value>
void show(FormField& shown, const Value& value) {
  if constexpr (base::json_detail::kIsOptional<Value>) {
    if (value) show(shown, *value);
  } else if constexpr (arguments_detail::kIsVector<Value>) {
    for (const auto& each : value) show(shown, each);
  } else if constexpr (base::json_detail::Text<Value>) {
    shown.values.emplace_back(value);
  } else {
    std::string text = base::to_json(value);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);  // A time.
    shown.values.push_back(std::move(text));
  }
  if (!shown.values.empty()) shown.value = shown.values.front();
}

/// The fields of a form of `Subject`, put together once.
template <base::Described Subject>
const std::vector<FormField>& model_of() {
  static const std::vector<FormField> kModel = [] {
    std::vector<FormField> fields;
    base::SchemaBook book;
    base::for_each_field<Subject>([&](const auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      constexpr bool kIsList = arguments_detail::kIsVector<typename Field::value_type>;
      FormField made = field_of(field.name, book.schema_of_field(field, base::Empty::kIsMissing),
                                !base::kMayBeMissing<Field> && !kIsList, kIsList);
      if constexpr (Field::template has<base::OrDefault>()) {
        if (!made.is_secret) show(made, field.get(Subject{}));
      }
      add(fields, std::move(made));
    });
    return fields;
  }();
  return kModel;
}

}  // namespace form_detail

/// A form of a described struct.
template <base::Described Subject>
class FormState : public FormView {
 public:
  /// Empty, but for the defaults of fields that are `or_default`.
  FormState() {
    for (const FormField& field : form_detail::model_of<Subject>()) fields_[field.name] = field;
  }
  /// With the values of `initial`, to be changed.
  explicit FormState(const Subject& initial) : FormState() {
    base::for_each_field<Subject>([&](const auto& field) {
      FormField& shown = fields_.find(field.name)->second;
      if (shown.is_secret) return;
      shown.value.clear();
      shown.values.clear();
      form_detail::show(shown, field.get(initial));
    });
  }
  /// As it was sent, with what is wrong with it.
  FormState(const Arguments& arguments, const base::Problems& problems) : FormState() {
    submit(arguments, problems);
  }
};

/// The fields of an HTML form as a described struct, or else what is wrong with them: for a handler
/// that shows the form again. 415 if the body is no form.
template <base::Described Value>
class Submitted {
 public:
  /// For the extractor, which handlers ask for by taking a Submitted.
  Submitted(Value value, FormState<Value> state)
      : value_(std::move(value)), state_(std::move(state)) {}

  /// Whether there is a value, nothing having been found wrong, by the handler neither.
  bool is_valid() const noexcept { return !state_.has_errors(); }
  /// Requires: `is_valid()`.
  const Value& value() const {
    base::check(is_valid(), "the value of a form was asked for that is not valid");
    return value_;
  }
  const Value& operator*() const { return value(); }
  const Value* operator->() const { return &value(); }

  /// The form to show again.
  FormState<Value>& state() noexcept { return state_; }
  const FormState<Value>& state() const noexcept { return state_; }

 private:
  Value value_;
  FormState<Value> state_;
};

template <class Value>
struct Extract<Submitted<Value>> {
  static Submitted<Value> from(const Request& request) {
    extract_detail::require_form(request);
    Value value{};
    // A browser leaves out a box that is not ticked, whatever the default it was shown with.
    base::for_each_field<Value>([&value](const auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      if constexpr (std::same_as<typename Field::value_type, bool>) field.get(value) = false;
    });
    const base::Problems problems = read_arguments(request.form(), value);
    return {std::move(value), FormState<Value>(request.form(), problems)};
  }
  static void document(Operation& operation) {
    operation.take_form<Value>(false);
    operation.give(422, "text/html", base::Schema::of_type("string"));
    operation.describe_answer(422, "The form again, with what is wrong");
  }
};

}  // namespace hornbeam::web
