#pragma once

// Reading JSON into described structs, reporting everything that is wrong, not the first thing.
//
//   auto post = from_json<NewPost>(text);
//   if (!post) for (const Problem& problem : post.error().problems) ...
//
// A member must be there unless it is an optional or marked `or_default`; a key that is not
// described is refused, unless the description says `extra_keys(ExtraKeys::kIgnore)`; a default is
// asked the rules too; a bool is no number, a text is no number, and 3.0 is no int. The members'
// rules are asked once the type is right.

#include <array>
#include <chrono>
#include <limits>
#include <utility>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_write.h"
#include "hornbeam/base/problem.h"
#include "hornbeam/base/result.h"
#include "hornbeam/base/rules.h"

namespace hornbeam::base {

/// Collects the problems of one reading.
class JsonReader {
 public:
  JsonReader() = default;
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// Reads `json` into `value`; what is wrong is added to `problems()`.
  template <class Value>
  void read(JsonView json, Value& value);
  /// Reads `json` into `value` as what stands at `place`, so that problems inside it are told
  /// there.
  template <class Value>
  void read_at(const Place& place, JsonView json, Value& value);

  /// Reports a problem with the value being read.
  void report(std::string message);
  /// Reports a problem at a place that is not the value being read, such as one of its fields.
  void report_at(const Place& place, std::string message, bool is_about_value = true);

  /// What has been found wrong so far.
  Problems& problems() noexcept { return problems_; }
  /// Where the value being read stands in the document.
  const Place& place() const noexcept { return *place_; }

 private:
  template <class Subject>
  void read_object(JsonView json, Subject& subject);
  template <class Subject>
  void report_extra_keys(JsonView json);
  template <class Field, class Subject>
  void read_field(const Field& field, JsonView json, Subject& subject);
  template <class Sequence>
  void read_list(JsonView json, Sequence& list);
  template <class Map>
  void read_map(JsonView json, Map& map);
  template <class Number>
  void read_number(JsonView json, Number& number);
  template <class... Choices>
  void read_variant(JsonView json, std::variant<Choices...>& value);
  void read_bool(JsonView json, bool& value);
  void read_string(JsonView json, std::string& value);
  void read_time(JsonView json, std::chrono::system_clock::time_point& value);
  void report_range(std::int64_t minimum, std::uint64_t maximum, bool is_below);

  Place root_;
  const Place* place_ = &root_;
  Problems problems_;
};

/// Why a text could not be read: it is no JSON, or it is not what was asked for.
struct JsonFailure {
  /// Set if the text is no JSON; `problems` is empty then.
  std::optional<JsonSyntaxError> syntax{};
  Problems problems{};  ///< What is wrong with JSON that could be read, everything at once.

  /// Everything in one line.
  std::string message() const;
};

/// Reads a whole text.
template <class Value>
Result<Value, JsonFailure> from_json(std::string_view text) {
  auto document = JsonDocument::parse(text);
  if (!document) return std::unexpected(JsonFailure{.syntax = std::move(document.error())});
  Value value{};
  JsonReader reader;
  reader.read(document->root(), value);
  if (!reader.problems().empty()) {
    return std::unexpected(JsonFailure{.problems = std::move(reader.problems())});
  }
  return value;
}

/// Reads the text RFC 3339 gives a time, such as "2024-02-29T12:00:00.25+01:00".
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

/// Asks the rules of `field` about `value` and reports the first it breaks. An empty optional has
/// no value to ask about.
template <class Field, class Value, class Report>
void check_rules(const Field& field, const Value& value, Report report) {
  if constexpr (json_detail::kIsOptional<Value>) {
    if (value.has_value()) check_rules(field, *value, report);
  } else {
    std::optional<std::string> broken;
    std::apply(
        [&](const auto&... mark) { static_cast<void>(((broken = violation(mark, value)) || ...)); },
        field.marks);
    if (broken) report(std::move(*broken));
  }
}

/// True if a field may be left out of the input.
template <class Field>
inline constexpr bool kMayBeMissing =
    json_detail::kIsOptional<typename Field::value_type> || Field::template has<OrDefault>();

template <class Value>
void JsonReader::read_at(const Place& place, JsonView json, Value& value) {
  const Place* const outer = std::exchange(place_, &place);
  read(json, value);
  place_ = outer;
}

template <class Value>
void JsonReader::read(JsonView json, Value& value) {
  if constexpr (json_detail::HasCodec<Value>) {
    JsonCodec<Value>::read(*this, json, value);
  } else if constexpr (Described<Value>) {
    read_object(json, value);
  } else if constexpr (std::same_as<Value, bool>) {
    read_bool(json, value);
  } else if constexpr (std::is_arithmetic_v<Value>) {
    read_number(json, value);
  } else if constexpr (std::same_as<Value, std::string>) {
    read_string(json, value);
  } else if constexpr (std::same_as<Value, RawJson>) {
    value.text = json.text();
  } else if constexpr (std::same_as<Value, std::monostate>) {
    if (!json.is_null()) report("expected None");
  } else if constexpr (std::same_as<Value, std::chrono::system_clock::time_point>) {
    read_time(json, value);
  } else if constexpr (json_detail::kIsOptional<Value>) {
    value.reset();
    if (!json.is_null()) read(json, value.emplace());
  } else if constexpr (json_detail::kIsVariant<Value>) {
    read_variant(json, value);
  } else if constexpr (json_detail::kIsMap<Value>) {
    read_map(json, value);
  } else {
    static_assert(
        json_detail::List<Value> && requires { typename Value::value_type; },
        "this type cannot be read from JSON. Mend: give it a description "
        "(constexpr auto describe(Type<...>) beside it) or specialise JsonCodec");
    read_list(json, value);
  }
}

template <class Subject>
void JsonReader::read_object(JsonView json, Subject& subject) {
  if (json.kind() != JsonKind::kObject) return report("expected a dictionary");
  const std::size_t before = problems_.size();
  for_each_field<Subject>([&](const auto& field) { read_field(field, json, subject); });
  report_extra_keys<Subject>(json);
  if (problems_.size() != before) return;
  for_each_broken_check(std::as_const(subject), [&](std::string_view message, std::string_view at) {
    report_at(at.empty() ? *place_ : place_->at(at), std::string(message));
  });
}

template <class Subject>
void JsonReader::report_extra_keys(JsonView json) {
  if constexpr (kDescription<Subject>.extra == ExtraKeys::kIgnore) return;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view key = json.member(i).first;
    bool is_known = false;
    for_each_field<Subject>([&](const auto& field) { is_known |= field.name == key; });
    if (!is_known) report_at(place_->at(key), "extra keys not allowed", false);
  }
}

