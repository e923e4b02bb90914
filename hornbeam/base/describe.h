#pragma once

// Describe: the one place where a struct says what its fields are called and what they must be
// like.
//
//   struct NewPost { std::string title; std::optional<std::string> teaser; };
//   constexpr auto describe(Type<NewPost>) {
//     return fields(field("title", &NewPost::title, length(1, 120)), field("teaser",
//     &NewPost::teaser));
//   }
//
// JSON, validation reports, SQL columns, search mappings and OpenAPI read this same description.
// The function is found by argument-dependent lookup, beside the struct; nothing is registered
// anywhere. What follows the member pointer are marks: validation rules, column properties,
// whatever a reader understands; a reader ignores the marks of others.

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hornbeam::base {

/// Names a type as a value, so that a function can be overloaded on it.
template <class Subject>
struct Type {
  using type = Subject;
};

/// One described member: its name outside of C++, where it lives, and what is said about it.
template <class Owner, class Value, class... Marks>
struct Field {
  using owner_type = Owner;
  using value_type = Value;

  std::string_view name;
  Value Owner::* member;
  std::tuple<Marks...> marks;

  constexpr const Value& get(const Owner& owner) const { return owner.*member; }
  constexpr Value& get(Owner& owner) const { return owner.*member; }

  /// True if a mark of type `Mark` was given.
  template <class Mark>
  static constexpr bool has() {
    return (std::same_as<Mark, Marks> || ...);
  }
};

template <class Owner, class Value, class... Marks>
constexpr auto field(std::string_view name, Value Owner::* member, Marks... marks) {
  return Field<Owner, Value, Marks...>{name, member, std::tuple<Marks...>(std::move(marks)...)};
}

/// Every described field of a struct, in the order of its description.
template <class... Each>
struct Fields {
  std::tuple<Each...> all;
  static constexpr std::size_t size() { return sizeof...(Each); }
};

template <class... Each>
constexpr auto fields(Each... each) {
  return Fields<Each...>{std::tuple<Each...>(std::move(each)...)};
}

/// A struct with a `describe` beside it.
template <class Subject>
concept Described = requires { describe(Type<std::remove_cvref_t<Subject>>{}); };

/// The description of `Subject`, computed at compile time.
template <Described Subject>
inline constexpr auto kDescription = describe(Type<Subject>{});

/// Calls `visit(field)` for each described field of `Subject`, in order.
template <Described Subject, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, kDescription<Subject>.all);
}

/// The outside name of a member, such as a column's; empty if it is not described.
template <class Owner, class Value>
constexpr std::string_view field_name(Value Owner::* member) {
  std::string_view name;
  for_each_field<Owner>([&](const auto& each) {
    if constexpr (std::same_as<decltype(each.member), Value Owner::*>) {
      if (each.member == member) name = each.name;
    }
  });
  return name;
}

}  // namespace hornbeam::base
