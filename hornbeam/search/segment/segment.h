#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/column.h"
#include "hornbeam/search/codec/linear_array.h"
#include "hornbeam/search/codec/live_docs.h"
#include "hornbeam/search/codec/postings_cursor.h"
#include "hornbeam/search/codec/stored_documents.h"
#include "hornbeam/search/codec/term_dictionary.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search {

/// Columns and postings that every segment has, under names no mapping may use.
inline constexpr std::string_view kIdField = "_id";
inline constexpr std::string_view kVersionField = "_version";
/// What queries call `Segment::seq_no`, which is no column.
inline constexpr std::string_view kSeqNoField = "_seq_no";
/// The column of documents that were written with a routing.
inline constexpr std::string_view kRoutingField = "_routing";

/// A part of an index that does not change: some documents and everything to find them by.
///
/// Objects of the mapping type "nested" are documents of segments of their own inside of it, one
/// for each path, in the order of the documents that have them; so whoever looks at the documents
/// sees nothing of them. Such a segment has neither ids nor sources: those of the documents around
/// are its.
/// Thread: any number at once.
class Segment {
 public:
  /// Throws CorruptIndex if the file is not what was written.
  Segment(const Directory& directory, std::string name);
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  const std::string& name() const noexcept { return file_.name(); }
  DocId doc_count() const noexcept { return doc_count_; }
  std::size_t size() const noexcept { return size_; }

  /// The terms of a field, or null if no document has it.
  const FieldTerms* terms(std::string_view field) const noexcept;
  const std::vector<FieldTerms>& fields() const noexcept { return fields_; }
  PostingsCursor postings(const FieldTerms& field, const TermEntry& entry) const;
  /// The norm of each document; empty if the field has none.
  std::span<const std::uint8_t> norms(std::string_view field) const noexcept;

  /// What each write of the index counts up.
  std::int64_t seq_no(DocId doc) const noexcept {
    return parent_ ? parent_->seq_no(parent_of(doc)) : static_cast<std::int64_t>(seq_nos_[doc]);
  }

  /// The column of a field, or null if no document has one.
  const Column* column(std::string_view field) const noexcept;
  const std::map<std::string, Column, std::less<>>& columns() const noexcept { return columns_; }

  /// Requires: the documents are not nested.
  const StoredDocuments& stored() const noexcept { return stored_; }
  /// The document of that id that `live` has: an update leaves an older one behind, deleted.
  std::optional<DocId> find(std::string_view id, const LiveDocs& live) const;

  /// The segments of the nested documents that are directly inside of these.
  const std::vector<std::unique_ptr<const Segment>>& nested() const noexcept { return nested_; }
  /// The segment of the documents that have these; null if they are not nested.
  const Segment* parent() const noexcept { return parent_; }
  /// The path of the objects; empty if they are not nested.
  const std::string& path() const noexcept { return path_; }
  /// The document that has a nested one. Requires: these are nested.
  DocId parent_of(DocId doc) const noexcept { return static_cast<DocId>(parents_[doc]); }
  /// That none of them is deleted. Requires: these are nested.
  const std::shared_ptr<const LiveDocs>& all_live() const noexcept { return all_live_; }
  /// The first nested document that `parent` or one behind it has, or their number if there is
  /// none. Looks at `hint` and behind it only, and the faster the nearer it is.
  DocId first_of(DocId parent, DocId hint = 0) const noexcept;

 private:
  Segment(const SealedFile& file, const Segment& parent, std::string path);
  void open();
  void open_nested();

  SealedFile file_;
  DocId doc_count_ = 0;
  std::size_t size_ = 0;
  std::vector<FieldTerms> fields_;
  std::map<std::string, Column, std::less<>> columns_;
  StoredDocuments stored_;
  LinearArray seq_nos_;
  std::string_view postings_;
  const Segment* parent_ = nullptr;
  std::string path_;
  LinearArray parents_;
  std::shared_ptr<const LiveDocs> all_live_;
  std::vector<std::unique_ptr<const Segment>> nested_;
};

/// A segment as one reader sees it.
struct SegmentView {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const LiveDocs> live;

  bool is_live(DocId doc) const noexcept { return live->is_live(doc); }
};

}  // namespace hornbeam::search