template <class Field, class Subject>
void JsonReader::read_field(const Field& field, JsonView json, Subject& subject) {
  const Place place = place_->at(field.name);
  const std::optional<JsonView> found = json.find(field.name);
  if (!found) {
    if (!kMayBeMissing<Field>) return report_at(place, "required key not provided", false);
    return check_rules(field, std::as_const(field.get(subject)),
                       [&](std::string message) { report_at(place, std::move(message)); });
  }
  const std::size_t before = problems_.size();
  read_at(place, *found, field.get(subject));
  if (problems_.size() != before) return;
  check_rules(field, std::as_const(field.get(subject)),
              [&](std::string message) { report_at(place, std::move(message)); });
}

template <class Sequence>
void JsonReader::read_list(JsonView json, Sequence& list) {
  if (json.kind() != JsonKind::kArray) return report("expected a list");
  if constexpr (requires { list.clear(); }) {
    list.clear();
    for (std::size_t i = 0; i < json.size(); ++i) {
      typename Sequence::value_type element{};
      read_at(place_->at(i), json.element(i), element);
      list.push_back(std::move(element));
    }
  } else {
    if (json.size() != list.size()) {
      const char* bound = json.size() < list.size() ? "at least " : "at most ";
      return report("length of value must be " + (bound + std::to_string(list.size())));
    }
    for (std::size_t i = 0; i < list.size(); ++i) read_at(place_->at(i), json.element(i), list[i]);
  }
}

template <class Map>
void JsonReader::read_map(JsonView json, Map& map) {
  if (json.kind() != JsonKind::kObject) return report("expected a dictionary");
  map.clear();
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto [key, member] = json.member(i);
    read_at(place_->at(key), member, map[std::string(key)]);
  }
}

template <class Number>
void JsonReader::read_number(JsonView json, Number& number) {
  if constexpr (std::is_floating_point_v<Number>) {
    const std::optional<double> found = json.find_number();
    if (!found) return report("expected float");
    number = static_cast<Number>(*found);
  } else {
    if (json.kind() != JsonKind::kInt) return report("expected int");
    const std::optional<std::int64_t> as_signed = json.find_int();
    const std::optional<std::uint64_t> as_unsigned = json.find_unsigned();
    if (as_signed && std::in_range<Number>(*as_signed)) {
      number = static_cast<Number>(*as_signed);
    } else if (as_unsigned && std::in_range<Number>(*as_unsigned)) {
      number = static_cast<Number>(*as_unsigned);
    } else {
      report_range(static_cast<std::int64_t>(std::numeric_limits<Number>::lowest()),
                   static_cast<std::uint64_t>(std::numeric_limits<Number>::max()), !as_unsigned);
    }
  }
}

template <class... Choices>
void JsonReader::read_variant(JsonView json, std::variant<Choices...>& value) {
  // The first alternative without a problem is taken; if none is, the one that got furthest
  // reports.
  const std::size_t before = problems_.size();
  Problems deepest;
  bool is_read = false;
  auto attempt = [&]<class Choice>(std::type_identity<Choice>) {
    Choice choice{};
    read(json, choice);
    if (problems_.size() == before) {
      value = std::move(choice);
      is_read = true;
      return true;
    }
    const auto first = problems_.begin() + static_cast<std::ptrdiff_t>(before);
    if (deepest.empty() || first->path.size() > deepest.front().path.size()) {
      deepest.assign(std::move_iterator(first), std::move_iterator(problems_.end()));
    }
    problems_.resize(before);
    return false;
  };
  static_cast<void>((attempt(std::type_identity<Choices>{}) || ...));
  if (!is_read) {
    for (Problem& problem : deepest) problems_.push_back(std::move(problem));
  }
}

}  // namespace hornbeam::base
