#pragma once

#include <string>
#include <vector>

#include "hornbeam/denorm/dead_letters.h"
#include "hornbeam/denorm/document_type.h"

namespace hornbeam::denorm {

/// What came of rendering some keys: each is rendered, has failed, or has no row.
struct RenderedBatch {
  /// Those there are.
  std::vector<Rendered> documents;
  /// Those that could not be rendered, and why.
  std::vector<Failure> failures;
  /// Keys that have no row.
  std::vector<std::string> absent;
};

/// Renders all of `keys` at once; where that fails, those at fault are found by halving. Throws
/// what is the database's fault and not that of a document: it is away, busy, or out of time.
RenderedBatch render_batch(data::Snapshot& db, const DocumentType& type,
                           const std::vector<std::string>& keys);

}  // namespace hornbeam::denorm
