#include "arena/docs_import.h"

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "arena/progress_bar.h"

namespace arena {
namespace {

namespace base = hornbeam::base;
namespace data = hornbeam::data;
namespace site = hornbeam::site;

/// Of Django's manual, which says it on each page: "Django 3.2.25 documentation".
std::string version_of(const std::filesystem::path& folder) {
  std::ifstream in(folder / "index.html", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  constexpr std::string_view kBefore = "Django ";
  for (std::size_t at = 0; (at = page.find(kBefore, at)) != std::string::npos;) {
    at += kBefore.size();
    const std::size_t end = page.find_first_not_of("0123456789.", at);
    if (end != std::string::npos && end > at && page.compare(end, 14, " documentation") == 0) {
      return page.substr(at, end - at);
    }
  }
  return {};
}

}  // namespace

std::vector<site::Manual> manuals_of(const DocsOptions& options) {
  std::vector<site::Manual> manuals;
  std::error_code ignored;
  if (!options.own.empty() && std::filesystem::is_directory(options.own, ignored)) {
    manuals.push_back(
        {.manual = "hornbeam", .name = "Hornbeam", .version = {}, .folder = options.own});
  }
  if (!options.django.empty() && std::filesystem::is_directory(options.django, ignored)) {
    manuals.push_back({.manual = "django",
                       .name = "Django",
                       .version = version_of(options.django),
                       .folder = options.django,
                       .without = {"_modules", "_static", "_images", "genindex.html",
                                   "py-modindex.html", "search.html", "contents.html"}});
  }
  return manuals;
}

DocsImport::DocsImport(data::Database& database, std::vector<site::Manual> manuals) {
  if (manuals.empty()) return;
  state_.is_running = true;
  thread_ = std::jthread([this, &database, manuals = std::move(manuals)](
                             const std::stop_token& stop) { run(database, manuals, stop); });
}

ImportState DocsImport::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void DocsImport::run(data::Database& database, const std::vector<site::Manual>& manuals,
                     const std::stop_token& stop) {
  std::string failure;
  for (const site::Manual& each : manuals) {
    if (stop.stop_requested()) break;
    try {
      const auto report = site::import_manual(
          database, each,
          [this](const site::ImportProgress& progress) {
            const std::lock_guard lock(mutex_);
            state_.manual = progress.manual;
            state_.done = progress.done;
            state_.total = progress.total;
          },
          stop);
      base::log_info("imported documentation", {{"manual", each.name},
                                                {"documents", report.documents},
                                                {"sections", report.sections},
                                                {"unchanged", report.unchanged},
                                                {"refused", std::ssize(report.refused)}});
    } catch (const std::exception& error) {
      failure = each.name + ": " + error.what();
      base::log_error("documentation could not be imported",
                      {{"manual", each.name}, {"reason", error.what()}});
    }
  }
  const std::lock_guard lock(mutex_);
  state_.is_running = false;
  state_.failure = failure;
}

int import_docs(data::Database& database, const DocsOptions& options) {
  const auto manuals = manuals_of(options);
  if (manuals.empty()) {
    std::cerr << "there is no documentation at " << options.django << " nor at " << options.own
              << ". Mend: apt-get install python-django-doc, or --set docs.own=FOLDER\n";
    return 1;
  }
  bool is_whole = true;
  for (const site::Manual& each : manuals) {
    ProgressBar bar(each.name, "files");
    const auto report = site::import_manual(
        database, each,
        [&bar](const site::ImportProgress& progress) { bar.show(progress.done, progress.total); });
    bar.end();
    fmt::print("{}: {} documents with {} sections written, {} unchanged, {} removed\n", each.name,
               report.documents, report.sections, report.unchanged, report.removed);
    for (const std::string& refused : report.refused)
      std::cerr << "  left out: " << refused << '\n';
    is_whole = is_whole && !report.is_stopped;
  }
  return is_whole ? 0 : 1;
}

}  // namespace arena
