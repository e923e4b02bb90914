#include "hornbeam/site/search_api/by_query.h"

#include <algorithm>

#include <fmt/format.h>

#include "hornbeam/search/query/matching_documents.h"
#include "hornbeam/search/query/snapshot_place.h"

namespace hornbeam::site {
namespace {

using search::NodeError;

std::uint64_t read_max_docs(std::int64_t number) {
  if (number >= 0) return static_cast<std::uint64_t>(number);
  throw NodeError("illegal_argument_exception",
                  fmt::format("[max_docs] parameter cannot be negative, found [{}]", number));
}

void set_max_docs(ByQuery& query, std::uint64_t number) {
  if (query.max_docs && *query.max_docs != number) {
    throw NodeError("illegal_argument_exception",
                    fmt::format("[max_docs] set to two different values [{}] and [{}]",
                                *query.max_docs, number));
  }
  query.max_docs = number;
}

bool reads_proceed(std::string_view conflicts) {
  if (conflicts == "proceed") return true;
  if (conflicts == "abort") return false;
  throw NodeError(
      "illegal_argument_exception",
      fmt::format("conflicts may only be \"proceed\" or \"abort\" but was [{}]", conflicts));
}

/// Counts what became of a document.
void count(ByQueryOutcome& outcome, const WriteAnswer& written) {
  if (written.result == "created") ++outcome.created;
  if (written.result == "updated") ++outcome.updated;
  if (written.result == "deleted") ++outcome.deleted;
  if (written.result == "noop") ++outcome.noops;
  // It was there when it was found, and is gone: someone else has changed it.
  if (written.result == "not_found") ++outcome.conflicts;
}

void note_failure(ByQueryOutcome& outcome, const ByQuery& query, const ChosenDocument& chosen,
                  const NodeError& error) {
  const bool is_conflict = error.type() == "version_conflict_engine_exception";
  if (is_conflict) ++outcome.conflicts;
  if (is_conflict && query.proceeds) return;
  const int status = status_of(error.type());
  base::JsonWriter out;
  out.begin_object().member("index", chosen.index).member("id", chosen.id).key("cause");
  write_error(out, error);
  out.member("status", status).end_object();
  outcome.failures.push_back(out.take());
  outcome.status = std::max(outcome.status, status);
}

}  // namespace

void read_common(ByQuery& query, const RestCall& call, std::optional<base::JsonView> body) {
  query.proceeds = reads_proceed(call.text("conflicts", "abort"));
  if (const auto given = call.number("max_docs")) query.max_docs = read_max_docs(*given);
  if (const auto given = call.number("scroll_size")) {
    if (*given <= 0) {
      throw NodeError("illegal_argument_exception",
                      fmt::format("[scroll_size] must be positive, found [{}]", *given));
    }
    query.batch = static_cast<std::size_t>(*given);
  }
  if (call.has("from")) {
    throw NodeError("action_request_validation_exception",
                    "Validation Failed: 1: from is not supported in this context;");
  }
  if (!body) return;
  if (const auto given = body->find("conflicts")) query.proceeds = reads_proceed(text_of(*given));
  if (const auto given = body->find("max_docs")) {
    set_max_docs(query, read_max_docs(given->find_int().value_or(-1)));
  }
  if (body->find("script")) {
    throw NodeError("illegal_argument_exception", "scripts are not supported here");
  }
}

ByQueryOutcome write_by_query(const ByQuery& query,
                              const std::function<WriteAnswer(const ChosenDocument&)>& write,
                              const std::stop_token& stop) {
  // All are found before any is written: what is written is not found again.
  std::vector<std::vector<search::DocId>> found;
  ByQueryOutcome outcome;
  for (const search::SearchTarget& target : query.targets) {
    auto matching =
        search::matching_documents(target, query.body.request.query, search::current_time());
    if (!matching) throw NodeError::of_search(matching.error(), target.name);
    outcome.total += matching->size();
    found.push_back(std::move(*matching));
  }
  outcome.total = std::min(outcome.total, query.max_docs.value_or(outcome.total));
  std::uint64_t done = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const search::DocId doc : found[i]) {
      if (done == outcome.total) return outcome;
      if (done % query.batch == 0) {
        outcome.was_cancelled = stop.stop_requested();
        if (!outcome.failures.empty() || outcome.was_cancelled) return outcome;
        ++outcome.batches;
      }
      ++done;
      const auto place = search::SnapshotPlace::of(*query.targets[i].snapshot, doc);
      const ChosenDocument chosen{.index = query.targets[i].name,
                                  .id = place.view.segment->stored().id(place.doc),
                                  .document = search::document_at(place.view, place.doc)};
      try {
        count(outcome, write(chosen));
      } catch (const NodeError& error) {
        note_failure(outcome, query, chosen, error);
      }
    }
  }
  return outcome;
}

}  // namespace hornbeam::site
