#pragma once

// JSON Schema (2020-12) of the same descriptions that JSON is read by.
//
//   SchemaBook book;
//   Schema schema = book.schema_of<std::vector<Post>>();   // {"type":"array","items":{"$ref":...}}
//   for (const SchemaBook::Entry& entry : book.entries()) ...   // "Post", once, with its rules
//
// A schema says what reading takes: a field is required unless it is optional or `or_default`, null
// is an empty optional, keys that are not described are refused. What reading takes, writing gives,
// so one schema serves both ways. A rule of your own says its keywords beside it:
//
//   template <class Value>
//   void add_keywords(const Even&, std::type_identity<Value>, hornbeam::base::Schema& schema) {
//     schema.set("multipleOf", "2");
//   }
//
// and a type with a JsonCodec gives the codec `static Schema schema()`; without, it may be
// anything.

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/json_read.h"

namespace hornbeam::base {

/// The keywords of one schema, in the order they were set.
class Schema {
 public:
  /// Sets a keyword to JSON text, in place of what it was.
  Schema& set(std::string_view keyword, std::string json);
  /// Sets a keyword to a text, which is quoted and escaped here.
  Schema& set_text(std::string_view keyword, std::string_view text);
  /// Adds a sentence to the description.
  Schema& say(std::string_view sentence);
  /// The keyword's JSON text, or null.
  const std::string* find(std::string_view keyword) const noexcept;
  /// The same, or null as well.
  Schema or_null() &&;
  /// As JSON; `{}`, which takes anything, if nothing is set.
  std::string to_json() const;

  /// A schema with `type`, and `format` if there is one.
  static Schema of_type(std::string_view type, std::string_view format = {});

 private:
  std::vector<std::pair<std::string, std::string>> keywords_;
};

template <>
struct JsonCodec<Schema> {
  static void write(std::string& out, const Schema& schema) { out += schema.to_json(); }
};

/// A schema of type "object" that is being put together.
class ObjectSchema {
 public:
  /// Adds a property in the order of the calls; a required one must be there when JSON is read.
  void add(std::string_view name, const Schema& property, bool is_required);
  /// Adds what `Fields::check` asks for to the description, since no keyword can say it.
  void add_check(std::string_view message, std::string_view at);
  /// The schema, once all properties are there; `refuses_others` forbids keys that are none of
  /// them.
  Schema finish(bool refuses_others) &&;

 private:
  std::string properties_;
  std::string required_;
  Schema schema_;
};

namespace schema_detail {

/// A type's own name, without what it is in.
std::string short_name(std::string_view whole);
/// A type's name with everything around it, of the characters a component's name may have.
std::string long_name(std::string_view whole);

template <class Subject>
constexpr std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;
  const std::size_t begin = name.find("Subject = ") + 10;
  return name.substr(begin, name.rfind(']') - begin);
}
template <class Subject>
inline constexpr char kTag = 0;

Schema integer(int bits, bool is_signed);
Schema any_of(const std::vector<Schema>& choices);
Schema list_of(const Schema& element);
Schema tuple_of(const Schema& element, std::size_t count);
Schema map_of(const Schema& element);
/// Of a text that the RE2 `expression` describes as a whole.
void add_pattern(Schema& schema, std::string_view expression);
void add_format(Schema& schema, Format format);
void add_length(Schema& schema, const Length& length, std::string_view what);

template <class Value>
struct Inner {
  using type = Value;
};
template <class Value>
struct Inner<std::optional<Value>> : Inner<Value> {};

template <class... Each, class Visit>
void each_check(const Fields<Each...>&, Visit&) {}
template <class Kept, class Test, class Visit>
void each_check(const Checked<Kept, Test>& checked, Visit& visit) {
  each_check(static_cast<const Kept&>(checked), visit);
  visit(checked.message, checked.at);
}

template <class Number>
void add_bound(Schema& schema, std::string_view keyword, Number bound) {
  schema.set(keyword, to_json(bound));
}
template <class Value>
void add_default(Schema& schema, const Value& value) {
  std::string json;
  try {
    append_json(json, value);
  } catch (const std::domain_error&) {
    return;  // JSON has no infinity: it is the default, and cannot be told.
  }
  schema.set("default", std::move(json));
}

}  // namespace schema_detail

