#include "hornbeam/denorm/rebuild.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "hornbeam/base/log.h"

namespace hornbeam::denorm {

namespace {

/// The number in "books-7"; none if the index is not one of the type's.
std::optional<std::int64_t> number_of(const std::string& index, const DocumentType& type) {
  if (!index.starts_with(type.name + '-')) return std::nullopt;
  const char* const first = index.data() + type.name.size() + 1;
  const char* const last = index.data() + index.size();
  std::int64_t number = 0;
  const auto [rest, failed] = std::from_chars(first, last, number);
  if (failed != std::errc() || rest != last) return std::nullopt;
  return number;
}

void drop(data::Database& database, Target& target, const std::string& index) {
  target.remove(index);
  database.write_now([&](data::Transaction& tx) {
    for (const feed::Follower& each : feed::followers(tx)) {
      if (each.name == index || each.name.starts_with(index + '@')) {
        feed::forget_follower(tx, each.name);
      }
    }
  });
}

}  // namespace

std::vector<std::string> indices_of(Target& target, const DocumentType& type) {
  std::vector<std::string> found;
  for (std::string& each : target.indices()) {
    if (number_of(each, type)) found.push_back(std::move(each));
  }
  std::sort(found.begin(), found.end(), [&](const std::string& left, const std::string& right) {
    return *number_of(left, type) < *number_of(right, type);
  });
  return found;
}

Rebuild::Rebuild(data::Database& database, Target& target, const DocumentType& type,
                 RebuildOptions options)
    : database_(database), target_(target), type_(type), options_(std::move(options)) {}

std::optional<std::string> Rebuild::choose_index() {
  const std::vector<std::string> there = indices_of(target_, type_);
  const std::optional<std::string> serving = target_.find_alias(type_.name);
  const auto serving_number = serving ? number_of(*serving, type_) : std::nullopt;
  std::int64_t last = 0;
  for (const std::string& each : there) {
    const std::int64_t number = number_of(each, type_).value_or(0);
    last = std::max(last, number);
    // Newer than the one that serves: it was left unfinished, or has served and was taken back.
    if (number <= serving_number.value_or(0)) continue;
    const base::Result<IndexState> state = IndexState::parse(target_.state(each));
    const bool is_new = state && state->cursor.empty();
    const bool is_ours = state && state->fingerprint == fingerprint_of(type_) && !state->has_served;
    if (is_new || is_ours) return each;
  }
  // Looked at after those that are there: whoever has served by then is found here.
  if (options_.only_first && target_.find_alias(type_.name)) return std::nullopt;
  std::string made = fmt::format("{}-{}", type_.name, last + 1);
  target_.create(made, type_.mapping);
  return made;
}

feed::Work Rebuild::step() {
  if (is_complete_) return feed::Work::kDone;
  if (!writer_) {
    std::optional<std::string> index = choose_index();
    if (!index) return feed::Work::kDone;
    writer_ = std::make_unique<IndexWriter>(database_, target_, type_, std::move(*index),
                                            options_.writer);
  }
  try {
    return work();
  } catch (const feed::CursorLost& lost) {
    const std::string index = writer_->index();
    writer_.reset();
    drop(database_, target_, index);
    throw feed::CursorLost(fmt::format(
        "{} was being built and can never catch up, so it is deleted: {}; the next rebuild begins "
        "at the first row, and comes through if the log is kept for as long as it takes "
        "(TrimOptions::give_up_after)",
        index, lost.what()));
  }
}

bool Rebuild::begin() {
  if (!writer_->acquire()) {
    writer_.reset();
    return false;
  }
  began_at_ = std::chrono::steady_clock::now();
  done_before_ = writer_->state().filled;
  total_ = database_.read_now([&](data::Snapshot& db) {
    const std::string sql = fmt::format("SELECT count(*) FROM \"{}\"", type_.key.table);
    return db.query<std::int64_t>(data::unchecked_sql(sql)).one();
  });
  return true;
}

feed::Work Rebuild::work() {
  if (!writer_->has_lease() && !begin()) return feed::Work::kDone;
  const feed::Work left = writer_->step();
  if (options_.progress) options_.progress(progress());
  if (left == feed::Work::kMore) return left;
  swap();
  return feed::Work::kDone;
}

void Rebuild::swap() {
  writer_->commit();
  const std::optional<std::string> before = target_.find_alias(type_.name);
  target_.point(type_.name, writer_->index());
  writer_->note_serving();
  is_complete_ = true;
  base::log_info("an index was built",
                 {{"index", writer_->index()}, {"documents", target_.count(writer_->index())}});
  for (const std::string& each : indices_of(target_, type_)) {
    if (each != writer_->index() && each != before) drop(database_, target_, each);
  }
  writer_.reset();
}

Progress Rebuild::progress() const {
  Progress progress{.index = {}, .total = total_};
  if (!writer_) return progress;
  const IndexState state = writer_->state();
  progress.index = writer_->index();
  progress.done = state.filled;
  progress.is_filled = !state.is_filling;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began_at_;
  if (spent.count() > 0) {
    progress.per_second = static_cast<double>(state.filled - done_before_) / spent.count();
  }
  const auto left = static_cast<double>(std::max<std::int64_t>(total_ - state.filled, 0));
  if (progress.per_second > 0) progress.seconds_left = left / progress.per_second;
  return progress;
}

std::optional<std::string> rebuild(data::Database& database, Target& target,
                                   const DocumentType& type, const RebuildOptions& options,
                                   const std::stop_token& stop) {
  Rebuild running(database, target, type, options);
  while (!stop.stop_requested()) {
    if (running.step() == feed::Work::kMore) continue;
    return running.is_complete() ? target.find_alias(type.name) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> roll_back(Target& target, const DocumentType& type) {
  const std::optional<std::string> serving = target.find_alias(type.name);
  std::optional<std::string> before;
  for (const std::string& each : indices_of(target, type)) {
    if (each == serving) break;
    before = each;
  }
  if (before && serving) target.point(type.name, *before);
  return serving ? before : std::nullopt;
}

std::vector<std::string> drop_others(data::Database& database, Target& target,
                                     const DocumentType& type) {
  const std::optional<std::string> serving = target.find_alias(type.name);
  std::vector<std::string> dropped;
  for (const std::string& each : indices_of(target, type)) {
    if (each == serving) continue;
    drop(database, target, each);
    dropped.push_back(each);
  }
  return dropped;
}

}  // namespace hornbeam::denorm
