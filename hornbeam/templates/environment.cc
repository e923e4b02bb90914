#include "hornbeam/templates/environment.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "hornbeam/templates/internal/builtins.h"
#include "hornbeam/templates/internal/macro.h"
#include "hornbeam/templates/internal/parser.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates {

using internal::TemplateCode;

struct Environment::Tables {
  std::map<std::string, Filter, std::less<>> filters;
  std::map<std::string, Filter, std::less<>> tests;
  internal::Names globals;

  struct Entry {
    std::unique_ptr<TemplateCode> code;
    std::int64_t version = 0;
  };
  mutable std::shared_mutex mutex;
  mutable std::map<std::string, Entry, std::less<>> codes;
  // Templates that changed may still be rendering: they stay. Only development reloads.
  mutable std::vector<std::unique_ptr<TemplateCode>> replaced;
};

Environment::Environment(std::unique_ptr<Loader> loader, EnvironmentOptions options)
    : loader_(loader != nullptr ? std::move(loader) : texts({})),
      options_(std::move(options)),
      tables_(std::make_unique<Tables>()) {
  internal::add_text_filters(*this);
  internal::add_list_filters(*this);
  internal::add_number_filters(*this);
  internal::add_html_filters(*this);
  internal::add_tests(*this);
  internal::add_globals(*this);
}

Environment::Environment(Environment&&) noexcept = default;
Environment& Environment::operator=(Environment&&) noexcept = default;
Environment::~Environment() = default;

void Environment::add_filter(std::string name, Filter filter) {
  tables_->filters.insert_or_assign(std::move(name), std::move(filter));
}
void Environment::add_test(std::string name, Filter test) {
  tables_->tests.insert_or_assign(std::move(name), std::move(test));
}
void Environment::add_global(std::string name, Value value) {
  tables_->globals.insert_or_assign(std::move(name), std::move(value));
}

const Filter* Environment::find_filter(std::string_view name) const {
  const auto found = tables_->filters.find(name);
  return found != tables_->filters.end() ? &found->second : nullptr;
}
const Filter* Environment::find_test(std::string_view name) const {
  const auto found = tables_->tests.find(name);
  return found != tables_->tests.end() ? &found->second : nullptr;
}
const Value* Environment::find_global(std::string_view name) const {
  const auto found = tables_->globals.find(name);
  return found != tables_->globals.end() ? &found->second : nullptr;
}

bool Environment::escapes(std::string_view name) const {
  if (options_.autoescape) return options_.autoescape(name);
  if (name.empty()) return true;  // A text without a name may become a page.
  for (const std::string_view ending : {".html", ".htm", ".xml", ".xhtml", ".svg"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

const TemplateCode& Environment::code(std::string_view name) const {
  {
    const std::shared_lock lock(tables_->mutex);
    const auto found = tables_->codes.find(name);
    if (found != tables_->codes.end() &&
        (!options_.reload || found->second.version == loader_->version(name))) {
      return *found->second.code;
    }
  }
  auto source = loader_->load(name);
  if (!source) {
    throw TemplateError(TemplateError::Kind::kNotFound,
                        "there is no template " + internal::quoted(name));
  }
  auto code = internal::parse(*this, std::string(name), std::move(source->text));
  const std::unique_lock lock(tables_->mutex);
  Tables::Entry& entry = tables_->codes[std::string(name)];
  if (entry.code != nullptr) tables_->replaced.push_back(std::move(entry.code));
  entry = {std::move(code), source->version};
  return *entry.code;
}

const TemplateCode& Environment::select_code(const std::vector<Value>& names) const {
  std::string tried;
  for (const Value& each : names) {
    try {
      return code(each.to_text());
    } catch (const TemplateError& error) {
      if (error.kind() != TemplateError::Kind::kNotFound) throw;
      tried += (tried.empty() ? "" : ", ") + each.to_text();
    }
  }
  throw TemplateError(TemplateError::Kind::kNotFound,
                      "none of the templates given exists: " + tried);
}

void Environment::check_all() const {
  for (const std::string& each : loader_->names()) code(each);
}

std::vector<FunctionCall> Environment::calls_of(std::string_view name) const {
  std::vector<FunctionCall> found;
  for (const std::string& each : loader_->names()) {
    for (const auto& [callee, call] : code(each).calls) {
      if (callee == name) found.push_back(call);
    }
  }
  return found;
}

void Environment::run(const TemplateCode& code, const Values& values, const void* subject,
                      internal::Output& out) const {
  Rendering rendering(*this, subject);
  internal::Context context;
  constexpr std::size_t kFew = 16;
  if (values.size() <= kFew) {
    context.given = &values;
  } else {
    for (const auto& [name, value] : values) context.names.insert_or_assign(name, value);
  }
  internal::Blocks blocks;
  internal::State state{rendering, &context, nullptr, &blocks, &code, &out, code.escapes};
  internal::render_code(state, code);
}

std::string Environment::render(std::string_view name, const Values& values,
                                const void* subject) const {
  const TemplateCode& read = code(name);
  constexpr std::size_t kMostRoom = std::size_t{1} << 20U;
  const std::size_t last = read.last_size.load(std::memory_order_relaxed);
  // More than was needed last: where there is little left, texts are escaped in steps.
  internal::Output out(options_.most_bytes, std::min(last + last / 8 + 1024, kMostRoom));
  run(read, values, subject, out);
  read.last_size.store(out.size(), std::memory_order_relaxed);
  return out.take();
}

std::string Environment::render_text(std::string_view source, const Values& values,
                                     const void* subject) const {
  const auto code = internal::parse(*this, "", std::string(source));
  internal::Output out(options_.most_bytes);
  run(*code, values, subject, out);
  return out.take();
}

void Environment::render_to(std::string_view name, const Values& values,
                            const std::function<void(std::string_view)>& sink,
                            const void* subject) const {
  internal::Output out(options_.most_bytes, sink);
  run(code(name), values, subject, out);
  if (out.size() != 0) sink(out.take());
}

const void* subject_of(const Rendering& rendering) noexcept {
  return rendering.subject();
}

void Rendering::refuse_steps() const {
  fail("the template takes more than " + std::to_string(most_steps_) + " steps");
}

}  // namespace hornbeam::templates
