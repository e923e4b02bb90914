#pragma once

// Which variable a name means. As in Jinja: a for, with, set block, filter block or macro has a
// scope of its own; an if has none. A name that a scope assigns anywhere belongs to it, and until
// it is assigned it is looked for further out, in the end in the context.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/templates/internal/statements.h"

namespace hornbeam::templates::internal {

/// Whose frame a scope's variables are in.
struct FrameLayout {
  int size = 0;
};

struct Scope {
  Scope* outer = nullptr;
  FrameLayout* layout = nullptr;
  bool is_top_level = false;
  std::map<std::string, int, std::less<>> names;
  bool* uses_loop = nullptr;  // Of a for.
  MacroCode* macro = nullptr;

  int declare(std::string_view name) {
    const auto [at, is_new] = names.emplace(name, layout->size);
    if (is_new) ++layout->size;
    return at->second;
  }
};

/// The scopes of one template and the names that wait until all of them are known.
class Scopes {
 public:
  Scope* current() noexcept { return current_; }
  Scope* push(FrameLayout* layout, Scope* outer);
  /// Goes on in a scope that was begun before.
  void enter(Scope* scope) { current_ = scope; }
  FrameLayout* add_layout() { return layouts_.emplace_back(std::make_unique<FrameLayout>()).get(); }

  void use(Name& name) { uses_.push_back({&name, current_}); }
  void see(Visible& visible) { sights_.push_back({&visible, current_}); }
  void resolve();

 private:
  struct Use {
    Name* name;
    Scope* scope;
  };
  struct Sight {
    Visible* visible;
    Scope* scope;
  };
  static std::vector<Place> places(Scope* scope, std::string_view name);

  Scope* current_ = nullptr;
  std::vector<std::unique_ptr<Scope>> scopes_;
  std::vector<std::unique_ptr<FrameLayout>> layouts_;
  std::vector<Use> uses_;
  std::vector<Sight> sights_;
};

}  // namespace hornbeam::templates::internal
