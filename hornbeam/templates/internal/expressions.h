#pragma once

// Expressions of a template, ready to be evaluated.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/templates/filter.h"
#include "hornbeam/templates/internal/operators.h"
#include "hornbeam/templates/internal/state.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates::internal {

struct Expression {
  explicit Expression(int at) : line(at) {}
  virtual ~Expression() = default;
  virtual Value evaluate(State& state) const = 0;
  /// The value where it lives, if it lives somewhere; null otherwise. Saves a copy.
  virtual const Value* borrow(State&) const { return nullptr; }
  /// The value: where it lives, or in `room`. To be used before anything else is evaluated, which
  /// may change where it lives.
  virtual const Value& look(State& state, Value& room) const {
    if (const Value* lent = borrow(state)) return *lent;
    return room = evaluate(state);
  }
  int line;
};
using ExpressionPointer = std::unique_ptr<Expression>;

/// Where a variable may be, innermost scope first.
struct Place {
  int frames_up;
  int slot;
};

struct Literal final : Expression {
  Literal(int at, Value given) : Expression(at), value(std::move(given)) {}
  /// Lends the text, so that copies count no owners: the tree outlives every rendering of it.
  Literal(int at, std::string given)
      : Expression(at), text(std::move(given)), value(Value::borrowed(text)) {}
  Value evaluate(State&) const override { return value; }
  const Value* borrow(State&) const override { return &value; }
  std::string text;
  Value value;
};

struct Name final : Expression {
  Name(int at, std::string text) : Expression(at), name(std::move(text)) {}
  Value evaluate(State& state) const override;
  const Value* borrow(State& state) const override;
  void set_places(std::vector<Place> all);
  /// The variable of the innermost scope, if it is set.
  const Value* borrow_own(const State& state) const {
    if (own_slot < 0) return nullptr;
    const Value& value = state.frame->slots[static_cast<std::size_t>(own_slot)];
    return value.is(Value::Kind::kUnset) ? nullptr : &value;
  }
  std::string name;
  std::vector<Place> places;
  int own_slot = -1;  // Of `places`, if its first is in the innermost frame.
};

struct Sequence final : Expression {
  Sequence(int at, bool tuple) : Expression(at), is_tuple(tuple) {}
  Value evaluate(State& state) const override;
  bool is_tuple;
  std::vector<ExpressionPointer> elements;
};

struct Dictionary final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  std::vector<std::pair<ExpressionPointer, ExpressionPointer>> members;
};

struct Attribute final : Expression {
  Attribute(int at, ExpressionPointer of, std::string text);
  Value evaluate(State& state) const override;
  const Value* borrow(State& state) const override;
  const Value& look(State& state, Value& room) const override;
  /// The struct, and which of its members this is; no member if the subject is none, or lives
  /// nowhere.
  struct Found {
    const Object* object = nullptr;
    const Member* member = nullptr;
  };
  Found find_member(State& state) const {
    if (may_be_method) return {};
    const Value* from = subject_name != nullptr ? subject_name->borrow_own(state) : nullptr;
    if (from == nullptr) from = subject->borrow(state);
    return from != nullptr ? find_member_of(*from) : Found();
  }
  Found find_member_of(const Value& from) const {
    if (!from.is(Value::Kind::kMapping)) return {};
    const Object* object = from.object();
    if (object->table() == nullptr) return {};
    const Member* last = last_found.load(std::memory_order_relaxed);
    if (last != nullptr && last->table == object->table()) return {object, last};
    return {object, find_anew(*object)};
  }
  const Member* find_anew(const Object& object) const;
  ExpressionPointer subject;
  const Name* subject_name;  // The subject, if it is a name.
  std::string name;
  bool may_be_method;
  /// What was found last, by any thread: most often, what will be found next.
  mutable std::atomic<const Member*> last_found = nullptr;
};

struct Subscript final : Expression {
  Subscript(int at, ExpressionPointer of, ExpressionPointer by)
      : Expression(at), subject(std::move(of)), key(std::move(by)) {}
  Value evaluate(State& state) const override;
  ExpressionPointer subject;
  ExpressionPointer key;
};

struct SliceOf final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  ExpressionPointer subject, start, stop, step;
};

/// Arguments as they are written.
struct ArgumentList {
  std::vector<ExpressionPointer> positional;
  std::vector<std::pair<std::string, ExpressionPointer>> named;
  ExpressionPointer more_positional;
  ExpressionPointer more_named;
  Arguments evaluate(State& state) const;
};

struct Call final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  Value call(State& state, Arguments arguments) const;
  ExpressionPointer callee;
  const Attribute* method = nullptr;  // The callee, if it is `x.name`.
  ArgumentList arguments;
};

struct Filtered final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  ExpressionPointer subject;  // Null in a filter block: `input` is given.
  std::string name;
  const Filter* filter = nullptr;  // Null: unknown, which is an error when it is reached.
  ArgumentList arguments;
  Value apply_to(State& state, Value input) const;
};

struct Tested final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  ExpressionPointer subject;
  std::string name;
  const Filter* test = nullptr;
  ArgumentList arguments;
};

struct BinaryOperation final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  Binary operation{};
  ExpressionPointer left, right;
};

struct Concatenation final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  std::vector<ExpressionPointer> parts;
};

struct Logical final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  bool is_and = false;
  ExpressionPointer left, right;
};

struct Negation final : Expression {
  enum class Sign : std::uint8_t { kNot, kMinus, kPlus };
  using Expression::Expression;
  Value evaluate(State& state) const override;
  Sign sign{};
  ExpressionPointer subject;
};

/// a < b <= c.
struct Compared final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  ExpressionPointer first;
  std::vector<std::pair<Comparison, ExpressionPointer>> rest;
};

struct Conditional final : Expression {
  using Expression::Expression;
  Value evaluate(State& state) const override;
  ExpressionPointer condition, then, otherwise;
};

/// Looks `name` up in a value as `.name` does.
Value attribute_of(const Environment& environment, const Value& subject, std::string_view name);
/// As `[key]` does.
Value item_of(const Environment& environment, const Value& subject, const Value& key);
/// Calls a method of a text, list or mapping; nothing if there is none of that name.
std::optional<Value> call_method(const Value& subject, std::string_view name, Arguments& arguments);
bool is_method(const Value& subject, std::string_view name);
std::optional<Value> call_text_method(const Value& subject, std::string_view name,
                                      Arguments& arguments);
bool is_text_method(std::string_view name);
Value undefined_in(const Environment& environment, std::string hint, std::string shown);

}  // namespace hornbeam::templates::internal
