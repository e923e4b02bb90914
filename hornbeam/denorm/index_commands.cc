#include "hornbeam/denorm/index_commands.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <span>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hornbeam/data/table.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/denorm/rebuild.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/verify.h"

namespace hornbeam::denorm {

namespace {

constexpr std::string_view kUsage =
    "usage: index status | rebuild NAME | verify NAME [whole] | repair NAME ID... | rollback NAME "
    "| drop NAME | migrate STEP\n";

using Arguments = std::span<const std::string>;

const DocumentType& type_of(const IndicesOfProgram& indices, const std::string& name) {
  std::vector<std::string> known;
  for (const DocumentType& each : indices.types) {
    if (each.name == name) return each;
    known.push_back(each.name);
  }
  throw std::invalid_argument(
      fmt::format("there is no index {}: there are {}", name, fmt::join(known, ", ")));
}

/// What is built beside an index, or nothing.
std::string building_text(const IndexStatus& status) {
  if (status.building.empty()) return {};
  return fmt::format("  {} is being built by {}, which has the right to for {} s more\n",
                     status.building, status.builder, status.builder_seconds);
}

int show_status(const IndicesOfProgram& indices, std::ostream& out) {
  bool is_well = true;
  for (const DocumentType& type : indices.types) {
    const IndexStatus status = status_of(indices.database, indices.target, type, indices.replica);
    is_well = is_well && !status.index.empty() && !status.is_lost;
    out << fmt::format("{}: ", status.name);
    if (status.index.empty()) {
      out << "not built yet (index rebuild " << status.name << ")\n" << building_text(status);
      continue;
    }
    out << fmt::format("{}, {} documents of {} rows, behind by {} changes and {:.1f} s\n",
                       status.index, status.documents, status.rows, status.lag.changes,
                       status.lag.seconds);
    if (status.is_lost) out << "  cannot catch up: rebuild it\n";
    if (!status.is_of_this_type) out << "  built for another definition: rebuild it\n";
    if (status.dead_letters > 0) {
      out << fmt::format("  {} documents failed (table hornbeam_dead_letters)\n",
                         status.dead_letters);
    }
    if (!status.holder.empty()) out << "  written by " << status.holder << '\n';
    out << building_text(status);
    if (!status.others.empty())
      out << fmt::format("  beside it: {}\n", fmt::join(status.others, ", "));
  }
  const auto connection = indices.database.connect();
  for (const std::string& table :
       feed::untracked_tables(tracking_of(indices.types), feed::read_tracking(*connection))) {
    is_well = false;
    out << fmt::format(
        "table {} has lost its triggers, as one that is made anew does: its changes are not "
        "noticed. Mend: index migrate STEP writes them, and then index verify NAME whole\n",
        table);
  }
  return is_well ? 0 : 1;
}

int run_rebuild(const IndicesOfProgram& indices, const DocumentType& type, std::ostream& out,
                std::ostream& errors) {
  using Clock = std::chrono::steady_clock;
  auto shown = Clock::now();
  RebuildOptions options;
  options.writer.documents_at_once = 2'000;
  options.writer.replica = indices.replica;
  options.progress = [&](const Progress& each) {
    if (Clock::now() - shown < std::chrono::seconds(1)) return;
    shown = Clock::now();
    out << progress_line(each) << '\n';
    out.flush();
  };
  std::optional<std::string> index;
  std::int64_t until = 0;
  const auto deadline = Clock::now() + std::chrono::minutes(1);
  // Ends: a lease that is not renewed does, and there is a deadline.
  while (!(index = rebuild(indices.database, indices.target, type, options))) {
    const IndexStatus status = status_of(indices.database, indices.target, type, indices.replica);
    if ((until != 0 && status.builder_until > until) || Clock::now() > deadline) {
      errors << "another process is at it\n" << building_text(status);
      return 1;
    }
    if (until == 0 && !status.building.empty()) {
      out << building_text(status) << "  waiting whether it is alive\n" << std::flush;
      until = status.builder_until;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  out << fmt::format("{} is {} now, {} documents\n", type.name, *index,
                     indices.target.count(*index));
  return 0;
}

int run_verify(const IndicesOfProgram& indices, const DocumentType& type, bool is_whole,
               std::ostream& out) {
  IndexerOptions following;
  following.writer.replica = indices.replica;
  Indexer indexer(indices.database, indices.target, type, following);
  const auto catch_up = [&](const feed::Cursor& cursor, std::chrono::milliseconds patience) {
    indexer.catch_up();
    return indexer.covers(cursor) || indexer.wait_for_now(cursor, patience);
  };
  catch_up(indices.database.read_now([](data::Snapshot& db) { return feed::newest(db); }),
           std::chrono::milliseconds(0));
  VerifyOptions options;
  options.is_whole = is_whole;
  options.seed =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  const VerifyReport report = verify(indices.database, indices.target, type, catch_up, options);
  out << fmt::format(
      "{}: {} rows and {} documents compared: {} missing, {} different, {} ghosts, "
      "{} that cannot be rendered\n",
      type.name, report.rows, report.documents, report.missing, report.different, report.ghosts,
      report.failed);
  if (report.is_clean()) return 0;
  constexpr std::size_t kShown = 10;
  const std::size_t shown = std::min(report.wrong.size(), kShown);
  const std::span<const std::string> first(report.wrong.data(), shown);
  indexer.catch_up();
  out << fmt::format("repaired {}{}\n", fmt::join(first, ", "),
                     report.wrong.size() > shown ? ", ..." : "");
  return 1;
}

int run_rollback(const IndicesOfProgram& indices, const DocumentType& type, std::ostream& out,
                 std::ostream& errors) {
  const auto before = roll_back(indices.target, type);
  if (!before) {
    errors << "there is no index before the one that serves\n";
    return 1;
  }
  out << fmt::format("{} is {} now, and catches up\n", type.name, *before);
  return 0;
}

int write_step(const IndicesOfProgram& indices, const std::string& name, std::ostream& out) {
  if (!data::internal::is_identifier(name)) {
    throw std::invalid_argument("a step is called by letters, digits and _, such as track_books");
  }
  const auto connection = indices.database.connect();
  const auto step = feed::tracking_migration(indices.steps + 1, name, tracking_of(indices.types),
                                             feed::read_tracking(*connection));
  for (const auto& file : feed::write_migration(indices.migrations, step)) {
    out << "wrote " << file.string() << '\n';
  }
  return 0;
}

int run_on_type(const IndicesOfProgram& indices, const std::string& what, Arguments rest,
                std::ostream& out, std::ostream& errors) {
  const DocumentType& type = type_of(indices, rest[0]);
  if (what == "repair" && rest.size() > 1) {
    repair(indices.database, type, {rest.begin() + 1, rest.end()});
    out << fmt::format("queued {}\n", rest.size() - 1);
    return 0;
  }
  const bool is_whole = rest.size() == 2 && rest[1] == "whole";
  if (what == "verify" && (rest.size() == 1 || is_whole)) {
    return run_verify(indices, type, is_whole, out);
  }
  if (rest.size() == 1 && what == "rebuild") return run_rebuild(indices, type, out, errors);
  if (rest.size() == 1 && what == "rollback") return run_rollback(indices, type, out, errors);
  if (rest.size() == 1 && what == "drop") {
    const auto dropped = drop_others(indices.database, indices.target, type);
    out << fmt::format("dropped {}\n", fmt::join(dropped, ", "));
    return 0;
  }
  errors << kUsage;
  return 2;
}

}  // namespace

std::string progress_line(const Progress& progress) {
  constexpr std::int64_t kWidth = 30;
  if (progress.is_filled)
    return fmt::format("{}: follows what has changed meanwhile", progress.index);
  const std::int64_t total = std::max<std::int64_t>(progress.total, 1);
  const std::int64_t done = std::min(progress.done, total);
  const auto filled = static_cast<std::size_t>(done * kWidth / total);
  return fmt::format("{}: [{:-<{}}] {} %, {} of {} rows, {:.0f} a second, {:.0f} s left",
                     progress.index, std::string(filled, '#'), kWidth, done * 100 / total,
                     progress.done, progress.total, progress.per_second, progress.seconds_left);
}

int run_index_command(const IndicesOfProgram& indices, const std::vector<std::string>& arguments,
                      std::ostream& out, std::ostream& errors) {
  const std::string what = arguments.empty() ? "" : arguments[0];
  try {
    if (what == "status" && arguments.size() == 1) return show_status(indices, out);
    if (what == "migrate" && arguments.size() == 2) return write_step(indices, arguments[1], out);
    if (arguments.size() > 1) {
      return run_on_type(indices, what, Arguments(arguments).subspan(1), out, errors);
    }
  } catch (const std::exception& error) {
    errors << error.what() << '\n';
    return 1;
  }
  errors << kUsage;
  return 2;
}

}  // namespace hornbeam::denorm
