#include "hornbeam/search/nested/nested_documents.h"

#include <algorithm>
#include <bit>

#include "hornbeam/base/json_view.h"
#include "hornbeam/base/json_write.h"

namespace hornbeam::search {
namespace {

bool lies_below(std::string_view path, std::string_view around) {
  return path.size() > around.size() && path.starts_with(around) && path[around.size()] == '.';
}

/// Of nested documents those are deleted whose documents are.
std::shared_ptr<const LiveDocs> live_nested(const Segment& nested, const SegmentView& around) {
  if (around.live->all_live()) return nested.all_live();
  auto live = std::make_shared<LiveDocs>(*nested.all_live());
  const DocId count = around.segment->doc_count();
  DocId at = 0;
  for (std::size_t i = 0; i < (std::size_t{count} + 63) / 64; ++i) {
    for (std::uint64_t dead = ~around.live->word(i); dead != 0; dead &= dead - 1) {
      const auto doc = static_cast<DocId>(i * 64 + static_cast<unsigned>(std::countr_zero(dead)));
      if (doc >= count) break;
      const DocRange inside = nested_range(nested, *around.segment, doc, at);
      for (at = inside.begin; at < inside.end; ++at) live->remove(at);
    }
  }
  return live;
}

}  // namespace

const Segment* find_nested(const Segment& around, std::string_view path) {
  for (const std::unique_ptr<const Segment>& nested : around.nested()) {
    if (nested->path() == path) return nested.get();
    if (lies_below(path, nested->path())) {
      if (const Segment* const deeper = find_nested(*nested, path)) return deeper;
    }
  }
  return nullptr;
}

std::shared_ptr<const Snapshot> nested_snapshot(const Snapshot& around, std::string_view path) {
  auto snapshot = std::make_shared<Snapshot>();
  DocId base = 0;
  for (const SegmentView& view : around.segments) {
    const Segment* const nested = find_nested(*view.segment, path);
    if (!nested) continue;
    // The segment of the whole documents keeps it.
    snapshot->segments.push_back({.segment = std::shared_ptr<const Segment>(view.segment, nested),
                                  .live = live_nested(*nested, view)});
    snapshot->bases.push_back(base);
    base += nested->doc_count();
  }
  return snapshot;
}

const SegmentView* find_view(const Snapshot& snapshot, const Segment& segment) {
  const auto found = std::ranges::find_if(
      snapshot.segments, [&](const SegmentView& view) { return view.segment.get() == &segment; });
  return found == snapshot.segments.end() ? nullptr : &*found;
}

DocId first_nested(const Segment& nested, const Segment& around, DocId doc, DocId hint) {
  const Segment& parent = *nested.parent();
  if (&parent == &around) return nested.first_of(doc, hint);
  if (hint >= nested.doc_count()) return hint;
  // None between has one, if the hint lies further back than the first of the level around.
  return nested.first_of(first_nested(parent, around, doc, nested.parent_of(hint)), hint);
}

DocRange nested_range(const Segment& nested, const Segment& around, DocId doc, DocId hint) {
  const DocId begin = first_nested(nested, around, doc, hint);
  return {.begin = begin, .end = first_nested(nested, around, doc + 1, begin)};
}

DocId document_around(const Segment& nested, DocId doc, const Segment& around) {
  for (const Segment* at = &nested; at != &around; at = at->parent()) doc = at->parent_of(doc);
  return doc;
}

RootDocument root_of(const Segment& segment, DocId doc) {
  const Segment* at = &segment;
  for (; at->parent(); at = at->parent()) doc = at->parent_of(doc);
  return {.segment = *at, .doc = doc};
}

std::vector<NestedPlace> nested_places(const Segment& segment, DocId doc) {
  std::vector<NestedPlace> places;
  for (const Segment* at = &segment; at->parent(); at = at->parent()) {
    const DocId parent = at->parent_of(doc);
    const std::string& around = at->parent()->path();
    places.push_back({.field = around.empty() ? at->path() : at->path().substr(around.size() + 1),
                      .offset = doc - at->first_of(parent)});
    doc = parent;
  }
  std::ranges::reverse(places);
  return places;
}

std::string nested_source(std::string_view source, const std::vector<NestedPlace>& places) {
  const auto document = base::JsonDocument::parse(source);
  if (!document) return "{}";
  base::JsonView at = document->root();
  for (const NestedPlace& place : places) {
    std::vector<base::JsonView> objects = values_at(at, place.field);
    std::erase_if(objects,
                  [](base::JsonView one) { return one.kind() != base::JsonKind::kObject; });
    if (place.offset >= objects.size()) return "{}";
    at = objects[place.offset];
  }
  return at.text();
}

std::string inside_of_path(std::string_view path, std::string_view object) {
  std::string json(object);
  while (!path.empty()) {
    const std::size_t dot = path.rfind('.');
    const std::string_view name = dot == std::string_view::npos ? path : path.substr(dot + 1);
    std::string around = "{";
    base::append_json_string(around, name);
    json = around + ":" + json + "}";
    path = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
  }
  return json;
}

std::string filter_nested_source(std::string_view path, std::string_view object,
                                 const SourceFilter& filter) {
  if (filter.takes_all()) return std::string(object);
  const auto whole = base::JsonDocument::parse(inside_of_path(path, object));
  if (!whole) return "{}";
  const std::string filtered = filter_source(whole->root(), filter);
  if (path.empty()) return filtered;
  return nested_source(filtered, {{.field = std::string(path), .offset = 0}});
}

std::string nested_json(const std::vector<NestedPlace>& places) {
  std::string json;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    std::string around = R"({"field":)";
    base::append_json_string(around, place->field);
    around += R"(,"offset":)" + std::to_string(place->offset);
    if (!json.empty()) around += R"(,"_nested":)" + json;
    json = around + "}";
  }
  return json;
}

}  // namespace hornbeam::search
