#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hornbeam/data.h"
#include "hornbeam/documentation.h"
#include "hornbeam/web.h"

namespace arena {

/// Where the manuals of the documentation search are.
struct DocsOptions {
  /// Whether `arena run` imports them by itself, in the background.
  bool imports = false;
  /// Django's, as Debian's python-django-doc has it; left out if there is no such folder.
  std::string django = "/usr/share/doc/python-django-doc/html";
  /// Hornbeam's own; left out if there is no such folder.
  std::string own = "docs";
};

/// The manuals whose folders are there.
std::vector<hornbeam::site::Manual> manuals_of(const DocsOptions& options);

/// How an import in the background is.
struct ImportState {
  bool is_running = false;
  std::string manual;      ///< Its name.
  std::int64_t done = 0;   ///< Files.
  std::int64_t total = 0;  ///< Files.
  std::string failure;     ///< Why it ended before its end; empty: it did not.
};
constexpr auto describe(hornbeam::Type<ImportState>) {
  using hornbeam::field;
  return hornbeam::fields(field("is_running", &ImportState::is_running),
                          field("manual", &ImportState::manual), field("done", &ImportState::done),
                          field("total", &ImportState::total),
                          field("failure", &ImportState::failure));
}

/// Imports manuals on a thread of its own, from its construction on.
class DocsImport {
 public:
  /// Lifetime: `database` outlives it. Nothing happens without manuals.
  DocsImport(hornbeam::data::Database& database, std::vector<hornbeam::site::Manual> manuals);

  /// As of now. Thread: any.
  ImportState state() const;

 private:
  void run(hornbeam::data::Database& database, const std::vector<hornbeam::site::Manual>& manuals,
           const std::stop_token& stop);

  mutable std::mutex mutex_;
  ImportState state_;    // Guarded by mutex_.
  std::jthread thread_;  // Last: it ends before what it uses.
};

/// `arena import docs`: imports them while one waits, with a bar where `out` is a terminal. Gives
/// the exit code.
int import_docs(hornbeam::data::Database& database, const DocsOptions& options);

}  // namespace arena
