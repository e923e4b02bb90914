// Lists and mappings, with the methods of Python's that templates use.

#include <algorithm>

#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/text.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

namespace {

std::optional<std::size_t> place(std::int64_t index, std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  if (index < 0) index += count;
  if (index < 0 || index >= count) return std::nullopt;
  return static_cast<std::size_t>(index);
}

/// Throws unless the template has made it itself.
void require_changeable(bool is_changeable, std::string_view method) {
  if (is_changeable) return;
  fail(std::string(method) +
       "() would change what was given to the template. Mend: change a copy, such as x.copy()");
}

constexpr std::string_view kListMethods[] = {"append", "extend",  "insert", "pop",
                                             "remove", "index",   "count",  "sort",
                                             "copy",   "reverse", "clear"};
constexpr std::string_view kMappingMethods[] = {"items",  "keys",       "values", "get",  "pop",
                                                "update", "setdefault", "copy",   "clear"};

}  // namespace

std::optional<Value> List::item(const Value& key) const {
  if (!key.is_integer()) return std::nullopt;
  const auto at = place(key.integer(), elements.size());
  if (!at) return std::nullopt;
  return elements[*at];
}

bool List::each(const std::function<bool(Value)>& take) const {
  for (std::size_t at = 0; at < elements.size(); ++at) {  // By place: the body may append.
    if (!take(elements[at])) break;
  }
  return true;
}

bool List::equals(const Object& other) const {
  const auto* list = dynamic_cast<const List*>(&other);
  return list != nullptr && is_tuple_ == list->is_tuple_ && elements == list->elements;
}

std::string List::repr() const {
  std::string out(1, is_tuple_ ? '(' : '[');
  for (const Value& each : elements) {
    if (out.size() > 1) out += ", ";
    out += each.object() == this ? "[...]" : each.repr();
  }
  if (is_tuple_ && elements.size() == 1) out += ',';
  out += is_tuple_ ? ')' : ']';
  return out;
}

bool List::has_method(std::string_view name) const {
  if (is_tuple_) return name == "index" || name == "count";
  return internal::is_one_of(kListMethods, name);
}

std::optional<Value> List::method(std::string_view name, Arguments& arguments) {
  if (!has_method(name)) return std::nullopt;
  if (name != "index" && name != "count" && name != "copy") {
    require_changeable(is_changeable, name);
    require_list_size(elements.size() + 1);
  }
  const Value* first = arguments.find(0, "");
  const auto needed = [&]() -> const Value& {
    if (first == nullptr) fail(std::string(name) + "() needs an argument");
    return *first;
  };
  if (name == "append") {
    elements.push_back(needed());
  } else if (name == "extend") {
    std::vector<Value> more = elements_of(needed());
    require_list_size(elements.size() + more.size());
    for (Value& each : more) elements.push_back(std::move(each));
  } else if (name == "insert") {
    const Value* value = arguments.find(1, "");
    if (!needed().is_integer() || value == nullptr) fail("insert() needs a place and a value");
    const auto size = static_cast<std::int64_t>(elements.size());
    std::int64_t at = first->integer() < 0 ? first->integer() + size : first->integer();
    elements.insert(elements.begin() + std::clamp<std::int64_t>(at, 0, size), *value);
  } else if (name == "pop") {
    const auto at =
        place(first != nullptr && first->is_integer() ? first->integer() : -1, elements.size());
    if (!at) fail(elements.empty() ? "pop from empty list" : "pop index out of range");
    Value taken = std::move(elements[*at]);
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(*at));
    return taken;
  } else if (name == "remove" || name == "index") {
    const auto found = std::ranges::find(elements, needed());
    if (found == elements.end()) fail(needed().repr() + " is not in the list");
    if (name == "index") return Value(found - elements.begin());
    elements.erase(found);
  } else if (name == "count") {
    return Value(std::ranges::count(elements, needed()));
  } else if (name == "sort") {
    internal::sort_stably(elements, internal::is_less);
  } else if (name == "copy") {
    return Value::own_list(elements);
  } else if (name == "reverse") {
    std::ranges::reverse(elements);
  } else {
    elements.clear();
  }
  return Value();
}

Mapping::Mapping(std::vector<std::pair<Value, Value>> members) {
  for (auto& [key, value] : members) set(std::move(key), std::move(value));
}

// Below this many members, looking at each is quicker than hashing.
constexpr std::size_t kManyMembers = 8;

