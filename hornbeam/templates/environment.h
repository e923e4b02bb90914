#pragma once

// Environment: where templates come from and what they can use.
//
//   templates::Environment environment(templates::folder("templates"));
//   std::string page = environment.render("page.html", {{"user", user}, {"rows", rows}});
//
// Thread: registration is one thread's; then any number of threads render at the same time.

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/templates/filter.h"
#include "hornbeam/templates/loader.h"
#include "hornbeam/templates/syntax_options.h"
#include "hornbeam/templates/value.h"

namespace hornbeam::templates {

namespace internal {
class Output;
struct TemplateCode;
}  // namespace internal

/// What {% trans %} asks; empty functions leave texts as they are.
struct Translations {
  /// The translation of a text.
  std::function<std::string(const std::string& text, Rendering& rendering)> singular;
  /// The translation of a text that has a plural, for `count` of something.
  std::function<std::string(const std::string& text, const std::string& plural, std::int64_t count,
                            Rendering& rendering)>
      plural;
};

/// How an environment reads and renders; the defaults are Jinja's.
struct EnvironmentOptions {
  SyntaxOptions syntax;  ///< Delimiters and white space.
  /// What a name that is not there does when it is used.
  UndefinedMode undefined = UndefinedMode::kDefault;
  /// Which templates escape what they print, by name. Default: .html, .htm, .xml, .xhtml, .svg.
  std::function<bool(std::string_view name)> autoescape;
  /// Statements printed and rounds of loops that one rendering may take; past it, it fails.
  std::size_t most_steps = 10'000'000;
  /// Bytes that one rendering may make.
  std::size_t most_bytes = 256U << 20U;
  /// Reads templates anew when they changed: for development.
  bool reload = false;
  /// Whether {% trans %} joins lines unless it says otherwise.
  bool trim_translations = false;
  Translations translations;  ///< Who translates; nobody by default.
  /// What becomes of every value before it is printed; empty: nothing.
  std::function<Value(Rendering& rendering, const Value& value)> finalize;
};

/// A call of a function by its name, as a template has it: `url_for('users.show', id=user.id)`.
struct FunctionCall {
  std::string template_name;  ///< The template that has the call.
  int line = 0;               ///< Of the call, from 1.
  /// The template's text, for `TemplateError::locate`. Lifetime: the environment's.
  std::string_view source;
  /// The first argument, if it is written out as a text.
  std::optional<std::string> first_text;
  /// The names of the named arguments.
  std::vector<std::string> named;
  /// Whether it has `*args` or `**kwargs`, whose names are known only when it runs.
  bool has_more = false;
};

/// Names and values that a rendering is given.
using Values = std::vector<std::pair<std::string, Value>>;

/// Templates and what all of them know: filters, tests, globals. Thread: rendering, any; the rest
/// before it.
class Environment {
 public:
  /// `loader` finds templates by name; null: only texts handed in can be rendered.
  explicit Environment(std::unique_ptr<Loader> loader = nullptr, EnvironmentOptions options = {});
  Environment(Environment&&) noexcept;
  Environment& operator=(Environment&&) noexcept;
  ~Environment();

  /// Renders the template `name`. `subject` is handed on to functions that ask for it (see
  /// `subject_of`). Throws TemplateError.
  std::string render(std::string_view name, const Values& values = {},
                     const void* subject = nullptr) const;
  /// Renders `source`, which has no name.
  std::string render_text(std::string_view source, const Values& values = {},
                          const void* subject = nullptr) const;
  /// Renders piece by piece: `sink` is called with every 16 KiB, and with the rest at the end. What
  /// it throws ends the rendering.
  void render_to(std::string_view name, const Values& values,
                 const std::function<void(std::string_view)>& sink,
                 const void* subject = nullptr) const;
  /// Reads every template there is. Throws TemplateError for the first that is malformed.
  void check_all() const;
  /// Every call of the function `name` in every template there is: to check, before anything is
  /// rendered, what such calls are given. Throws as `check_all`.
  std::vector<FunctionCall> calls_of(std::string_view name) const;

  /// Adds or replaces a filter, `value|name`.
  void add_filter(std::string name, Filter filter);
  /// Adds or replaces a test, `value is name`.
  void add_test(std::string name, Filter test);
  /// Adds or replaces a name that every template knows.
  void add_global(std::string name, Value value);

  /// As they were given.
  const EnvironmentOptions& options() const noexcept { return options_; }

  // For the engine.
  /// The filter of that name, or null.
  const Filter* find_filter(std::string_view name) const;
  /// The test of that name, or null.
  const Filter* find_test(std::string_view name) const;
  /// The global of that name, or null.
  const Value* find_global(std::string_view name) const;
  /// Whether the template of that name escapes what it prints.
  bool escapes(std::string_view name) const;
  /// The template, compiled on first use. Throws TemplateError if it is not there or malformed.
  const internal::TemplateCode& code(std::string_view name) const;
  /// The first of several that is there. Throws TemplateError if none is.
  const internal::TemplateCode& select_code(const std::vector<Value>& names) const;

 private:
  struct Tables;
  void run(const internal::TemplateCode& code, const Values& values, const void* subject,
           internal::Output& out) const;

  std::unique_ptr<Loader> loader_;
  EnvironmentOptions options_;
  std::unique_ptr<Tables> tables_;
};

}  // namespace hornbeam::templates
