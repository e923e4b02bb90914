#include "hornbeam/search/segment/segment_merger.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "hornbeam/base/check.h"
#include "hornbeam/search/codec/postings_writer.h"
#include "hornbeam/search/segment/segment_format.h"
#include "hornbeam/search/store/corrupt_index.h"

namespace hornbeam::search {
namespace {

/// One merge: what is merged, and where to.
class Merge {
 public:
  /// What is merged: documents, or those nested in documents.
  enum class Documents : std::uint8_t { kWhole, kNested };

  Merge(std::span<const SegmentView> segments, const DocMaps& maps, SealedFileWriter& out,
        Documents documents = Documents::kWhole)
      : segments_(segments), maps_(maps), out_(out), documents_(documents) {
    for (const std::vector<DocId>& map : maps) {
      doc_count_ +=
          static_cast<DocId>(map.size()) - static_cast<DocId>(std::ranges::count(map, kNoMoreDocs));
    }
    base::check(doc_count_ > 0, "a merged segment has documents");
  }

  void run() {
    if (documents_ == Documents::kWhole) write_stored();
    write_postings();
    for (const auto& [field, norms] : norms_) segment_format::write_norms(out_, field, norms);
    write_columns();
    write_nested();
  }

 private:
  /// The place of one segment in the terms of a field.
  struct Source {
    std::size_t segment;
    const FieldTerms* terms;
    FieldTerms::Cursor cursor;
  };

  void write_stored();
  void write_postings();
  void write_field(const std::string& name, TermDictionaryWriter& dictionary,
                   PostingsWriter& postings);
  void collect_norms(const std::string& name);
  bool add_postings(const Source& source, PostingsWriter& postings);
  void write_columns();
  void write_seq_nos();
  void add_column(std::size_t segment, const Column& column, ColumnBuilder& merged) const;

  /// The segments of the nested documents of a path, what they are called in the new one, and the
  /// documents that have them there.
  struct Nested {
    std::vector<SegmentView> segments{};
    DocMaps maps{};
    std::vector<std::uint64_t> parents{};
  };
  Nested nested_of(const std::string& path) const;
  void write_nested();

  std::span<const SegmentView> segments_;
  const DocMaps& maps_;
  SealedFileWriter& out_;
  Documents documents_;
  DocId doc_count_ = 0;
  std::map<std::string, std::vector<std::uint8_t>> norms_;
};

void Merge::write_stored() {
  StoredDocumentsWriter stored(out_);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const StoredDocuments& from = segments_[i].segment->stored();
    StoredDocuments::Cursor sources = from.cursor();
    for (DocId doc = 0; doc < maps_[i].size(); ++doc) {
      if (maps_[i][doc] != kNoMoreDocs) stored.add(from.id(doc), sources.source(doc));
    }
  }
  stored.finish();
}

void Merge::write_postings() {
  std::set<std::string> names;
  for (const SegmentView& view : segments_) {
    for (const FieldTerms& field : view.segment->fields()) names.insert(field.info().name);
  }
  PostingsWriter postings(out_);
  TermDictionaryWriter dictionary;
  for (const std::string& name : names) write_field(name, dictionary, postings);
  dictionary.finish(out_);
}

void Merge::collect_norms(const std::string& name) {
  std::vector<std::uint8_t> merged(doc_count_);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const std::span<const std::uint8_t> norms = segments_[i].segment->norms(name);
    for (DocId doc = 0; doc < norms.size(); ++doc) {
      if (maps_[i][doc] != kNoMoreDocs) merged[maps_[i][doc]] = norms[doc];
    }
  }
  norms_[name] = std::move(merged);
}

bool Merge::add_postings(const Source& source, PostingsWriter& postings) {
  const PostingsTraits traits = source.terms->info().postings;
  PostingsCursor cursor =
      segments_[source.segment].segment->postings(*source.terms, source.cursor.entry());
  bool has_any = false;
  DocId last = 0;
  while (cursor.next() != kNoMoreDocs) {
    const DocId doc = maps_[source.segment][cursor.doc()];
    if (doc == kNoMoreDocs) continue;
    if (has_any && doc <= last) throw std::out_of_range("the documents of a term do not rise");
    last = doc;
    const std::uint32_t freq = traits.has_freqs ? cursor.freq() : 1;
    postings.add(doc, freq,
                 traits.has_positions ? cursor.positions() : std::span<const std::uint32_t>());
    has_any = true;
  }
  return has_any;
}

