#include "hornbeam/web/operation.h"

#include <algorithm>

#include "hornbeam/web/internal/operation_facts.h"

namespace hornbeam::web {

using base::Schema;

Operation::Operation(base::SchemaBook& book) : book_(&book), facts_(std::make_unique<Facts>()) {}
Operation::~Operation() = default;

void Operation::add(std::string_view place, std::string_view name, Schema schema,
                    bool is_required) {
  facts_->parameters.push_back(
      {std::string(place), std::string(name), std::move(schema), is_required});
}

void Operation::take_header(std::string_view name, bool is_required) {
  add("header", name, Schema::of_type("string"), is_required);
}

void Operation::take_body(std::string_view media_type, Schema schema) {
  facts_->bodies.push_back({std::string(media_type), std::move(schema)});
}

void Operation::set_form(base::ObjectSchema form) {
  facts_->form = std::move(form);
}

void Operation::take_files() {
  facts_->has_files = true;
  refuse(415);
  refuse(422);
}

void Operation::take_bytes() {
  take_body("*/*", {});
}

void Operation::give(int status, std::string_view media_type, Schema schema) {
  facts_->add_answer(status, Facts::Content{std::string(media_type), std::move(schema)});
}

void Operation::give_nothing(int status) {
  facts_->add_answer(status, {});
}

void Operation::refuse(int status) {
  facts_->add_answer(status, facts_->problem);
}

void Operation::describe_answer(int status, std::string_view description) {
  for (Facts::Answer& answer : facts_->answers) {
    if (answer.status == status && answer.description.empty()) answer.description = description;
  }
}

void Operation::Facts::add_answer(int status, std::optional<Content> content) {
  const auto order = [](int each) { return each == 0 ? 1000 : each; };
  const auto place = std::ranges::find_if(
      answers, [&](const Answer& each) { return order(each.status) >= order(status); });
  if (place != answers.end() && place->status == status) return;
  answers.insert(place, {status, {}, std::move(content)});
}

std::vector<Operation::Facts::Content> Operation::Facts::all_bodies() const {
  std::vector<Content> all = bodies;
  if (!form && !has_files) return all;
  Schema schema = form.value_or(base::ObjectSchema()).finish(false);
  if (has_files) {
    // The names of the files' fields are the handler's own affair.
    schema.set("additionalProperties",
               R"({"type":"string","contentMediaType":"application/octet-stream"})");
  } else {
    all.push_back({"application/x-www-form-urlencoded", schema});
  }
  all.push_back({"multipart/form-data", std::move(schema)});
  return all;
}

}  // namespace hornbeam::web
