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
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hornbeam::base {

/// Names a type as a value, so that a function can be overloaded on it.
template <class Subject>
struct Type {
  using type = Subject;  ///< The type itself, for code that is handed the name.
};

/// One described member: its name outside of C++, where it lives, and what is said about it.
template <class Owner, class Value, class... Marks>
struct Field {
  using owner_type = Owner;  ///< The struct that has the member.
  using value_type = Value;

  std::string_view name;  ///< What the member is called outside of C++: in JSON, forms, columns.
  Value Owner::* member;  ///< Where the member lives in an `owner_type`.
  /// What is said about it, in the order given: rules, column properties, and the like.
  std::tuple<Marks...> marks;

  /// The member of `owner`.
  constexpr const Value& get(const Owner& owner) const { return owner.*member; }
  constexpr Value& get(Owner& owner) const { return owner.*member; }

  /// True if a mark of type `Mark` was given.
  template <class Mark>
  static constexpr bool has() {
    return (std::same_as<Mark, Marks> || ...);
  }
};

/// Describes one member: its name outside of C++, a pointer to it, and what must hold for it.
template <class Owner, class Value, class... Marks>
constexpr auto field(std::string_view name, Value Owner::* member, Marks... marks) {
  return Field<Owner, Value, Marks...>{name, member, std::tuple<Marks...>(std::move(marks)...)};
}

/// See `about`.
struct About {
  std::string_view text;  ///< The sentence, without markup.
};

/// What a field means, in a sentence, for those who read the API's documents.
/// Lifetime: `text` is a literal.
constexpr About about(std::string_view text) {
  return {text};
}

/// See `secret`.
struct Secret {};

/// A field, such as a password, that is taken and never shown again: forms leave it empty, and a
/// struct that has one is no answer of a handler.
inline constexpr Secret secret{};

/// What a reader does with a key that the description does not name.
enum class ExtraKeys : std::uint8_t { kRefuse, kIgnore };

template <class Inner, class Test>
struct Checked;

/// Every described field of a struct, in the order of its description.
template <class... Each>
struct Fields {
  std::tuple<Each...> all;               ///< The fields, in the order of the description.
  ExtraKeys extra = ExtraKeys::kRefuse;  ///< What becomes of keys that are no field.
  /// How many fields are described.
  static constexpr std::size_t size() { return sizeof...(Each); }

  /// The same description, with other keys refused (the default) or ignored.
  template <class Self>
  constexpr Self extra_keys(this Self self, ExtraKeys what) {
    self.extra = what;
    return self;
  }
  /// The same description, of a struct for which `test(struct)` must hold as a whole; asked once
  /// every field is as it must be. `message` says what is wrong, at the struct or at its field
  /// `at`:
  ///   fields(...).check([](const Stay& stay) { return stay.from < stay.to; }, "ends first", "to")
  template <class Self, class Test>
  constexpr Checked<Self, Test> check(this Self self, Test test, std::string_view message,
                                      std::string_view at = {}) {
    return {std::move(self), std::move(test), message, at};
  }
};

/// A description with a check across its fields; see `Fields::check`.
template <class Inner, class Test>
struct Checked : Inner {
  Test test;  ///< Called with the struct; what it returns says whether the struct holds together.
  std::string_view message;  ///< What to tell whoever sent a struct that does not.
  std::string_view at;       ///< The field to show `message` at; empty for the struct as a whole.
};

/// A whole description: what `describe` returns, each argument made by `field`.
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

/// Whether a field of `Subject` is `secret`.
template <Described Subject>
inline constexpr bool kHasSecret = []<class... Each>(const std::tuple<Each...>&) {
  return (Each::template has<Secret>() || ...);
}(kDescription<Subject>.all);

/// Calls `visit(field)` for each described field of `Subject`, in order.
template <Described Subject, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... each) { (visit(each), ...); }, kDescription<Subject>.all);
}

namespace describe_detail {

template <class... Each, class Subject, class Visit>
constexpr void each_broken_check(const Fields<Each...>&, const Subject&, Visit&) {}

template <class Inner, class Test, class Subject, class Visit>
constexpr void each_broken_check(const Checked<Inner, Test>& checked, const Subject& subject,
                                 Visit& visit) {
  each_broken_check(static_cast<const Inner&>(checked), subject, visit);
  if (!checked.test(subject)) visit(checked.message, checked.at);
}

}  // namespace describe_detail

/// Calls `visit(message, field name or empty)` for each check across fields that `subject` breaks,
/// in the order they were added.
template <Described Subject, class Visit>
constexpr void for_each_broken_check(const Subject& subject, Visit&& visit) {
  describe_detail::each_broken_check(kDescription<Subject>, subject, visit);
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
