// range, dict, cycler, joiner, namespace, lipsum.

#include <array>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/macro.h"

namespace hornbeam::templates::internal {

namespace {

/// What range() may make at most, as Jinja's sandbox has it.
constexpr std::int64_t kLongestRange = 100'000;

Value make_range(Rendering&, Arguments arguments) {
  arguments.require_at_most(3, "range()");
  std::array<std::int64_t, 3> bounds = {0, 0, 1};
  const std::size_t count = arguments.positional.size();
  if (count == 0) fail("range expected at least 1 argument, got 0");
  for (std::size_t at = 0; at < count; ++at) {
    const Value& each = arguments.positional[at];
    if (each.is_undefined()) fail_undefined(each);
    if (!each.is_integer()) {
      fail("'" + std::string(each.type_name()) + "' object cannot be interpreted as an integer");
    }
    bounds.at(count == 1 ? 1 : at) = each.integer();
  }
  const auto [from, to, by] = bounds;
  if (by == 0) fail("range() arg 3 must not be zero");
  std::vector<Value> all;
  for (std::int64_t at = from; by > 0 ? at < to : at > to;) {
    if (static_cast<std::int64_t>(all.size()) >= kLongestRange) {
      fail("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    }
    all.emplace_back(at);
    if (__builtin_add_overflow(at, by, &at)) break;
  }
  return Value::list(std::move(all));
}

Value make_dict(Rendering&, Arguments arguments) {
  auto mapping = std::make_shared<Mapping>();
  mapping->is_changeable = true;
  if (!arguments.positional.empty()) {
    const Value& given = arguments.positional.front();
    if (given.is(Value::Kind::kMapping)) {
      for (const auto& [key, value] : members_of(given)) mapping->set(key, value);
    } else {
      for_each(given, [&](const Value& pair) {
        const std::vector<Value> both = elements_of(pair);
        if (both.size() != 2) fail("dict() takes pairs");
        mapping->set(both[0], both[1]);
        return true;
      });
    }
  }
  for (auto& [name, value] : arguments.named) mapping->set(Value(name), std::move(value));
  return Value::object(std::move(mapping), Value::Kind::kMapping);
}

class Cycler final : public Object {
 public:
  explicit Cycler(std::vector<Value> items) : items_(std::move(items)) {}
  std::optional<Value> attribute(std::string_view name) const override {
    return name == "current" ? std::optional(items_[at_]) : std::nullopt;
  }
  bool has_method(std::string_view name) const override {
    return name == "next" || name == "reset";
  }
  std::optional<Value> method(std::string_view name, Arguments&) override {
    if (name == "reset") {
      at_ = 0;
      return Value();
    }
    const Value current = items_[at_];
    at_ = (at_ + 1) % items_.size();
    return current;
  }
  std::string_view type_name() const override { return "Cycler"; }

 private:
  std::vector<Value> items_;
  std::size_t at_ = 0;
};

class Joiner final : public Object {
 public:
  explicit Joiner(Value separator) : separator_(std::move(separator)) {}
  bool is_callable() const override { return true; }
  Value call(Rendering&, Arguments) const override {
    return std::exchange(is_used_, true) ? separator_ : Value("");
  }
  std::string_view type_name() const override { return "Joiner"; }

 private:
  Value separator_;
  mutable bool is_used_ = false;
};

Value make_namespace(Rendering& rendering, Arguments arguments) {
  auto space = std::make_shared<Namespace>();
  const Value members = make_dict(rendering, std::move(arguments));
  for (const auto& [key, value] : members_of(members)) {
    space->set(key.to_text(), value);
  }
  return Value::object(std::move(space));
}

}  // namespace

void add_globals(Environment& environment) {
  environment.add_global("range", function("range", make_range));
  environment.add_global("dict", function("dict", make_dict));
  environment.add_global("namespace", function("namespace", make_namespace));
  environment.add_global(
      "cycler", function("cycler", [](Rendering&, Arguments arguments) {
        if (arguments.positional.empty()) fail("at least one item has to be provided");
        return Value::object(std::make_shared<Cycler>(std::move(arguments.positional)));
      }));
  environment.add_global("joiner", function("joiner", [](Rendering&, Arguments arguments) {
                           const Value* separator = arguments.find(0, "sep");
                           return Value::object(std::make_shared<Joiner>(
                               separator != nullptr ? *separator : Value(", ")));
                         }));
}

}  // namespace hornbeam::templates::internal