std::optional<std::size_t> Mapping::place_of(const Value& key) const {
  if (members_.size() <= kManyMembers) {
    for (std::size_t at = 0; at < members_.size(); ++at) {
      if (members_[at].first == key) return at;
    }
    return std::nullopt;
  }
  const auto [from, to] = places_.equal_range(key.hash());
  for (auto each = from; each != to; ++each) {
    if (members_[each->second].first == key) return each->second;
  }
  return std::nullopt;
}

const Value* Mapping::find(const Value& key) const {
  const auto at = place_of(key);
  return at ? &members_[*at].second : nullptr;
}

const Value* Mapping::find(std::string_view key) const {
  return find(Value::borrowed(key));
}

void Mapping::set(Value key, Value value) {
  if (key.is(Value::Kind::kList) || key.is(Value::Kind::kMapping)) {
    fail("unhashable type: '" + std::string(key.type_name()) + "'");
  }
  if (const auto at = place_of(key)) {
    members_[*at].second = std::move(value);
    return;
  }
  require_list_size(members_.size() + 1);
  members_.emplace_back(std::move(key), std::move(value));
  if (members_.size() == kManyMembers + 1) {
    index_all();
  } else if (members_.size() > kManyMembers) {
    places_.emplace(members_.back().first.hash(), members_.size() - 1);
  }
}

void Mapping::erase(const Value& key) {
  const auto at = place_of(key);
  if (!at) return;
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(*at));
  index_all();  // All that stood behind it have moved.
}

void Mapping::index_all() {
  places_.clear();
  if (members_.size() <= kManyMembers) return;
  for (std::size_t at = 0; at < members_.size(); ++at) {
    places_.emplace(members_[at].first.hash(), at);
  }
}

std::optional<Value> Mapping::attribute(std::string_view name) const {
  const Value* found = find(name);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Value> Mapping::item(const Value& key) const {
  const Value* found = find(key);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

bool Mapping::each(const std::function<bool(Value)>& take) const {
  for (std::size_t at = 0; at < members_.size(); ++at) {
    if (!take(members_[at].first)) break;
  }
  return true;
}

bool Mapping::equals(const Object& other) const {
  const auto* mapping = dynamic_cast<const Mapping*>(&other);
  if (mapping == nullptr || mapping->members_.size() != members_.size()) return false;
  return std::ranges::all_of(members_, [&](const auto& member) {
    const Value* found = mapping->find(member.first);
    return found != nullptr && *found == member.second;
  });
}

std::string Mapping::repr() const {
  std::string out = "{";
  for (const auto& [key, value] : members_) {
    if (out.size() > 1) out += ", ";
    out += key.repr() + ": " + (value.object() == this ? "{...}" : value.repr());
  }
  return out + "}";
}

bool Mapping::has_method(std::string_view name) const {
  return internal::is_one_of(kMappingMethods, name);
}

std::optional<Value> Mapping::method(std::string_view name, Arguments& arguments) {
  if (!has_method(name)) return std::nullopt;
  const Value* first = arguments.find(0, "");
  const Value* second = arguments.find(1, "default");
  if (name == "items" || name == "keys" || name == "values") {
    std::vector<Value> all;
    all.reserve(members_.size());
    for (const auto& [key, value] : members_) {
      all.push_back(name == "items" ? Value::tuple({key, value}) : name == "keys" ? key : value);
    }
    return Value::list(std::move(all));
  }
  if (name == "copy") return Value::own_mapping(members_);
  if (name != "get") require_changeable(is_changeable, name);
  if (name == "clear") {
    members_.clear();
    places_.clear();
    return Value();
  }
  if (name == "update") {
    if (first != nullptr && first->is(Value::Kind::kMapping)) {
      for (const auto& [key, value] : templates::members_of(*first)) {
        set(key, value);
      }
    }
    for (const auto& [key, value] : arguments.named) set(Value(key), value);
    return Value();
  }
  if (first == nullptr) fail(std::string(name) + "() needs a key");
  if (const Value* found = find(*first)) {
    Value value = *found;
    if (name == "pop") erase(*first);
    return value;
  }
  if (name == "pop" && second == nullptr) fail("there is no key " + first->repr());
  Value fallback = second != nullptr ? *second : Value();
  if (name == "setdefault") set(*first, fallback);
  return fallback;
}

}  // namespace hornbeam::templates
