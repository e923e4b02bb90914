#pragma once

// from: C++ values as templates see them.
//
// A described struct is seen by reference: its members are read when a template asks for them, and
// texts are not copied. So what is given must outlive the rendering, which it does when it is a
// variable beside the call of `render`.

#include <array>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hornbeam/base/describe.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

template <class Given>
Value from(const Given& given);

namespace internal {

template <base::Described Subject>
class Described;

/// What templates read of a described struct, one for each of its fields.
template <base::Described Subject>
struct FieldsOf {
  static const MemberTable kTable;

 private:
  static constexpr std::size_t kCount = base::kDescription<Subject>.size();
  template <std::size_t kAt>
  static Value read(const Object& object);
  template <std::size_t... kAt>
  static constexpr std::array<Member, kCount> all(std::index_sequence<kAt...>) {
    return {Member{&kTable, std::get<kAt>(base::kDescription<Subject>.all).name, &read<kAt>}...};
  }
  static const std::array<Member, kCount> kMembers;
};

/// A described struct: a mapping whose members are read when they are asked for.
template <base::Described Subject>
class Described final : public Object {
 public:
  explicit Described(const Subject& subject) noexcept
      : Object(FieldsOf<Subject>::kTable), subject_(subject) {}

  const Subject& subject() const noexcept { return subject_; }
  std::optional<Value> attribute(std::string_view name) const override {
    const Member* member = table()->find(name);
    return member != nullptr ? std::optional(member->read(*this)) : std::nullopt;
  }
  std::optional<Value> item(const Value& key) const override {
    return key.is_text() ? attribute(key.text()) : std::nullopt;
  }
  /// `items`, `keys`, `values` and `get`, as every mapping has them, unless a member is called so.
  bool has_method(std::string_view name) const override {
    const bool known = name == "items" || name == "keys" || name == "values" || name == "get";
    return known && !attribute(name);
  }
  std::optional<Value> method(std::string_view name, Arguments& arguments) override {
    if (!has_method(name)) return std::nullopt;
    std::vector<std::pair<Value, Value>> members;
    base::for_each_field<Subject>([&](const auto& field) {
      members.emplace_back(Value::borrowed(field.name), from(field.get(subject_)));
    });
    return Mapping(std::move(members)).method(name, arguments);
  }
  std::optional<std::size_t> size() const override { return base::kDescription<Subject>.size(); }
  bool each(const std::function<bool(Value)>& take) const override {
    bool goes_on = true;
    base::for_each_field<Subject>([&](const auto& field) {
      if (goes_on) goes_on = take(Value::borrowed(field.name));
    });
    return true;
  }
  std::string repr() const override {
    std::string out = "{";
    base::for_each_field<Subject>([&](const auto& field) {
      if (out.size() > 1) out += ", ";
      out += Value(std::string(field.name)).repr() + ": " + from(field.get(subject_)).repr();
    });
    return out + "}";
  }
  std::string_view type_name() const override { return "struct"; }

 private:
  const Subject& subject_;
};

template <base::Described Subject>
template <std::size_t kAt>
Value FieldsOf<Subject>::read(const Object& object) {
  const auto& subject = static_cast<const Described<Subject>&>(object).subject();
  return from(std::get<kAt>(base::kDescription<Subject>.all).get(subject));
}
template <base::Described Subject>
constinit const std::array<Member, FieldsOf<Subject>::kCount> FieldsOf<Subject>::kMembers =
    FieldsOf<Subject>::all(std::make_index_sequence<kCount>());
template <base::Described Subject>
constinit const MemberTable FieldsOf<Subject>::kTable{FieldsOf<Subject>::kMembers};

template <class Given>
concept ListsDescribed = std::ranges::sized_range<const Given> &&
                         base::Described<std::ranges::range_value_t<const Given>> &&
                         std::is_lvalue_reference_v<std::ranges::range_reference_t<const Given>>;

/// What looks at the elements is one piece of memory, which each of them keeps.
template <ListsDescribed Given>
Value list_of_described(const Given& given) {
  using Element = Described<std::ranges::range_value_t<const Given>>;
  const auto all = std::make_shared<std::vector<Element>>();
  all->reserve(std::ranges::size(given));
  std::vector<Value> elements;
  elements.reserve(std::ranges::size(given));
  for (const auto& each : given) {
    Element& added = all->emplace_back(each);
    elements.push_back(Value::object(std::shared_ptr<Object>(all, &added), Value::Kind::kMapping));
  }
  return Value::list(std::move(elements));
}

template <class Given>
struct IsOptional : std::false_type {};
template <class Held>
struct IsOptional<std::optional<Held>> : std::true_type {};

template <class Given>
concept KeyedByText = std::ranges::range<Given> && requires {
  typename Given::mapped_type;
  requires std::convertible_to<typename Given::key_type, std::string_view>;
};

}  // namespace internal

/// `given` as a template's value: numbers, texts (borrowed), optionals (None where empty), ranges
/// (lists), maps keyed by text, described structs, and values themselves.
/// Lifetime: `given` outlives the rendering.
template <class Given>
Value from(const Given& given) {
  if constexpr (std::same_as<Given, Value>) {
    return given;
  } else if constexpr (std::is_arithmetic_v<Given>) {
    return Value(given);
  } else if constexpr (std::convertible_to<const Given&, std::string_view>) {
    return Value::borrowed(std::string_view(given));
  } else if constexpr (internal::IsOptional<Given>::value) {
    return given ? from(*given) : Value();
  } else if constexpr (internal::KeyedByText<Given>) {
    std::vector<std::pair<Value, Value>> members;
    for (const auto& [key, value] : given) {
      members.emplace_back(Value::borrowed(std::string_view(key)), from(value));
    }
    return Value::mapping(std::move(members));
  } else if constexpr (internal::ListsDescribed<Given>) {
    return internal::list_of_described(given);
  } else if constexpr (std::ranges::range<Given>) {
    std::vector<Value> elements;
    if constexpr (std::ranges::sized_range<Given>) elements.reserve(std::ranges::size(given));
    for (const auto& each : given) elements.push_back(from(each));
    return Value::list(std::move(elements));
  } else {
    static_assert(base::Described<Given>,
                  "a template cannot see a value of this type. Mend: describe the struct, as "
                  "base/describe.h shows");
    return Value::object(std::make_shared<internal::Described<Given>>(given),
                         Value::Kind::kMapping);
  }
}

}  // namespace hornbeam::templates