/// What a rule adds to the schema of a `Value`. A mark that is no rule adds nothing.
template <class Rule, class Value>
void add_keywords(const Rule&, std::type_identity<Value>, Schema&) {}

template <class Value>
void add_keywords(const Length& rule, std::type_identity<Value>, Schema& schema) {
  schema_detail::add_length(schema, rule,
                            json_detail::Text<Value>     ? "Length"
                            : json_detail::kIsMap<Value> ? "Properties"
                                                         : "Items");
}
template <class Number, class Value>
void add_keywords(const Range<Number>& rule, std::type_identity<Value>, Schema& schema) {
  using Limits = std::numeric_limits<Number>;
  if (rule.minimum != Limits::lowest()) schema_detail::add_bound(schema, "minimum", rule.minimum);
  if (rule.maximum != Limits::max()) schema_detail::add_bound(schema, "maximum", rule.maximum);
}
template <class Number, class Value>
void add_keywords(const Above<Number>& rule, std::type_identity<Value>, Schema& schema) {
  schema_detail::add_bound(schema, "exclusiveMinimum", rule.bound);
}
template <class Number, class Value>
void add_keywords(const Below<Number>& rule, std::type_identity<Value>, Schema& schema) {
  schema_detail::add_bound(schema, "exclusiveMaximum", rule.bound);
}
template <class Value>
void add_keywords(const Format& rule, std::type_identity<Value>, Schema& schema) {
  schema_detail::add_format(schema, rule);
}
template <class Value>
void add_keywords(const Pattern& rule, std::type_identity<Value>, Schema& schema) {
  schema_detail::add_pattern(schema, rule.expression);
}
template <class Choice, std::size_t Count, class Value>
void add_keywords(const OneOf<Choice, Count>& rule, std::type_identity<Value>, Schema& schema) {
  schema.set("enum", to_json(rule.choices));
}
template <class Test, class Value>
void add_keywords(const Satisfies<Test>& rule, std::type_identity<Value>, Schema& schema) {
  schema.say(rule.message);
}
template <class Value>
void add_keywords(const About& mark, std::type_identity<Value>, Schema& schema) {
  schema.say(mark.text);
}

template <class Value>
void add_keywords(const Secret&, std::type_identity<Value>, Schema& schema) {
  schema.set("writeOnly", "true").set_text("format", "password");
}

/// How an optional field may be empty: as null, in JSON, or only by being left out, in a form.
enum class Empty : std::uint8_t { kIsNull, kIsMissing };

/// The described structs that schemas refer to, each under a name of its own.
class SchemaBook {
 public:
  /// A schema that others refer to by its name.
  struct Entry {
    /// The last part of the references to it: "Post" in "#/components/schemas/Post".
    std::string name;
    Schema schema;  ///< The schema itself.
    /// The identity of the C++ type, which two types of one name do not share.
    const void* tag = nullptr;
  };

  /// `prefix` is where the entries will be found.
  explicit SchemaBook(std::string prefix = "#/components/schemas/");
  SchemaBook(const SchemaBook&) = delete;
  SchemaBook& operator=(const SchemaBook&) = delete;
  ~SchemaBook();

  /// The schema of a `Value`: a reference if it is described, and an entry for what it refers to.
  template <class Value>
  Schema schema_of();
  /// The schema of one field, its rules and its default included.
  template <class Field>
  Schema schema_of_field(const Field& field, Empty empty = Empty::kIsNull);
  /// The schema of a described struct itself, not a reference to it.
  template <Described Subject>
  ObjectSchema object_of(Empty empty = Empty::kIsNull);

