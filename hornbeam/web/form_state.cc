#include "hornbeam/web/form_state.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/token.h"

namespace hornbeam::web {

namespace {

using base::html_escape;

bool names_a_secret(std::string_view name) {
  const std::string lower = http::lower_case(name);
  return lower.find("password") != std::string::npos || lower.find("passwd") != std::string::npos;
}

/// What a JSON text is, as a form shows it.
std::string plain(const std::string& json) {
  const auto text = base::from_json<std::string>(json);
  return text ? *text : json;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"" + html_escape(value) + '"';
}

/// What every kind of element has.
std::string common_attributes(const FormField& field, const FieldLook& look) {
  std::string out;
  append_attribute(out, "id", field.id);
  append_attribute(out, "name", field.name);
  if (!look.autocomplete.empty()) append_attribute(out, "autocomplete", look.autocomplete);
  // A checkbox that must be ticked would be another rule.
  if (field.is_required && field.type != "checkbox") out += " required";
  std::string describing;
  if (!look.hint.empty()) describing = field.id + "-hint";
  if (!field.errors.empty()) {
    out += " aria-invalid=\"true\"";
    describing += (describing.empty() ? "" : " ") + field.id + "-error";
  }
  if (!describing.empty()) append_attribute(out, "aria-describedby", describing);
  return out;
}

std::string select_html(const FormField& field, const FieldLook& look) {
  std::string out = "<select" + common_attributes(field, look);
  out += ">\n";
  if (!field.is_required) out += "<option value=\"\"></option>\n";
  for (const std::string& choice : field.choices) {
    out += "<option";
    if (choice == field.value) out += " selected";
    out += ">" + html_escape(choice) + "</option>\n";
  }
  return out + "</select>";
}

std::string input_html(const FormField& field, const FieldLook& look) {
  std::string out = "<input type=\"" + html_escape(field.type) + '"';
  out += common_attributes(field, look);
  if (field.is_list) append_attribute(out, "aria-label", look.label);
  if (field.type == "checkbox") {
    out += " value=\"true\"";
    if (field.value == "true" || field.value == "1" || field.value == "on") out += " checked";
  } else if (!field.is_secret) {
    append_attribute(out, "value", field.value);
  }
  for (const auto& [name, value] : field.limits) append_attribute(out, name, value);
  return out + ">";
}

}  // namespace

std::string_view FormField::error() const noexcept {
  return errors.empty() ? std::string_view() : errors.front();
}

const FormField& FormView::operator[](std::string_view name) const {
  const auto found = fields_.find(name);
  if (found != fields_.end()) return found->second;
  std::string names;
  for (const auto& [each, field] : fields_) names += (names.empty() ? "" : ", ") + each;
  throw std::out_of_range("the form has no field '" + std::string(name) +
                          "'. Mend: ask for one of " + names);
}

const std::vector<std::string>& FormView::errors_of(std::string_view name) const noexcept {
  static const std::vector<std::string> kNone;
  const auto found = fields_.find(name);
  return found == fields_.end() ? kNone : found->second.errors;
}

bool FormView::has_errors() const noexcept {
  return !errors_.empty() ||
         std::ranges::any_of(fields_, [](const auto& each) { return !each.second.errors.empty(); });
}

void FormView::add_error(std::string_view name, std::string message) {
  const auto found = fields_.find(name);
  (found == fields_.end() ? errors_ : found->second.errors).push_back(std::move(message));
}

void FormView::submit(const Arguments& arguments, const base::Problems& problems) {
  is_submitted_ = true;
  for (auto& [name, field] : fields_) {
    field.value.clear();
    field.values.clear();
    if (field.is_secret) continue;
    for (const std::string_view text : arguments.find_all(name)) {
      // What is no text is not shown, only told of.
      field.values.emplace_back(base::is_valid_utf8(text) ? text : "");
    }
    if (!field.values.empty()) field.value = field.values.front();
  }
  for (const base::Problem& problem : problems) {
    const auto* name =
        problem.path.empty() ? nullptr : std::get_if<std::string>(problem.path.data());
    add_error(name == nullptr ? std::string_view() : *name, problem.message);
  }
}

std::string field_html(const FormField& field, const FieldLook& look) {
  std::string out = "<div class=\"field\">\n<label for=\"" + html_escape(field.id) + "\">" +
                    html_escape(look.label) + "</label>\n";
  out += field.type == "select" ? select_html(field, look) : input_html(field, look);
  out += '\n';
  // A list has an element for each of its values; what is sent empty is the handler's affair.
  for (std::size_t i = 1; field.is_list && i < field.values.size(); ++i) {
    FormField next = field;
    next.id += '-' + std::to_string(i + 1);
    next.value = field.values[i];
    next.errors.clear();
    out += input_html(next, {.label = look.label, .autocomplete = look.autocomplete}) + '\n';
  }
  if (!look.hint.empty()) {
    out += R"(<p class="hint" id=")" + html_escape(field.id) + "-hint\">" + html_escape(look.hint) +
           "</p>\n";
  }
  if (!field.errors.empty()) {
    out += R"(<ul class="errors" id=")" + html_escape(field.id) + "-error\">\n";
    for (const std::string& error : field.errors) out += "<li>" + html_escape(error) + "</li>\n";
    out += "</ul>\n";
  }
  return out + "</div>\n";
}

std::string form_errors_html(const FormView& form) {
  if (form.errors().empty()) return "";
  std::string out = "<ul class=\"errors\" role=\"alert\">\n";
  for (const std::string& error : form.errors()) out += "<li>" + html_escape(error) + "</li>\n";
  return out + "</ul>\n";
}

namespace form_detail {

void add(std::vector<FormField>& fields, FormField field) {
  fields.push_back(std::move(field));
}

FormField field_of(std::string_view name, const base::Schema& schema, bool is_required,
                   bool is_list) {
  FormField field;
  field.name = name;
  field.id = "form-" + field.name;
  field.is_required = is_required;
  const auto keyword = [&schema](std::string_view word) {
    const std::string* json = schema.find(word);
    return json == nullptr ? std::string() : plain(*json);
  };
  field.is_secret = keyword("writeOnly") == "true" || names_a_secret(name);
  const std::string type = keyword("type");
  const std::string format = keyword("format");
  if (field.is_secret) {
    field.type = "password";
  } else if (type == "boolean") {
    field.type = "checkbox";
  } else if (type == "integer" || type == "number") {
    field.type = "number";
    field.limits["step"] = type == "integer" ? "1" : "any";
  } else if (format == "email" || format == "date") {
    field.type = format;
  } else if (format == "uri") {
    field.type = "url";
  }
  if (const std::string* choices = schema.find("enum")) {
    field.type = "select";
    const auto list = base::JsonDocument::parse(*choices);
    for (std::size_t i = 0; i < list->root().size(); ++i) {
      field.choices.push_back(plain(list->root().element(i).text()));
    }
  }
  field.is_list = is_list;
  // Those of a list are about how many there are.
  constexpr std::pair<std::string_view, std::string_view> kLimits[] = {{"minLength", "minlength"},
                                                                       {"maxLength", "maxlength"},
                                                                       {"minimum", "min"},
                                                                       {"maximum", "max"},
                                                                       {"pattern", "pattern"}};
  for (const auto& [word, attribute] : kLimits) {
    if (const std::string limit = keyword(word); !limit.empty() && !is_list) {
      field.limits[std::string(attribute)] = limit;
    }
  }
  return field;
}

}  // namespace form_detail

}  // namespace hornbeam::web
