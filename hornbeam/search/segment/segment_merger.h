#pragma once

#include <span>
#include <string>
#include <vector>

#include "hornbeam/search/segment/segment.h"

namespace hornbeam::search {

/// What documents of the merged segments are called in the new one; `kNoMoreDocs` if they are
/// deleted. One list for each segment.
using DocMaps = std::vector<std::vector<DocId>>;

DocMaps make_doc_maps(std::span<const SegmentView> segments);

/// Writes the live documents of `segments` as one segment, in their order.
/// Requires: `maps` was made of these views, and names a document at least.
void merge_segments(std::span<const SegmentView> segments, const DocMaps& maps,
                    Directory& directory, const std::string& name);

}  // namespace hornbeam::search