void Merge::write_field(const std::string& name, TermDictionaryWriter& dictionary,
                        PostingsWriter& postings) {
  std::vector<Source> sources;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const FieldTerms* const terms = segments_[i].segment->terms(name);
    if (!terms) continue;
    sources.push_back({.segment = i, .terms = terms, .cursor = terms->cursor()});
    if (!sources.back().cursor.next()) sources.pop_back();
  }
  if (sources.empty()) return;
  const FieldInfo& info = sources.front().terms->info();
  std::uint32_t docs_with_field = 0;
  if (info.has_norms) {
    collect_norms(name);
    docs_with_field = static_cast<std::uint32_t>(
        std::ranges::count_if(norms_[name], [](std::uint8_t norm) { return norm != 0; }));
  } else {
    for (const Source& source : sources) docs_with_field += source.terms->info().doc_count;
    docs_with_field = std::min(docs_with_field, doc_count_);
  }
  dictionary.begin_field(name, info.postings, info.has_norms, docs_with_field);
  const auto found_norms = norms_.find(name);
  postings.begin_field(info.postings, found_norms == norms_.end()
                                          ? std::span<const std::uint8_t>()
                                          : std::span<const std::uint8_t>(found_norms->second));
  std::optional<std::string> last;
  // Few segments are merged at once: the smallest term is found by looking at all of them.
  while (!sources.empty()) {
    const std::string term = std::ranges::min_element(sources, {}, [](const Source& s) {
                               return s.cursor.term();
                             })->cursor.term();
    if (last && term <= *last) throw std::out_of_range("the terms of a field do not rise");
    last = term;
    bool has_any = false;
    for (Source& source : sources) {
      if (source.cursor.term() == term) has_any |= add_postings(source, postings);
    }
    if (has_any) dictionary.add(term, postings.end_term());
    std::erase_if(sources, [&](Source& s) { return s.cursor.term() == term && !s.cursor.next(); });
  }
}

void Merge::write_columns() {
  std::map<std::string, ColumnKind> kinds;
  for (const SegmentView& view : segments_) {
    for (const auto& [name, column] : view.segment->columns()) kinds.emplace(name, column.kind());
  }
  std::vector<std::string> names;
  for (const auto& [name, kind] : kinds) {
    ColumnBuilder merged(kind);
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const Column* const column = segments_[i].segment->column(name);
      if (column) add_column(i, *column, merged);
    }
    segment_format::write_column(out_, name, merged, doc_count_);
    names.push_back(name);
  }
  if (documents_ == Documents::kWhole) write_seq_nos();
  segment_format::write_summary(out_, doc_count_, names);
}

void Merge::write_seq_nos() {
  std::vector<std::uint64_t> seq_nos;
  seq_nos.reserve(doc_count_);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    for (DocId doc = 0; doc < maps_[i].size(); ++doc) {
      if (maps_[i][doc] == kNoMoreDocs) continue;
      const std::int64_t number = segments_[i].segment->seq_no(doc);
      if (number < 0) {
        throw CorruptIndex(segments_[i].segment->name(), "numbers of writes", 0,
                           "one has more than 63 bits");
      }
      seq_nos.push_back(static_cast<std::uint64_t>(number));
    }
  }
  segment_format::write_seq_nos(out_, seq_nos);
}

void Merge::add_column(std::size_t segment, const Column& column, ColumnBuilder& merged) const {
  const std::vector<DocId>& map = maps_[segment];
  for (DocId doc = 0; doc < map.size(); ++doc) {
    if (map[doc] == kNoMoreDocs) continue;
    const auto [begin, end] = column.range(doc);
    for (std::size_t i = begin; i < end; ++i) {
      if (column.kind() == ColumnKind::kKeyword) {
        merged.add_keyword(map[doc], column.term(static_cast<std::size_t>(column.value(i))));
      } else {
        merged.add(map[doc], column.value(i));
      }
    }
  }
}

Merge::Nested Merge::nested_of(const std::string& path) const {
  Nested found;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    for (const std::unique_ptr<const Segment>& nested : segments_[i].segment->nested()) {
      if (nested->path() != path) continue;
      // Those of a document that is left out go with it.
      std::vector<DocId>& map = found.maps.emplace_back(nested->doc_count(), kNoMoreDocs);
      for (DocId doc = 0; doc < map.size(); ++doc) {
        const DocId parent = maps_[i][nested->parent_of(doc)];
        if (parent == kNoMoreDocs) continue;
        map[doc] = static_cast<DocId>(found.parents.size());
        found.parents.push_back(parent);
      }
      found.segments.push_back(
          {.segment = std::shared_ptr<const Segment>(segments_[i].segment, nested.get()),
           .live = nullptr});
    }
  }
  return found;
}

void Merge::write_nested() {
  std::set<std::string> paths;
  for (const SegmentView& view : segments_) {
    for (const auto& nested : view.segment->nested()) paths.insert(nested->path());
  }
  std::vector<std::string> kept;
  std::vector<Nested> all;
  for (const std::string& path : paths) {
    Nested nested = nested_of(path);
    if (nested.parents.empty()) continue;
    kept.push_back(path);
    all.push_back(std::move(nested));
  }
  if (kept.empty()) return;
  segment_format::write_nested_paths(out_, kept);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SealedFolder folder(out_, segment_format::nested_folder(i));
    segment_format::write_parents(out_, all[i].parents);
    Merge(all[i].segments, all[i].maps, out_, Documents::kNested).run();
  }
}

}  // namespace

DocMaps make_doc_maps(std::span<const SegmentView> segments) {
  DocMaps maps;
  DocId next = 0;
  for (const SegmentView& view : segments) {
    std::vector<DocId>& map = maps.emplace_back(view.segment->doc_count(), kNoMoreDocs);
    for (DocId doc = 0; doc < map.size(); ++doc) {
      if (view.is_live(doc)) map[doc] = next++;
    }
  }
  return maps;
}

void merge_segments(std::span<const SegmentView> segments, const DocMaps& maps,
                    Directory& directory, const std::string& name) {
  SealedFileWriter out(directory, name);
  Merge(segments, maps, out).run();
  out.finish();
}

}  // namespace hornbeam::search
