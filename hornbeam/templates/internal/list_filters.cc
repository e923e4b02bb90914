// Filters over sequences and mappings.

#include <algorithm>
#include <random>

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

Value ignoring_case(const Value& value) {
  return value.is_text() ? Value(lower(value.text())) : value;
}

/// What a filter looks at in each element: an attribute, several with commas, or itself.
std::vector<Value> keys_of(const FilterCall& call, const Value& element, const Value& attribute,
                           bool minds_case) {
  std::vector<Value> keys;
  const auto add = [&](Value key) {
    keys.push_back(minds_case ? std::move(key) : ignoring_case(key));
  };
  if (attribute.is_none()) {
    add(element);
  } else if (attribute.is_text() && attribute.text().contains(',')) {
    std::string_view rest = attribute.text();
    while (true) {  // Ends: every round takes a part.
      const std::size_t end = rest.find(',');
      add(deep_attribute(call.rendering.environment(), element,
                         Value(std::string(rest.substr(0, end)))));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  } else {
    add(deep_attribute(call.rendering.environment(), element, attribute));
  }
  return keys;
}

bool less_keys(const std::vector<Value>& left, const std::vector<Value>& right) {
  for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at) {
    if (!(left[at] == right[at])) return is_less(left[at], right[at]);
  }
  return left.size() < right.size();
}

using Keyed = std::pair<std::vector<Value>, Value>;

std::vector<Keyed> keyed(const FilterCall& call, const Value& attribute, bool minds_case) {
  std::vector<Keyed> all;
  for_each(call.value, [&](Value each) {
    auto keys = keys_of(call, each, attribute, minds_case);
    all.emplace_back(std::move(keys), std::move(each));
    return true;
  });
  return all;
}

void sort_keyed(std::vector<Keyed>& all, bool descending) {
  sort_stably(all, [&](const Keyed& left, const Keyed& right) {
    return descending ? less_keys(right.first, left.first) : less_keys(left.first, right.first);
  });
}

Value sort(FilterCall& call) {
  auto all = keyed(call, call.argument(2, "attribute"), call.flag(1, "case_sensitive", false));
  sort_keyed(all, call.flag(0, "reverse", false));
  std::vector<Value> sorted;
  for (auto& each : all) sorted.push_back(std::move(each.second));
  return Value::list(std::move(sorted));
}

Value dictsort(FilterCall& call) {
  const bool minds_case = call.flag(0, "case_sensitive", false);
  const std::string by = call.text(1, "by", "key");
  if (by != "key" && by != "value") fail("You can only sort by either \"key\" or \"value\"");
  std::vector<Keyed> all;
  for (const auto& [key, value] : members_of(call.value)) {
    const Value& what = by == "key" ? key : value;
    all.emplace_back(std::vector<Value>{minds_case ? what : ignoring_case(what)},
                     Value::tuple({key, value}));
  }
  sort_keyed(all, call.flag(2, "reverse", false));
  std::vector<Value> sorted;
  for (auto& each : all) sorted.push_back(std::move(each.second));
  return Value::list(std::move(sorted));
}

Value unique(FilterCall& call) {
  auto all = keyed(call, call.argument(1, "attribute"), call.flag(0, "case_sensitive", false));
  std::vector<Value> kept;
  Mapping seen;
  for (auto& [keys, value] : all) {
    Value key = Value::tuple(std::move(keys));
    if (seen.find(key) != nullptr) continue;
    seen.set(std::move(key), Value());
    kept.push_back(std::move(value));
  }
  return Value::list(std::move(kept));
}

Value extreme(FilterCall& call, bool wants_least) {
  auto all = keyed(call, call.argument(1, "attribute"), call.flag(0, "case_sensitive", false));
  if (all.empty()) {
    return undefined_in(call.rendering.environment(), "No aggregated item, sequence was empty.",
                        "");
  }
  const Keyed* best = &all.front();
  for (const Keyed& each : all) {
    if (wants_least ? less_keys(each.first, best->first) : less_keys(best->first, each.first)) {
      best = &each;
    }
  }
  return best->second;
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
  std::vector<std::pair<Keyed, Value>> all;  // By a key that minds no case; shown as it is.
  for_each(call.value, [&](Value each) {
    Value shown = deep_attribute(call.rendering.environment(), each, attribute);
    if (shown.is_undefined() && !fallback.is(Kind::kUnset)) shown = fallback;
    all.emplace_back(Keyed{{minds_case ? shown : ignoring_case(shown)}, shown}, std::move(each));
    return true;
  });
  sort_stably(all, [](const auto& left, const auto& right) {
    return less_keys(left.first.first, right.first.first);
  });
  std::vector<Value> groups;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t begin = at;
    std::vector<Value> members;
    while (at < all.size() && all[at].first.first == all[begin].first.first) {
      members.push_back(std::move(all[at++].second));
    }
    groups.push_back(Value::object(
        std::make_shared<Group>(all[begin].first.second, Value::list(std::move(members))),
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
  if (call.value.is_none()) return Value::list({});
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
  if (call.value.is_none()) return Value::list({});
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
