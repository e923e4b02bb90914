#pragma once

// The mapping of a described struct: each member is indexed as what it is. Texts are indexed twice,
// as words and, under "NAME.keyword", as a whole.

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "hornbeam/base/describe.h"
#include "hornbeam/base/json_write.h"
#include "hornbeam/search/collection/marks.h"

namespace hornbeam::search {

namespace collection_detail {

/// What is indexed of a member: what an optional may hold, what a list has many of.
template <class Value>
struct Indexed {
  using type = Value;
};
template <class Value>
struct Indexed<std::optional<Value>> : Indexed<Value> {};
template <base::json_detail::List Value>
  requires(!base::Described<Value> && !base::json_detail::HasCodec<Value> &&
           !base::json_detail::kIsMap<Value>)
struct Indexed<Value> : Indexed<typename Value::value_type> {};

template <class Value>
using IndexedType = typename Indexed<Value>::type;

/// The type of a number's field: the narrowest that holds all of its values.
template <class Number>
constexpr std::string_view number_type() {
  if constexpr (std::same_as<Number, bool>) return "boolean";
  if constexpr (std::same_as<Number, float>) return "float";
  if constexpr (std::is_floating_point_v<Number>) return "double";
  constexpr std::size_t kSize = sizeof(Number);
  if constexpr (std::is_signed_v<Number>) {
    return kSize == 1 ? "byte" : kSize == 2 ? "short" : kSize == 4 ? "integer" : "long";
  }
  return kSize == 1 ? "short" : kSize == 2 ? "integer" : kSize == 4 ? "long" : "unsigned_long";
}

/// Whether a member is a text that is indexed as words and as a whole.
template <class Field>
inline constexpr bool kIsText =
    base::json_detail::Text<IndexedType<typename Field::value_type>> &&
    !base::json_detail::HasCodec<IndexedType<typename Field::value_type>> &&
    !Field::template has<KeywordMark>() && !Field::template has<DocumentId>();

/// The mapping of a text's field; an empty analyzer is the index's own.
std::string text_mapping(std::string_view analyzer);
void add_member(std::string& object, std::string_view name, std::string_view json);

template <class Field>
constexpr std::string_view analyzer_of(const Field& field) {
  std::string_view name;
  std::apply(
      [&](const auto&... mark) {
        const auto look = [&]<class Mark>(const Mark& one) {
          if constexpr (std::same_as<Mark, Analyzed>) name = one.analyzer;
        };
        (look(mark), ...);
      },
      field.marks);
  return name;
}

template <base::Described Subject>
std::string properties_of();

/// The mapping of one field; empty if it is left to be guessed from what is put.
template <class Field>
std::string field_mapping(const Field& field) {
  using Value = IndexedType<typename Field::value_type>;
  if constexpr (base::json_detail::HasCodec<Value>) {
    return Field::template has<KeywordMark>() ? R"({"type":"keyword"})" : "";
  } else if constexpr (base::Described<Value>) {
    return (Field::template has<NestedMark>() ? R"({"type":"nested","properties":)"
                                              : R"({"properties":)") +
           properties_of<Value>() + "}";
  } else if constexpr (base::json_detail::Text<Value>) {
    return kIsText<Field> ? text_mapping(analyzer_of(field)) : R"({"type":"keyword"})";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    return R"({"type":")" + std::string(number_type<Value>()) + R"("})";
  } else if constexpr (std::same_as<Value, std::chrono::system_clock::time_point>) {
    return R"({"type":"date"})";
  } else {
    return "";
  }
}

/// The object under "properties". Ends: a struct holds no struct of its own type but in a list or a
/// pointer, and a description of a list of itself does not compile.
template <base::Described Subject>
std::string properties_of() {
  std::string out = "{";
  base::for_each_field<Subject>([&out](const auto& field) {
    const std::string json = field_mapping(field);
    if (!json.empty()) add_member(out, field.name, json);
  });
  return out + "}";
}

}  // namespace collection_detail

/// The mapping of a struct, as JSON that `Index::put_mapping` reads.
template <base::Described Subject>
std::string mapping_of() {
  return R"({"properties":)" + collection_detail::properties_of<Subject>() + "}";
}

}  // namespace hornbeam::search
