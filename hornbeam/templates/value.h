#pragma once

// Value: what a template computes with.
//
// A value is small and is copied freely: a number is held in place, a text is a view with an owner
// that may be absent (literals, and what `Value::borrowed` was given), everything else is a shared
// `Object`. Texts know whether they are safe HTML. The types and their names are Python's, so that
// templates written for Jinja print the same.

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hornbeam::templates {

class Value;
class Rendering;

/// What goes wrong while a template is read or rendered. `kind` is the name that Jinja gives it.
class TemplateError : public std::runtime_error {
 public:
  /// Jinja's classes of errors.
  enum class Kind : std::uint8_t { kSyntax, kRuntime, kUndefined, kNotFound, kValue, kSecurity };

  /// `message` without the place, which `locate` adds.
  TemplateError(Kind kind, std::string message)
      : std::runtime_error(message), kind_(kind), message_(std::move(message)) {}

  /// Its class.
  Kind kind() const noexcept { return kind_; }
  /// What is wrong, without the place.
  const std::string& message() const noexcept { return message_; }
  /// The template's name, empty until it is known.
  const std::string& template_name() const noexcept { return template_name_; }
  /// Counted from 1; 0 until it is known.
  int line() const noexcept { return line_; }
  /// The line of the source, without its line end.
  const std::string& source_line() const noexcept { return source_line_; }
  /// "page.html:3: message", then the source line.
  const char* what() const noexcept override {
    return whole_.empty() ? message_.c_str() : whole_.c_str();
  }

  /// Says where, unless that is known already.
  void locate(std::string_view name, int line, std::string_view source);

 private:
  Kind kind_;
  std::string message_;
  std::string template_name_;
  int line_ = 0;
  std::string source_line_;
  std::string whole_;
};

/// How names that are not there behave.
enum class UndefinedMode : std::uint8_t {
  kDefault,    ///< Prints nothing and is false; anything else with it is an error.
  kStrict,     ///< Only `is defined` and `default` may be asked of it: finds slips of the pen.
  kChainable,  ///< As kDefault, and its attributes are undefined too.
  kDebug,      ///< As kDefault, and prints the expression it came from.
};

/// Arguments of a call in a template.
struct Arguments {
  std::vector<Value> positional;                     ///< Those without a name, in order.
  std::vector<std::pair<std::string, Value>> named;  ///< Those with a name, in order.

  /// The argument at `index`, or named `name`; null if it was not given.
  const Value* find(std::size_t index, std::string_view name) const;
  /// Throws TemplateError unless at most `most` were given.
  void require_at_most(std::size_t most, std::string_view callee) const;
};

class Object;
struct MemberTable;

/// A member that all objects of a C++ type have.
struct Member {
  /// Where it stands.
  const MemberTable* table;
  /// As templates name it.
  std::string_view name;
  /// Its value. Requires: `object` has this table.
  Value (*read)(const Object& object);
};

/// The members of the objects of one C++ type, so that a template can remember where a name is.
struct MemberTable {
  /// In the order of the description.
  std::span<const Member> members;
  /// Null if there is none of that name.
  const Member* find(std::string_view name) const noexcept {
    for (const Member& each : members) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }
};

/// Anything that is neither a number nor a text. Objects given to a template do not change; lists
/// and mappings that it makes itself do (`items.append(1)`).
class Object {
 public:
  Object() noexcept = default;
  /// Its `attribute` gives what `table` reads.
  explicit Object(const MemberTable& table) noexcept : table_(&table) {}
  Object(const Object&) = default;
  Object& operator=(const Object&) = default;
  virtual ~Object() = default;

  /// Null if its members are not those of a C++ type.
  const MemberTable* table() const noexcept { return table_; }

  /// What `x.name` gives; nothing if there is no such attribute.
  virtual std::optional<Value> attribute(std::string_view name) const;
  /// What `x[key]` gives.
  virtual std::optional<Value> item(const Value& key) const;
  /// What `x.name` gives where it lives, if it is kept as a value; null otherwise.
  virtual const Value* find_member(std::string_view) const { return nullptr; }
  /// How many elements there are; nothing if it has no length.
  virtual std::optional<std::size_t> size() const;
  /// Hands every element (a mapping's keys) to `take` until that returns false; false if there is
  /// nothing to iterate over.
  virtual bool each(const std::function<bool(Value)>& take) const;
  /// Throws TemplateError if it cannot be called.
  virtual Value call(Rendering& rendering, Arguments arguments) const;
  /// Whether `call` can be tried.
  virtual bool is_callable() const { return false; }
  /// Calls a method such as `append`; nothing if it has none of that name.
  virtual std::optional<Value> method(std::string_view name, Arguments& arguments);
  /// Whether `method` knows the name.
  virtual bool has_method(std::string_view) const { return false; }
  /// As Python's bool(): whether {% if %} takes it.
  virtual bool is_true() const;
  /// As Python's ==; by identity unless said otherwise.
  virtual bool equals(const Object& other) const { return this == &other; }
  /// As Python's repr().
  virtual std::string repr() const;
  /// The class' name, such as "list".
  virtual std::string_view type_name() const { return "object"; }

 private:
  const MemberTable* table_ = nullptr;
};

/// A value.
class Value {
 public:
  /// What a value is, in Python's terms.
  enum class Kind : std::uint8_t {
    kUndefined,
    kNone,
    kBool,
    kInteger,
    kFloat,
    kText,
    kList,
    kTuple,
    kMapping,
    kObject,
    kUnset,  ///< A variable that no statement has set yet; never seen outside.
  };

  Value() noexcept : kind_(Kind::kNone), integer_(0) {}
  /// None.
  Value(std::nullptr_t) noexcept : Value() {}  // NOLINT
  /// True or False.
  Value(std::same_as<bool> auto value) noexcept : kind_(Kind::kBool), integer_(value) {}  // NOLINT
  /// A whole number, kept as 64 bits with a sign.
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  Value(Integer value) noexcept  // NOLINT
      : kind_(Kind::kInteger), integer_(static_cast<std::int64_t>(value)) {}
  /// A real number.
  Value(double value) noexcept : kind_(Kind::kFloat), float_(value) {}  // NOLINT
  /// A text, in UTF-8, that is escaped where it is printed.
  Value(std::string text);  // NOLINT
  /// A text. Requires: not null.
  Value(const char* text) : Value(std::string(text)) {}  // NOLINT
  /// A text, copied.
  Value(std::string_view text) : Value(std::string(text)) {}  // NOLINT

  /// A text that is HTML already and is not escaped again.
  static Value safe(std::string html);
  /// A text that is not copied. Lifetime: `text` outlives the rendering.
  static Value borrowed(std::string_view text) noexcept {
    Value value;
    value.kind_ = Kind::kText;
    value.text_ = text.data();
    value.size_ = static_cast<std::uint32_t>(text.size());
    return value;
  }
  /// Part of this text, sharing its owner.
  Value part(std::string_view text) const;
  /// Lists and mappings do not change, as others may be reading them: `own_list` and `own_mapping`
  /// are for those that only the rendering under way has, which templates may change.
  static Value list(std::vector<Value> elements);
  /// A sequence that never changes.
  static Value tuple(std::vector<Value> elements);
  /// A mapping; of two members with one key the last counts.
  static Value mapping(std::vector<std::pair<Value, Value>> members);
  /// A list that the template may change.
  static Value own_list(std::vector<Value> elements);
  /// A mapping that the template may change.
  static Value own_mapping(std::vector<std::pair<Value, Value>> members);
  static Value object(std::shared_ptr<Object> object, Kind kind = Kind::kObject) noexcept {
    Value value;
    value.kind_ = kind;
    value.owner_ = std::move(object);
    return value;
  }
  /// What a name or an attribute that is not there gives. `hint` is what to say when it is used,
  /// such as "'user' is undefined"; `shown` is what `UndefinedMode::kDebug` prints.
  static Value undefined(std::string hint, UndefinedMode mode = UndefinedMode::kDefault,
                         std::string shown = {});
  /// The mark of a name that a scope has declared and not yet set; for the engine.
  static Value unset() noexcept {
    Value value;
    value.kind_ = Kind::kUnset;
    return value;
  }

  /// Makes it what no statement has set.
  void set_unset() noexcept {
    kind_ = Kind::kUnset;
    if (owner_ != nullptr) owner_.reset();
  }

  /// What it is.
  Kind kind() const noexcept { return kind_; }
  /// Whether it is of that kind.
  bool is(Kind kind) const noexcept { return kind_ == kind; }
  /// Whether it comes from a name or attribute that is not there.
  bool is_undefined() const noexcept { return kind_ == Kind::kUndefined; }
  /// Whether it is None.
  bool is_none() const noexcept { return kind_ == Kind::kNone; }
  /// Whether it is a text.
  bool is_text() const noexcept { return kind_ == Kind::kText; }
  /// Whether it is a whole number or a truth, which Python counts among them.
  bool is_integer() const noexcept { return kind_ == Kind::kInteger || kind_ == Kind::kBool; }
  /// Whether it can be calculated with.
  bool is_number() const noexcept { return is_integer() || kind_ == Kind::kFloat; }
  /// Whether it is a list or a tuple.
  bool is_sequence() const noexcept { return kind_ == Kind::kList || kind_ == Kind::kTuple; }
  /// Whether it is HTML already, and not escaped again.
  bool is_safe() const noexcept { return is_safe_; }

  /// Requires: a bool or an integer.
  std::int64_t integer() const noexcept { return integer_; }
  /// Requires: a number.
  double number() const noexcept {
    return kind_ == Kind::kFloat ? float_ : static_cast<double>(integer_);
  }
  /// Requires: a text. Lifetime: the value's.
  std::string_view text() const noexcept { return {text_, size_}; }
  /// Requires: a text.
  Value as_safe() const {
    Value copy = *this;
    copy.is_safe_ = true;
    return copy;
  }
  /// Whether no other value holds the object.
  bool is_only_owner() const noexcept { return owner_.use_count() == 1; }
  /// The object; null for numbers and texts.
  Object* object() const noexcept {
    return is_text() ? nullptr : static_cast<Object*>(owner_.get());
  }

  /// Whether an `if` takes it. Throws for a strict undefined.
  bool is_true() const;
  /// As Python's str(), which is what is printed.
  std::string to_text() const;
  /// Appends what `to_text` gives.
  void append_to(std::string& out) const;
  /// As Python's repr().
  std::string repr() const;
  /// As Python's type().__name__, such as "str".
  std::string_view type_name() const noexcept;

  /// Equal values have equal hashes, 1 and 1.0 too.
  std::size_t hash() const;
  /// Python's ==.
  friend bool operator==(const Value& left, const Value& right);

 private:
  Kind kind_;
  bool is_safe_ = false;
  std::uint32_t size_ = 0;
  union {
    std::int64_t integer_;
    double float_;
    const char* text_;
  };
  std::shared_ptr<void> owner_;  // An Object, or what owns `text_`.
};

/// The elements of a list or a tuple made by `Value::list`; otherwise empty.
class List : public Object {
 public:
  /// Owns its elements; a tuple differs from a list in its looks only.
  explicit List(std::vector<Value> all, bool is_tuple = false)
      : elements(std::move(all)), is_tuple_(is_tuple) {}
  std::optional<Value> item(const Value& key) const override;
  std::optional<std::size_t> size() const override { return elements.size(); }
  bool each(const std::function<bool(Value)>& take) const override;
  std::optional<Value> method(std::string_view name, Arguments& arguments) override;
  bool has_method(std::string_view name) const override;
  bool equals(const Object& other) const override;
  std::string repr() const override;
  std::string_view type_name() const override { return is_tuple_ ? "tuple" : "list"; }

  std::vector<Value> elements;  ///< The elements.
  bool is_changeable = false;   ///< Whether templates may append and the like.

 private:
  bool is_tuple_;
};

/// A mapping that keeps the order of insertion.
class Mapping : public Object {
 public:
  /// Owns its members; of two with one key the last counts.
  explicit Mapping(std::vector<std::pair<Value, Value>> members = {});
  std::optional<Value> attribute(std::string_view name) const override;
  std::optional<Value> item(const Value& key) const override;
  std::optional<std::size_t> size() const override { return members_.size(); }
  bool each(const std::function<bool(Value)>& take) const override;
  std::optional<Value> method(std::string_view name, Arguments& arguments) override;
  bool has_method(std::string_view name) const override;
  bool equals(const Object& other) const override;
  std::string repr() const override;
  std::string_view type_name() const override { return "dict"; }

  const Value* find_member(std::string_view name) const override { return find(name); }
  /// The value under a text, or null.
  const Value* find(std::string_view key) const;
  /// The value under `key`, or null.
  const Value* find(const Value& key) const;
  /// Sets or replaces a member, keeping its place.
  void set(Value key, Value value);
  /// Removes a member, if it is there.
  void erase(const Value& key);
  /// In the order of insertion.
  const std::vector<std::pair<Value, Value>>& members() const noexcept { return members_; }

  bool is_changeable = false;  ///< Whether templates may change it.

 private:
  std::optional<std::size_t> place_of(const Value& key) const;
  void index_all();

  std::vector<std::pair<Value, Value>> members_;
  std::unordered_multimap<std::size_t, std::size_t> places_;  // By hash, once there are many.
};

/// A function that templates can call.
class Function : public Object {
 public:
  /// What the function does with its arguments.
  using Body = std::function<Value(Rendering&, Arguments)>;
  /// `name` is for messages.
  Function(std::string name, Body body) : name_(std::move(name)), body_(std::move(body)) {}
  Value call(Rendering& rendering, Arguments arguments) const override {
    return body_(rendering, std::move(arguments));
  }
  bool is_callable() const override { return true; }
  std::string_view type_name() const override { return "function"; }
  std::string repr() const override { return "<function " + name_ + ">"; }

 private:
  std::string name_;
  Body body_;
};

/// What an undefined value remembers, to say it when it is used.
class UndefinedHint : public Object {
 public:
  /// What `Value::undefined` is given.
  UndefinedHint(std::string text, UndefinedMode how, std::string debug_text)
      : hint(std::move(text)), mode(how), shown(std::move(debug_text)) {}
  std::string_view type_name() const override { return "Undefined"; }
  std::string hint;    ///< What to say when it is used.
  UndefinedMode mode;  ///< What using it does.
  std::string shown;   ///< What `UndefinedMode::kDebug` prints.
};

/// The mode of an undefined value.
UndefinedMode undefined_mode(const Value& value) noexcept;

/// A function as a value.
Value function(std::string name, Function::Body body);

/// What the caller of `Environment::render` passed for functions to find, such as a request; null
/// if nothing.
const void* subject_of(const Rendering& rendering) noexcept;

/// Calls `take` with each element of anything that can be iterated over: sequences, mappings'
/// keys, texts' characters. Throws TemplateError if it is nothing of the kind.
void for_each(const Value& value, const std::function<bool(Value)>& take);
/// What `for_each` calls with, as a list. Throws as it does.
std::vector<Value> elements_of(const Value& value);
/// The members of a mapping. Throws TemplateError if it is none.
std::vector<std::pair<Value, Value>> members_of(const Value& value);
/// Throws TemplateError if it has no length.
std::size_t length_of(const Value& value);

/// What one text, or one list, of a rendering may hold at most: past it, what makes it fails. So
/// templates that double something again and again end.
inline constexpr std::size_t kLargestText = std::size_t{16} << 20U;
inline constexpr std::size_t kLargestList = 1'000'000;  ///< Elements; see `kLargestText`.
/// Throws TemplateError if a text of `size` bytes, or a list of `size` elements, would be too
/// large.
void require_text_size(std::size_t size);
/// As `require_text_size`, for lists.
void require_list_size(std::size_t size);

/// Throws a TemplateError of kind `kRuntime`.
[[noreturn]] void fail(std::string message);
/// Throws the error of an undefined value that was used.
[[noreturn]] void fail_undefined(const Value& value);

}  // namespace hornbeam::templates
