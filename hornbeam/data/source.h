#pragma once

// Source: what stands in a FROM. A table is one; `As<Table, "name">` is the same table once more,
// under another name, for a join of a table with itself.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "hornbeam/data/table.h"

namespace hornbeam::data {

namespace internal {

/// A name given as a template argument.
template <std::size_t Size>
struct FixedName {
  consteval FixedName(const char (&text)[Size]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const { return {characters, Size - 1}; }

  char characters[Size]{};
};

}  // namespace internal

/// The table of `Row` once more, under another name:
///
///   using Manager = data::As<Employee, "manager">;
///   column<Manager>(&Employee::name)
template <Table Row, internal::FixedName Name>
struct As {
  static_assert(internal::is_identifier(Name.view()),
                "the other name of a table must be plain: letters, digits and _");
};

namespace internal {

template <class Source>
struct SourceTraits;

template <Table Source>
struct SourceTraits<Source> {
  using Row = Source;
  static std::string name() { return quoted_table<Row>(); }
  static std::string declaration() { return quoted_table<Row>(); }
};
template <Table Source, FixedName Name>
struct SourceTraits<As<Source, Name>> {
  using Row = Source;
  static std::string name() { return quoted(Name.view()); }
  static std::string declaration() { return quoted_table<Row>() + " AS " + name(); }
};

template <class Source>
using RowOf = typename SourceTraits<Source>::Row;

/// A list of types.
template <class... Each>
struct List {};

template <class Wanted, class Within>
inline constexpr bool kIsIn = false;
template <class Wanted, class... Each>
inline constexpr bool kIsIn<Wanted, List<Each...>> = (std::same_as<Wanted, Each> || ...);

/// True if every type of one list is in another.
template <class Part, class Whole>
inline constexpr bool kIsSubset = false;
template <class... Each, class Whole>
inline constexpr bool kIsSubset<List<Each...>, Whole> = (kIsIn<Each, Whole> && ...);

template <class Left, class Right>
struct Joined;
template <class... Left>
struct Joined<List<Left...>, List<>> {
  using type = List<Left...>;
};
template <class... Left, class Next, class... Right>
struct Joined<List<Left...>, List<Next, Right...>> {
  using Longer = std::conditional_t<kIsIn<Next, List<Left...>>, List<Left...>, List<Left..., Next>>;
  using type = typename Joined<Longer, List<Right...>>::type;
};
/// The types of both lists, each once.
template <class Left, class Right>
using Union = typename Joined<Left, Right>::type;

}  // namespace internal

/// A table, or one under another name.
template <class Subject>
concept Source = requires { typename internal::SourceTraits<Subject>::Row; };

}  // namespace hornbeam::data
