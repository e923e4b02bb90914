// Filters over sequences and mappings.

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <span>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/expressions.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/internal/text_shapes.h"

namespace hornbeam::templates::internal {

namespace {

using Kind = Value::Kind;

char folded(char each) {
  return static_cast<char>(each + (each >= 'A' && each <= 'Z' ? 0x20 : 0));
}

/// Where two texts differ first but for case, in bytes: the shorter's size if they do not.
std::size_t first_difference(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t at = 0;
  while (at < common && folded(left[at]) == folded(right[at])) ++at;
  return at;
}

/// Below 0, 0 or above. Bytes order UTF-8 as code points do.
int compare_ignoring_case(std::string_view left, std::string_view right) {
  for (std::size_t at = first_difference(left, right); at < std::min(left.size(), right.size());
       at = first_difference(left, right)) {
    const auto first = static_cast<unsigned char>(folded(left[at]));
    const auto second = static_cast<unsigned char>(folded(right[at]));
    if ((first | second) < 0x80) return first < second ? -1 : 1;
    // Back to the character's first byte, which is at the same place in both, at most three away.
    for (int back = 0; back < 3 && at > 0; ++back, --at) {
      if ((static_cast<unsigned char>(left[at]) & 0xC0U) != 0x80) break;
    }
    left.remove_prefix(at);
    right.remove_prefix(at);
    const char32_t one = lower_point(base::take_code_point(left));
    const char32_t other = lower_point(base::take_code_point(right));
    if (one != other) return one < other ? -1 : 1;
  }
  return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
}

/// The first eight bytes of a text, which order it against others of which they differ; 0 if they
/// do not order it.
std::uint64_t prefix_of(const Value& value, bool minds_case) {
  constexpr auto all_bytes = [](std::uint64_t byte) { return byte * 0x0101010101010101U; };
  if (!value.is_text() || value.text().empty()) return 0;
  std::uint64_t eight = 0;
  std::memcpy(&eight, value.text().data(), std::min(value.text().size(), sizeof(eight)));
  if constexpr (std::endian::native == std::endian::little) eight = std::byteswap(eight);
  if ((eight & all_bytes(0x80)) != 0) return 0;  // Not ASCII: case is not one bit.
  if (minds_case) return eight;
  const std::uint64_t from_a = eight + all_bytes(0x80 - 'A');
  const std::uint64_t past_z = eight + all_bytes(0x7F - 'Z');
  return eight | ((from_a & ~past_z & all_bytes(0x80)) >> 2U);
}

/// Elements with what they are looked at by: an attribute, several with commas, or themselves.
class Keyed {
 public:
  Keyed(const FilterCall& call, const Value& attribute, bool minds_case)
      : elements(elements_of(call.value)), minds_case_(minds_case) {
    if (attribute.is_none()) {
      keys_ = elements;
    } else if (attribute.is_text() && attribute.text().contains(',')) {
      take_keys(call, split(attribute.text()));
    } else {
      take_keys(call, {&attribute, 1});
    }
    take_prefixes();
  }
  /// Requires: a key for each element.
  Keyed(std::vector<Value> keys, std::vector<Value> all, bool minds_case)
      : elements(std::move(all)), keys_(std::move(keys)), minds_case_(minds_case) {
    take_prefixes();
  }

  /// Below 0, 0 or above, as Python orders keys. Throws TemplateError for what has no order.
  int compare(std::size_t left, std::size_t right) const {
    const std::uint64_t first_prefix = prefixes_[left];
    const std::uint64_t second_prefix = prefixes_[right];
    if (first_prefix != second_prefix && first_prefix != 0 && second_prefix != 0) {
      return first_prefix < second_prefix ? -1 : 1;
    }
    return compare_keys(left, right);
  }
  /// The places of the elements in order.
  std::vector<std::size_t> order(bool descending = false) const {
    std::vector<std::size_t> places(elements.size());
    for (std::size_t at = 0; at < places.size(); ++at) places[at] = at;
    sort_stably(places, [&](std::size_t left, std::size_t right) {
      return descending ? compare(right, left) < 0 : compare(left, right) < 0;
    });
    return places;
  }
  Value sorted(bool descending) {
    std::vector<Value> all;
    all.reserve(elements.size());
    for (const std::size_t at : order(descending)) all.push_back(std::move(elements[at]));
    return Value::list(std::move(all));
  }
  /// The key of an element as a value that equals those of elements that compare as equal.
  Value key(std::size_t place) const {
    std::vector<Value> parts;
    for (std::size_t at = 0; at < width_; ++at) {
      const Value& part = keys_[place * width_ + at];
      parts.push_back(!minds_case_ && part.is_text() ? Value(lower(part.text())) : part);
    }
    return Value::tuple(std::move(parts));
  }

