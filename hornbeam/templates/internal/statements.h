#pragma once

// Statements of a template, ready to run, and the code of a whole template.

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hornbeam/templates/environment.h"
#include "hornbeam/templates/internal/expressions.h"

namespace hornbeam::templates::internal {

enum class Flow : std::uint8_t { kNext, kBreak, kContinue };

struct Statement {
  explicit Statement(int at) : line(at) {}
  virtual ~Statement() = default;
  virtual Flow run(State& state) const = 0;
  int line;
};
using Body = std::vector<std::unique_ptr<Statement>>;

/// Runs statements; an error learns its line here.
Flow run_body(const Body& body, State& state);
/// Runs statements with an output of their own and gives that.
std::string captured(const Body& body, State& state);

/// Where a set statement, a loop or a block of values puts what it has.
struct Target {
  struct Variable {
    std::string name;
    int slot;
    bool is_top_level;  // Also seen by blocks and included templates.
  };
  struct Member {  // ns.name
    ExpressionPointer subject;
    std::string name;
  };
  std::vector<Target> parts;  // Not empty: unpacks.
  std::optional<Variable> variable;
  std::optional<Member> member;
  int line = 0;

  void assign(State& state, Value value) const;
};

/// Variables that a scope declares, told apart from those around it.
struct ScopeSlots {
  int begin = 0;  // Slots [begin, end) belong to it and the scopes in it.
  int end = 0;
  void reset(Frame& frame) const;
};

/// Variables in sight where a template is included, or a scoped block stands.
using Visible = std::vector<std::pair<std::string, std::vector<Place>>>;

struct DataStatement final : Statement {
  DataStatement(int at, std::string given) : Statement(at), text(std::move(given)) {}
  Flow run(State& state) const override;
  std::string text;
};

struct PrintStatement final : Statement {
  PrintStatement(int at, ExpressionPointer given);
  Flow run(State& state) const override;
  std::string before;  // Data that stands before it.
  ExpressionPointer value;
  const Attribute* attribute;  // The value, if it is `x.name`.
};

struct DoStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  ExpressionPointer value;
};

struct IfStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  std::vector<std::pair<ExpressionPointer, Body>> branches;
  Body otherwise;
};

class Loop;

struct ForStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  Flow loop(State& state, Value over, int depth) const;
  /// Runs the body for each of `elements`, and takes them unless they are const. `loop` is
  /// `object`, if there is one.
  template <class Element>
  Flow rounds(State& state, std::span<Element> elements,
              const std::shared_ptr<Loop>& object = {}) const;
  Target target;
  ExpressionPointer iterable;
  ExpressionPointer filter;
  bool is_recursive = false;
  int loop_slot = -1;
  bool uses_loop = false;
  ScopeSlots slots;
  ScopeSlots otherwise_slots;
  Body body;
  Body otherwise;
};

struct FlowStatement final : Statement {
  FlowStatement(int at, Flow given) : Statement(at), flow(given) {}
  Flow run(State&) const override { return flow; }
  Flow flow;
};

struct SetStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  Target target;
  ExpressionPointer value;  // Null: what the body prints.
  std::vector<std::unique_ptr<Filtered>> filters;
  ScopeSlots slots;
  Body body;
};

struct WithStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  std::vector<std::pair<Target, ExpressionPointer>> values;
  ScopeSlots slots;
  Body body;
};

struct FilterStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  std::vector<std::unique_ptr<Filtered>> filters;
  ScopeSlots slots;
  Body body;
};

struct AutoescapeStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  ExpressionPointer value;
  ScopeSlots slots;
  Body body;
};

/// What a macro and a call block share.
struct MacroCode {
  std::string name;
  int line = 0;
  std::vector<std::string> parameters;
  std::vector<ExpressionPointer> defaults;  // Of the last parameters.
  int frame_size = 0;
  // Parameters are in slots 0, 1, ...; then these.
  int caller_slot = 0, positional_slot = 0, named_slot = 0;
  bool has_inner = false;  // Macros in it keep its variables.
  bool uses_caller = false, uses_positional = false, uses_named = false;
  Body body;
};

struct MacroStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  Target target;
  MacroCode macro;
};

struct CallStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  std::unique_ptr<Call> call;
  MacroCode macro;
};

struct BlockCode {
  std::string name;
  int line = 0;
  int frame_size = 0;
  bool is_scoped = false;
  bool is_required = false;
  Body body;
};

struct BlockStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  const BlockCode* block = nullptr;
  Visible visible;
};

struct ExtendsStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  ExpressionPointer parent;
};

struct IncludeStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  ExpressionPointer name;
  bool ignores_missing = false;
  bool with_context = true;
  Visible visible;
};

struct ImportStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  ExpressionPointer name;
  bool with_context = false;
  Visible visible;
  std::optional<Target> whole;                          // import ... as
  std::vector<std::pair<std::string, Target>> members;  // from ... import
};

struct TranslateStatement final : Statement {
  using Statement::Statement;
  Flow run(State& state) const override;
  std::string singular;  // With %(name)s where variables stand.
  std::string plural;
  ExpressionPointer count;  // Null: no plural.
  std::vector<std::pair<std::string, ExpressionPointer>> variables;
  bool has_plural = false;
};

/// A template that has been read.
struct TemplateCode {
  std::string name;
  std::string source;
  bool escapes = false;
  int frame_size = 0;
  Body body;
  std::map<std::string, std::unique_ptr<BlockCode>, std::less<>> blocks;
  /// How long its last rendering was: what the next makes room for. Bytes.
  mutable std::atomic<std::size_t> last_size = 0;
  /// Calls of functions by name, in the order of the source.
  std::vector<std::pair<std::string, FunctionCall>> calls;
};

/// Runs the top level of `code`, and of those it extends.
void render_code(State state, const TemplateCode& code);
/// A block's code and the template it stands in.
struct BlockDefinition {
  const BlockCode* block;
  const TemplateCode* code;
};
/// The definition of a block at `level`, the most derived template's being at 0.
std::optional<BlockDefinition> find_block(const Blocks& blocks, std::string_view name,
                                          std::size_t level);
/// Requires: there is a definition at `level`.
void run_block(const State& state, std::string_view name, std::size_t level);

}  // namespace hornbeam::templates::internal
