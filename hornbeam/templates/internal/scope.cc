#include "hornbeam/templates/internal/scope.h"

#include <set>

namespace hornbeam::templates::internal {

Scope* Scopes::push(FrameLayout* layout, Scope* outer) {
  current_ = scopes_.emplace_back(std::make_unique<Scope>()).get();
  current_->outer = outer;
  current_->layout = layout;
  return current_;
}

std::vector<Place> Scopes::places(Scope* scope, std::string_view name) {
  std::vector<Place> found;
  int frames_up = 0;
  for (Scope* each = scope; each != nullptr; each = each->outer) {
    if (const auto at = each->names.find(name); at != each->names.end()) {
      found.push_back({frames_up, at->second});
      if (name == "loop" && each->uses_loop != nullptr) *each->uses_loop = true;
      if (MacroCode* macro = each->macro; macro != nullptr) {
        macro->uses_caller |= name == "caller";
        macro->uses_positional |= name == "varargs";
        macro->uses_named |= name == "kwargs";
      }
    }
    if (each->outer != nullptr && each->outer->layout != each->layout) ++frames_up;
  }
  return found;
}

void Scopes::resolve() {
  for (const Use& use : uses_) use.name->set_places(places(use.scope, use.name->name));
  for (const Sight& sight : sights_) {
    std::set<std::string> seen;
    for (const Scope* each = sight.scope; each != nullptr; each = each->outer) {
      for (const auto& [name, slot] : each->names) {
        if (each->macro != nullptr && (name == "caller" || name == "varargs" || name == "kwargs")) {
          continue;
        }
        if (seen.insert(name).second) sight.visible->emplace_back(name, places(sight.scope, name));
      }
    }
  }
}

}  // namespace hornbeam::templates::internal