  std::vector<Value> elements;

 private:
  /// Out of line, so that what most comparisons need is small where they are made.
  [[gnu::noinline]] int compare_keys(std::size_t left, std::size_t right) const {
    for (std::size_t at = 0; at < width_; ++at) {
      const Value& first = keys_[left * width_ + at];
      const Value& second = keys_[right * width_ + at];
      if (const int order = compare(first, second)) return order;
    }
    return 0;
  }
  void take_keys(const FilterCall& call, std::span<const Value> parts) {
    width_ = parts.size();
    keys_.reserve(elements.size() * width_);
    for (const Value& each : elements) {
      for (const Value& part : parts) keys_.push_back(key_of(call, each, part));
    }
  }
  Value key_of(const FilterCall& call, const Value& element, const Value& part) {
    if (width_ == 1 && element.is(Kind::kMapping) && part.is_text()) {  // Most are structs.
      const MemberTable* table = element.object()->table();
      if (table != nullptr && (member_ == nullptr || member_->table != table)) {
        member_ = part.text().contains('.') ? nullptr : table->find(part.text());
      }
      if (table != nullptr && member_ != nullptr) return member_->read(*element.object());
    }
    return deep_attribute(call.rendering.environment(), element, part);
  }
  void take_prefixes() {
    prefixes_.reserve(elements.size());
    for (std::size_t at = 0; at < elements.size(); ++at) {
      prefixes_.push_back(prefix_of(keys_[at * width_], minds_case_));
    }
  }
  static std::vector<Value> split(std::string_view text) {
    std::vector<Value> parts;
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = text.find(',');
      parts.emplace_back(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
  }
  int compare(const Value& left, const Value& right) const {
    if (left.is_text() && right.is_text()) {
      return minds_case_ ? left.text().compare(right.text())
                         : compare_ignoring_case(left.text(), right.text());
    }
    if (left == right) return 0;
    return is_less(left, right) ? -1 : 1;
  }

  std::vector<Value> keys_;              // `width_` of each element.
  std::vector<std::uint64_t> prefixes_;  // Of the first key of each element.
  const Member* member_ = nullptr;       // What the last struct's key was read by.
  std::size_t width_ = 1;
  bool minds_case_;
};

Value sort(FilterCall& call) {
  Keyed all(call, call.argument(2, "attribute"), call.flag(1, "case_sensitive", false));
  return all.sorted(call.flag(0, "reverse", false));
}

Value dictsort(FilterCall& call) {
  const bool minds_case = call.flag(0, "case_sensitive", false);
  const std::string by = call.text(1, "by", "key");
  if (by != "key" && by != "value") fail("You can only sort by either \"key\" or \"value\"");
  std::vector<Value> keys;
  std::vector<Value> pairs;
  for (const auto& [key, value] : members_of(call.value)) {
    keys.push_back(by == "key" ? key : value);
    pairs.push_back(Value::tuple({key, value}));
  }
  return Keyed(std::move(keys), std::move(pairs), minds_case)
      .sorted(call.flag(2, "reverse", false));
}

Value unique(FilterCall& call) {
  Keyed all(call, call.argument(1, "attribute"), call.flag(0, "case_sensitive", false));
  std::vector<Value> kept;
  Mapping seen;
  for (std::size_t at = 0; at < all.elements.size(); ++at) {
    Value key = all.key(at);
    if (seen.find(key) != nullptr) continue;
    seen.set(std::move(key), Value());
    kept.push_back(std::move(all.elements[at]));
  }
  return Value::list(std::move(kept));
}

Value extreme(FilterCall& call, bool wants_least) {
  Keyed all(call, call.argument(1, "attribute"), call.flag(0, "case_sensitive", false));
  if (all.elements.empty()) {
    return undefined_in(call.rendering.environment(), "No aggregated item, sequence was empty.",
                        "");
  }
  std::size_t best = 0;
  for (std::size_t at = 1; at < all.elements.size(); ++at) {
    if (wants_least ? all.compare(at, best) < 0 : all.compare(best, at) < 0) best = at;
  }
  return all.elements[best];
}

/// A group prints as a tuple and has names.
class Group final : public List {
 public:
  Group(Value grouper, Value list) : List({std::move(grouper), std::move(list)}, true) {}
  std::optional<Value> attribute(std::string_view name) const override {
    if (name == "grouper") return elements[0];
    if (name == "list") return elements[1];
    return std::nullopt;
  }
};

Value groupby(FilterCall& call) {
  const Value attribute = call.argument(0, "attribute");
  if (attribute.is_none()) fail("groupby needs an attribute");
  const Value fallback = call.argument(1, "default", Value::unset());
  const bool minds_case = call.flag(2, "case_sensitive", false);
  std::vector<Value> members_given = elements_of(call.value);
  std::vector<Value> shown;
  for (const Value& each : members_given) {
    Value key = deep_attribute(call.rendering.environment(), each, attribute);
    if (key.is_undefined() && !fallback.is(Kind::kUnset)) key = fallback;
    shown.push_back(std::move(key));
  }
  Keyed all(shown, std::move(members_given), minds_case);
  const std::vector<std::size_t> order = all.order();
  std::vector<Value> groups;
  for (std::size_t at = 0; at < order.size();) {
    const std::size_t begin = order[at];
    std::vector<Value> members;
    while (at < order.size() && all.compare(order[at], begin) == 0) {
      members.push_back(std::move(all.elements[order[at++]]));
    }
    groups.push_back(Value::object(
        std::make_shared<Group>(std::move(shown[begin]), Value::list(std::move(members))),
        Kind::kTuple));
  }
  return Value::list(std::move(groups));
}

Value batch(FilterCall& call) {
  const std::int64_t size = call.integer(0, "linecount", 0);
  if (size <= 0) fail("batch needs a number of elements above 0");
  const Value filler = call.argument(1, "fill_with");
  std::vector<Value> batches;
  std::vector<Value> current;
  for_each(call.value, [&](Value each) {
    if (static_cast<std::int64_t>(current.size()) == size) {
      batches.push_back(Value::list(std::exchange(current, {})));
    }
    current.push_back(std::move(each));
    return true;
  });
  if (!current.empty()) {
    if (!filler.is_none()) {
      if (size > 100'000) fail("batch fills at most 100000 elements");
      current.resize(static_cast<std::size_t>(size), filler);
    }
    batches.push_back(Value::list(std::move(current)));
  }
  return Value::list(std::move(batches));
}

Value slice(FilterCall& call) {
  const std::int64_t given = call.integer(0, "slices", 0);
  if (given <= 0 || given > 100'000) fail("slice needs a number of slices from 1 to 100000");
  const auto count = static_cast<std::size_t>(given);
  const Value filler = call.argument(1, "fill_with");
  const std::vector<Value> all = elements_of(call.value);
  const std::size_t each = all.size() / count;
  const std::size_t longer = all.size() % count;
  std::vector<Value> slices;
  std::size_t at = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const std::size_t size = each + (index < longer ? 1 : 0);
    std::vector<Value> part(all.begin() + static_cast<std::ptrdiff_t>(at),
                            all.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
    if (!filler.is_none() && index >= longer) part.push_back(filler);
    slices.push_back(Value::list(std::move(part)));
  }
  return Value::list(std::move(slices));
}

/// The filter or test that map, select and reject apply, with the arguments that are left.
std::pair<const Filter*, Arguments> named_function(const FilterCall& call, std::size_t at,
                                                   bool is_test) {
  const std::string name = call.arguments.positional.at(at).to_text();
  const auto& environment = call.rendering.environment();
  const Filter* found = is_test ? environment.find_test(name) : environment.find_filter(name);
  if (found == nullptr)
    fail((is_test ? "No test named " : "No filter named ") + quoted(name) + ".");
  Arguments rest;
  for (std::size_t each = at + 1; each < call.arguments.positional.size(); ++each) {
    rest.positional.push_back(call.arguments.positional[each]);
  }
  rest.named = call.arguments.named;
  return {found, std::move(rest)};
}

Value map(FilterCall& call) {
  if (!call.value.is_true()) return Value::list({});  // Whatever it is, as Jinja.
  std::vector<Value> mapped;
  const Value* attribute = nullptr;
  const Value* fallback = nullptr;
  for (const auto& [name, value] : call.arguments.named) {
    if (name == "attribute") attribute = &value;
    if (name == "default") fallback = &value;
  }
  if (call.arguments.positional.empty() && attribute != nullptr) {
    for_each(call.value, [&](const Value& each) {
      Value found = deep_attribute(call.rendering.environment(), each, *attribute);
      if (found.is_undefined() && fallback != nullptr) found = *fallback;
      mapped.push_back(std::move(found));
      return true;
    });
    return Value::list(std::move(mapped));
  }
  if (call.arguments.positional.empty()) fail("map requires a filter argument");
  const auto named = named_function(call, 0, false);
  for_each(call.value, [&](Value each) {
    FilterCall inner{call.rendering, std::move(each), named.second, call.escapes};
    mapped.push_back((*named.first)(inner));
    return true;
  });
  return Value::list(std::move(mapped));
}

/// select, reject, selectattr, rejectattr.
Value select(FilterCall& call, bool wanted, bool by_attribute) {
  if (by_attribute && call.arguments.positional.empty())
    fail("Missing parameter for attribute name");
  if (!call.value.is_true()) return Value::list({});  // Whatever it is, as Jinja.
  const std::size_t at = by_attribute ? 1 : 0;
  const Filter* test = nullptr;
  Arguments rest;
  if (call.arguments.positional.size() > at) std::tie(test, rest) = named_function(call, at, true);
  std::vector<Value> kept;
  for_each(call.value, [&](Value each) {
    Value subject = by_attribute ? deep_attribute(call.rendering.environment(), each,
                                                  call.arguments.positional.front())
                                 : each;
    bool holds = false;
    if (test != nullptr) {
      FilterCall inner{call.rendering, std::move(subject), rest, call.escapes};
      holds = (*test)(inner).is_true();
    } else {
      holds = subject.is_true();
    }
    if (holds == wanted) kept.push_back(std::move(each));
    return true;
  });
  return Value::list(std::move(kept));
}

Value first_of(FilterCall& call) {
  std::optional<Value> found;
  for_each(call.value, [&](Value each) {
    found = std::move(each);
    return false;
  });
  return found
             ? *found
             : undefined_in(call.rendering.environment(), "No first item, sequence was empty.", "");
}

Value last_of(FilterCall& call) {
  const std::vector<Value> all = elements_of(call.value);
  return !all.empty()
             ? all.back()
             : undefined_in(call.rendering.environment(), "No last item, sequence was empty.", "");
}

Value reverse(FilterCall& call) {
  std::vector<Value> all = elements_of(call.value);
  std::ranges::reverse(all);
  if (!call.value.is_text()) return Value::list(std::move(all));
  std::string text;
  for (const Value& each : all) text += each.text();
  return call.value.is_safe() ? Value::safe(std::move(text)) : Value(std::move(text));
}

Value random_of(FilterCall& call) {
  const std::vector<Value> all = elements_of(call.value);
  if (all.empty()) {
    return undefined_in(call.rendering.environment(), "No random item, sequence was empty.", "");
  }
  thread_local std::minstd_rand numbers{std::random_device{}()};
  return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(numbers)];
}

Value sum(FilterCall& call) {
  const Value attribute = call.argument(0, "attribute");
  Value total = call.argument(1, "start", Value(0));
  for_each(call.value, [&](const Value& each) {
    total = apply(
        Binary::kAdd, total,
        attribute.is_none() ? each : deep_attribute(call.rendering.environment(), each, attribute));
    return true;
  });
  return total;
}

Value items(FilterCall& call) {
  if (call.value.is_undefined()) return Value::list({});
  std::vector<Value> all;
  for (const auto& [key, value] : members_of(call.value)) all.push_back(Value::tuple({key, value}));
  return Value::list(std::move(all));
}

}  // namespace

void add_list_filters(Environment& environment) {
  environment.add_filter("sort", sort);
  environment.add_filter("dictsort", dictsort);
  environment.add_filter("unique", unique);
  environment.add_filter("min", [](FilterCall& call) { return extreme(call, true); });
  environment.add_filter("max", [](FilterCall& call) { return extreme(call, false); });
  environment.add_filter("groupby", groupby);
  environment.add_filter("batch", batch);
  environment.add_filter("slice", slice);
  environment.add_filter("map", map);
  environment.add_filter("select", [](FilterCall& call) { return select(call, true, false); });
  environment.add_filter("reject", [](FilterCall& call) { return select(call, false, false); });
  environment.add_filter("selectattr", [](FilterCall& call) { return select(call, true, true); });
  environment.add_filter("rejectattr", [](FilterCall& call) { return select(call, false, true); });
  environment.add_filter("first", first_of);
  environment.add_filter("last", last_of);
  environment.add_filter("reverse", reverse);
  environment.add_filter("random", random_of);
  environment.add_filter("sum", sum);
  environment.add_filter("items", items);
  environment.add_filter("list",
                         [](FilterCall& call) { return Value::own_list(elements_of(call.value)); });
  for (const char* name : {"length", "count"}) {
    environment.add_filter(name, [](FilterCall& call) { return Value(length_of(call.value)); });
  }
  for (const char* name : {"default", "d"}) {
    environment.add_filter(name, [](FilterCall& call) {
      const bool falls_back =
          call.value.is_undefined() || (call.flag(1, "boolean", false) && !call.value.is_true());
      return falls_back ? call.argument(0, "default_value", Value("")) : call.value;
    });
  }
  environment.add_filter("attr", [](FilterCall& call) {
    const Value name = call.argument(0, "name");
    return attribute_of(call.rendering.environment(), call.value, name.to_text());
  });
}

}  // namespace hornbeam::templates::internal
