#pragma once

#include <string>
#include <vector>

#include "hornbeam/web/endpoint.h"
#include "hornbeam/web/internal/rule.h"
#include "hornbeam/web/routes.h"

namespace hornbeam::web {

struct Provider {
  ProvidedType type;
  std::unique_ptr<Hook> hook;
  bool waits = false;                    // It, or one it needs.
  std::vector<const Provider*> needs{};  // In the order in which they must run.
};

/// A hook with what must be provided before it.
struct Step {
  Hook* hook = nullptr;
  std::vector<const Provider*> needs;
  bool waits = false;
};

/// What surrounds the handlers of one blueprint, or of the application: its own and its outer
/// blueprints' hooks, put in the order they run.
struct Scope {
  std::vector<Step> before;
  std::vector<Step> after;
  std::vector<Step> teardown;
  /// Where error handlers are looked up, innermost first.
  struct ErrorLevel {
    struct ByStatus {
      int status;
      Step step;
    };
    struct ByClass {
      const ErrorHandlers::ByClass* entry;
      Step step;
    };
    std::vector<ByStatus> by_status;
    std::vector<ByClass> by_class;
  };
  std::vector<ErrorLevel> errors;
  bool waits = false;  // One of the hooks does; error handlers apart.

  bool is_bare() const { return before.empty() && after.empty() && teardown.empty(); }
};

/// A route put together for serving.
struct alignas(64) CompiledRoute {
  // What every request needs comes first, in one cache line.
  AnyHandler* endpoint = nullptr;
  SocketEndpoint* socket = nullptr;
  const Scope* scope = nullptr;
  const Route* route = nullptr;
  bool is_simple = false;  // No hooks, nothing provided, nothing that waits.
  bool waits = false;
  bool is_csrf_exempt = false;
  /// It may have to be asked for by another of its paths.
  bool may_redirect = false;
  /// Where each of `names` is found; empty if they are the path's in their order.
  struct Source {
    enum class Kind : std::uint8_t { kPath, kHost, kDefault };
    Kind kind = Kind::kPath;
    std::size_t index = 0;
    std::string text{};
  };
  std::vector<Source> sources;

  std::vector<const Provider*> needs;
  const Rule* rule = nullptr;
  std::string pattern;
  std::string blueprint;
  /// Of the path's parameters: the handler's own in its order, then those of prefixes and hosts.
  std::vector<std::string> names;
};

}  // namespace hornbeam::web
