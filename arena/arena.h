#pragma once

#include <chrono>
#include <memory>

#include "arena/docs_import.h"
#include "arena/search_engine.h"
#include "arena/trials.h"
#include "hornbeam/data.h"
#include "hornbeam/feed.h"
#include "hornbeam/live.h"
#include "hornbeam/operations.h"
#include "hornbeam/pages.h"
#include "hornbeam/web.h"

namespace arena {

/// What arena is told from outside.
struct Options {
  std::string database = "sqlite:///var/arena.db";
  /// How long SQLite's writer waits for company: moves that come together share a commit, and each
  /// takes a quarter less of the processor for it.
  std::chrono::microseconds commit_window{200};
  /// Applies missing migrations at the start.
  bool migrates = true;
  /// Where `arena db migrate NAME` writes.
  std::string migrations = "arena/migrations";
  /// arena/ in the source tree, to read the pages from there while they are worked on; empty for
  /// those that the program was built with.
  std::string assets;
  /// How processes wake each other: empty for the database's own way, "in-process" for none, or a
  /// URL of Redis or Kafka as `feed::open_wakeups` takes it.
  std::string wakeups;
  hornbeam::live::LobbyOptions lobby{.bot_threads = 2};
  hornbeam::live::CaretakerOptions caretaker;
  TrialOptions trials;
  DocsOptions docs;
  /// Off unless it says where: then nothing is imported either.
  SearchOptions search;
  /// What visitors may do on the console and the dashboards: "none", "read", "save" or "write".
  std::string console_rights = "read";
  /// What reading /metrics takes; empty: nothing.
  std::string metrics_token;

  /// The keys are listed in arena/README.md. Throws: `web::ConfigError`.
  static Options read(const hornbeam::web::Config& config);
};

/// The application: members in the order of their dependencies.
struct Arena {
  explicit Arena(const Options& options);

  std::unique_ptr<hornbeam::data::Database> database;
  Trials trials;
  hornbeam::live::DatabaseGameLog log;
  hornbeam::live::GameCatalog games;
  hornbeam::live::Players players;
  std::unique_ptr<hornbeam::feed::Wakeups> hints;  ///< Between processes; may be null.
  std::unique_ptr<hornbeam::live::Wakeups> wakeups;
  hornbeam::live::Lobby lobby;
  hornbeam::live::Caretaker caretaker;
  std::unique_ptr<SearchEngine> search;  ///< Null if this process has none.
  std::shared_ptr<hornbeam::web::MetricRegistry> metrics;
  std::unique_ptr<hornbeam::site::IndexOperations> indices;  ///< Null as `search` is.
  DocsImport docs_import;
  hornbeam::base::ThreadPool console_threads{2};  ///< Long searches of the console, off the loops.
  hornbeam::web::Templates pages;
  hornbeam::web::App app;

 private:
  void add_pages(const Options& options);
  void add_search(const Options& options);
  void add_sockets();
  void add_health(const Options& options);
  void add_commands(const Options& options);
};

}  // namespace arena
