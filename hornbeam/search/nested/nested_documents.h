#pragma once

// Objects of the mapping type "nested" as documents: how one gets from a document to those inside
// of it and back, any number of levels at once, and what they say. segment.h tells where they lie.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/index/shard.h"
#include "hornbeam/search/nested/nested_place.h"
#include "hornbeam/search/segment/segment.h"
#include "hornbeam/search/source/json_paths.h"

namespace hornbeam::search {

/// The nested documents of a path inside of others, any number of levels below; null if the
/// segment has none.
const Segment* find_nested(const Segment& around, std::string_view path);

/// The nested documents of a path as a snapshot of their own, in which those of deleted documents
/// are deleted. Segments without any are left out.
std::shared_ptr<const Snapshot> nested_snapshot(const Snapshot& around, std::string_view path);

/// The view of a segment, or null if the snapshot does not have it.
const SegmentView* find_view(const Snapshot& snapshot, const Segment& segment);

/// Documents that follow each other.
struct DocRange {
  DocId begin = 0;
  DocId end = 0;
};

/// The first document of `nested` that lies in `doc` of `around` or in one behind it; only `hint`
/// and those behind it are looked at. Requires: `nested` lies inside of `around`.
DocId first_nested(const Segment& nested, const Segment& around, DocId doc, DocId hint = 0);
/// Those that lie in `doc`.
DocRange nested_range(const Segment& nested, const Segment& around, DocId doc, DocId hint = 0);
/// The document of `around` that a nested one lies in. Requires: as above.
DocId document_around(const Segment& nested, DocId doc, const Segment& around);

/// A document that is not nested.
struct RootDocument {
  const Segment& segment;
  DocId doc;

  std::string id() const { return segment.stored().id(doc); }
  std::string source() const { return segment.stored().source(doc); }
};
/// The document that a nested one lies in; the document itself if it is not nested.
RootDocument root_of(const Segment& segment, DocId doc);

/// Where in its document a nested one lies, the outermost object first.
std::vector<NestedPlace> nested_places(const Segment& segment, DocId doc);

/// The object at those places of a document's source, as JSON; "{}" if it is not there.
std::string nested_source(std::string_view source, const std::vector<NestedPlace>& places);
/// An object inside of others, as if it were the only one at its path: what shows a part of a whole
/// document can show a part of it.
std::string inside_of_path(std::string_view path, std::string_view object);
/// The parts of an object, or with an empty path of a document, that a filter takes, whose patterns
/// are for paths in the whole document.
std::string filter_nested_source(std::string_view path, std::string_view object,
                                 const SourceFilter& filter);
/// The places as hits show them: `{"field": ..., "offset": ..., "_nested": {...}}`.
/// Requires: there is one.
std::string nested_json(const std::vector<NestedPlace>& places);

}  // namespace hornbeam::search
