#pragma once

// Operation: what the types of a handler say of its requests and responses, for OpenAPI documents.
//
// It costs nothing until a document is asked for. An extractor of your own takes part by saying
//
//   template <>
//   struct hornbeam::web::Extract<ApiKey> {
//     static ApiKey from(const Request& request);
//     static void document(Operation& operation) { operation.take_header("X-Api-Key"); }
//   };
//
// a type that stands in paths by `static void document(base::Schema& schema)` of its PathSegment,
// and one that is answered by `static void document(Operation& operation)` of its Respond.

#include <memory>
#include <string_view>
#include <type_traits>

#include "hornbeam/base/json_schema.h"
#include "hornbeam/web/segment.h"

namespace hornbeam::web {

/// What one route takes and answers, as its handler's types tell it while the document is made.
class Operation {
 public:
  /// What was collected (internal/operation_facts.h); no part of what everyone compiles.
  struct Facts;

  /// Lifetime: `book`, which gets the structs that are referred to, outlives it.
  explicit Operation(base::SchemaBook& book);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation();

  /// A parameter in the path: of this name, or the next of the handler's own.
  template <class Value>
  void take_path(std::string_view name = {}) {
    constexpr bool kTakesAny =
        std::same_as<Value, std::string> || std::same_as<Value, std::string_view>;
    add("path", name, path_schema<Value>(), true);
    if (!kTakesAny) refuse(404);
  }
  /// Every field of `Subject`, from the query.
  template <base::Described Subject>
  void take_query() {
    base::for_each_field<Subject>([this](const auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      constexpr bool kIsList = base::json_detail::List<typename Field::value_type>;
      add("query", field.name, book_->schema_of_field(field, base::Empty::kIsMissing),
          !base::kMayBeMissing<Field> && !kIsList);
    });
    refuse(422);
  }
  /// A request header that the handler reads.
  void take_header(std::string_view name, bool is_required = true);
  /// A JSON body; one that is not as it must be is refused.
  template <class Value>
  void take_json() {
    take_body("application/json", book_->schema_of<Value>());
    refuse(400);
    refuse(415);
    refuse(422);
  }
  /// A form as browsers send them: other fields, such as a CSRF token's, are let be. One that is
  /// not as it must be is refused, or the handler's to show again.
  template <base::Described Subject>
  void take_form(bool refuses = true) {
    set_form(book_->object_of<Subject>(base::Empty::kIsMissing));
    refuse(415);
    if (refuses) refuse(422);
  }
  /// Files of a multipart form.
  void take_files();
  /// A body of any kind.
  void take_bytes();
  /// A body of that media type.
  void take_body(std::string_view media_type, base::Schema schema);

  // Of several answers with one status the first is kept, with the first description.

  /// Answers with a JSON `Value`.
  template <class Value>
  void give_json(int status = 200) {
    give(status, "application/json", book_->schema_of<Value>());
  }
  /// An answer with a body of that media type.
  void give(int status, std::string_view media_type, base::Schema schema);
  /// Without a body; status 0 is any other.
  void give_nothing(int status);
  /// A problem document; status 0 is any other.
  void refuse(int status);
  /// Says what the answer with `status` means, if nothing was said.
  void describe_answer(int status, std::string_view description);

  /// What was collected, for the document.
  Facts& facts() noexcept { return *facts_; }

  /// The schema of a value that stands in a path.
  template <class Value>
  static base::Schema path_schema() {
    using base::Schema;
    if constexpr (requires(Schema& schema) { PathSegment<Value>::document(schema); }) {
      Schema schema;
      PathSegment<Value>::document(schema);
      return schema;
    } else if constexpr (std::same_as<Value, bool>) {
      return Schema::of_type("boolean");
    } else if constexpr (std::is_integral_v<Value>) {
      return base::schema_detail::integer(sizeof(Value) * 8, std::is_signed_v<Value>);
    } else {
      return Schema::of_type(std::is_floating_point_v<Value> ? "number" : "string");
    }
  }

 private:
  void add(std::string_view place, std::string_view name, base::Schema schema, bool is_required);
  void set_form(base::ObjectSchema form);

  base::SchemaBook* book_;
  std::unique_ptr<Facts> facts_;
};

}  // namespace hornbeam::web