  /// In the order in which they were met.
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  const Entry* find(const void* tag) const noexcept;
  std::size_t reserve(std::string_view type, const void* tag);
  Schema finish(std::size_t index, Schema schema);
  Schema reference(const Entry& entry) const;

  std::string prefix_;
  std::vector<Entry> entries_;
};

template <class Value>
Schema SchemaBook::schema_of() {
  if constexpr (json_detail::HasCodec<Value>) {
    if constexpr (requires { JsonCodec<Value>::schema(); }) return JsonCodec<Value>::schema();
    return {};
  } else if constexpr (Described<Value>) {
    const void* const tag = &schema_detail::kTag<Value>;
    if (const Entry* known = find(tag)) return reference(*known);
    // The name is taken first, so that a struct may contain itself.
    const std::size_t index = reserve(schema_detail::type_name<Value>(), tag);
    Schema schema = object_of<Value>().finish(kDescription<Value>.extra == ExtraKeys::kRefuse);
    return finish(index, std::move(schema));
  } else if constexpr (std::same_as<Value, bool>) {
    return Schema::of_type("boolean");
  } else if constexpr (std::is_integral_v<Value>) {
    return schema_detail::integer(sizeof(Value) * 8, std::is_signed_v<Value>);
  } else if constexpr (std::is_floating_point_v<Value>) {
    return Schema::of_type("number", sizeof(Value) == 4 ? "float" : "double");
  } else if constexpr (json_detail::Text<Value>) {
    return Schema::of_type("string");
  } else if constexpr (std::same_as<Value, std::monostate> || std::same_as<Value, std::nullptr_t>) {
    return Schema::of_type("null");
  } else if constexpr (std::same_as<Value, std::chrono::system_clock::time_point>) {
    return Schema::of_type("string", "date-time");
  } else if constexpr (json_detail::kIsOptional<Value>) {
    return schema_of<typename Value::value_type>().or_null();
  } else if constexpr (json_detail::kIsVariant<Value>) {
    return [this]<class... Choices>(std::type_identity<std::variant<Choices...>>) {
      return schema_detail::any_of({this->template schema_of<Choices>()...});
    }(std::type_identity<Value>{});
  } else if constexpr (json_detail::kIsMap<Value>) {
    return schema_detail::map_of(schema_of<typename Value::mapped_type>());
  } else if constexpr (json_detail::List<Value>) {
    Schema element = schema_of<typename Value::value_type>();
    if constexpr (requires { std::tuple_size<Value>::value; }) {
      return schema_detail::tuple_of(element, std::tuple_size_v<Value>);
    }
    return schema_detail::list_of(element);
  } else {
    return {};  // RawJson, and what only a codec of JSON's knows.
  }
}

template <class Field>
Schema SchemaBook::schema_of_field(const Field& field, Empty empty) {
  using Value = typename schema_detail::Inner<typename Field::value_type>::type;
  Schema schema = schema_of<Value>();
  std::apply(
      [&](const auto&... mark) { (add_keywords(mark, std::type_identity<Value>{}, schema), ...); },
      field.marks);
  if constexpr (Field::template has<OrDefault>() && JsonWritable<typename Field::value_type>) {
    schema_detail::add_default(schema, field.get(typename Field::owner_type{}));
  }
  if constexpr (json_detail::kIsOptional<typename Field::value_type>) {
    if (empty == Empty::kIsNull) return std::move(schema).or_null();
  }
  return schema;
}

template <Described Subject>
ObjectSchema SchemaBook::object_of(Empty empty) {
  ObjectSchema object;
  for_each_field<Subject>([&](const auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    // A form has no empty lists: one that is missing is empty.
    const bool may_be_missing =
        kMayBeMissing<Field> ||
        (empty == Empty::kIsMissing && json_detail::List<typename Field::value_type>);
    object.add(field.name, schema_of_field(field, empty), !may_be_missing);
  });
  auto check = [&object](std::string_view message, std::string_view at) {
    object.add_check(message, at);
  };
  schema_detail::each_check(kDescription<Subject>, check);
  return object;
}

}  // namespace hornbeam::base
