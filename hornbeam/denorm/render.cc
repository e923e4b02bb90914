#include "hornbeam/denorm/render.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "hornbeam/data/error.h"

namespace hornbeam::denorm {

namespace {

using Keys = std::vector<std::string>;

/// Whether the next document would fare no better.
bool is_outage(data::ErrorKind kind) {
  switch (kind) {
    case data::ErrorKind::kBusy:
    case data::ErrorKind::kConflict:
    case data::ErrorKind::kUnavailable:
    case data::ErrorKind::kIo:
    case data::ErrorKind::kCorrupt:
    case data::ErrorKind::kDiskFull:
    case data::ErrorKind::kTimeout:
      return true;
    default:
      return false;
  }
}

void take(std::vector<Rendered> documents, const Keys& keys, RenderedBatch& batch) {
  std::set<std::string> wanted(keys.begin(), keys.end());
  for (const Rendered& each : documents) {
    if (wanted.erase(each.id) > 0) continue;
    throw std::runtime_error(fmt::format(
        "rendered the document {}, which was not asked for, or was rendered before", each.id));
  }
  std::move(documents.begin(), documents.end(), std::back_inserter(batch.documents));
  batch.absent.insert(batch.absent.end(), wanted.begin(), wanted.end());
}

}  // namespace

RenderedBatch render_batch(data::Snapshot& db, const DocumentType& type, const Keys& keys) {
  RenderedBatch batch;
  std::vector<Keys> left;
  if (!keys.empty()) left.push_back(keys);
  // Ends: what fails is replaced by halves, and one key alone by nothing.
  while (!left.empty()) {
    const Keys current = std::move(left.back());
    left.pop_back();
    std::string reason;
    try {
      take(type.render(db, current), current, batch);
      continue;
    } catch (const data::DatabaseError& error) {
      if (is_outage(error.kind())) throw;
      reason = error.what();
    } catch (const std::exception& error) {
      reason = error.what();
    }
    if (current.size() == 1) {
      batch.failures.push_back({current.front(), std::move(reason)});
      continue;
    }
    const auto middle = current.begin() + static_cast<std::ptrdiff_t>(current.size() / 2);
    left.emplace_back(middle, current.end());
    left.emplace_back(current.begin(), middle);
  }
  return batch;
}

}  // namespace hornbeam::denorm
