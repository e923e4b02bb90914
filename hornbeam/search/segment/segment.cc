#include "hornbeam/search/segment/segment.h"

#include <algorithm>
#include <stdexcept>

#include "hornbeam/search/segment/segment_format.h"

namespace hornbeam::search {

Segment::Segment(const Directory& directory, std::string name)
    : file_(directory, std::move(name)),
      doc_count_(segment_format::read_summary(file_).doc_count),
      size_(file_.size()),
      fields_(read_term_dictionary(file_)),
      stored_(file_, doc_count_),
      postings_(file_.structure("postings")) {
  open();
  file_.read(segment_format::kSeqNos, [&](ByteReader& in) {
    seq_nos_ = LinearArray(in);
    if (seq_nos_.size() != doc_count_) throw std::out_of_range("a document has no number");
  });
  if (!columns_.contains(kVersionField)) {
    file_.refuse("segment", "the column of versions is missing");
  }
  open_nested();
}

Segment::Segment(const SealedFile& file, const Segment& parent, std::string path)
    : file_(file),
      doc_count_(segment_format::read_summary(file_).doc_count),
      size_(file_.size()),
      fields_(read_term_dictionary(file_)),
      postings_(file_.structure("postings")),
      parent_(&parent),
      path_(std::move(path)) {
  open();
  file_.read(segment_format::kParents, [&](ByteReader& in) {
    parents_ = LinearArray(in);
    if (parents_.size() != doc_count_) throw std::out_of_range("a nested document is in none");
    parents_.check_rising(parent.doc_count() - 1);
  });
  all_live_ = std::make_shared<const LiveDocs>(doc_count_);
  open_nested();
}

void Segment::open() {
  // A line of sequence numbers, or of parents, takes a bit for each document at least.
  if (doc_count_ == 0 || doc_count_ / 8 > size_) {
    file_.refuse("segment", "a number of documents is impossible");
  }
  for (const std::string& column : segment_format::read_summary(file_).columns) {
    const std::string structure = segment_format::column_structure(column);
    file_.read(structure,
               [&](ByteReader& in) { columns_.emplace(column, Column(in, doc_count_)); });
  }
  for (const FieldTerms& field : fields_) {
    const std::string& field_name = field.info().name;
    if (field.info().has_norms && norms(field_name).size() < doc_count_) {
      file_.refuse(segment_format::norms_structure(field_name), "a document has no norm");
    }
  }
}

void Segment::open_nested() {
  // Each level has a folder inside of that around it, so that the names in the file bound them.
  const std::vector<std::string> paths = segment_format::read_nested_paths(file_);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const SealedFile folder = file_.folder(segment_format::nested_folder(i));
    nested_.push_back(std::unique_ptr<const Segment>(new Segment(folder, *this, paths[i])));
  }
}

DocId Segment::first_of(DocId parent, DocId hint) const noexcept {
  // In ever larger steps, then by halves.
  DocId low = hint;
  for (DocId step = 1; low < doc_count_ && parents_[low] < parent; step *= 2) {
    DocId high = doc_count_ - low > step ? low + step : doc_count_;
    ++low;
    if (high < doc_count_ && parents_[high] < parent) {
      low = high;
      continue;
    }
    while (low < high) {
      const DocId middle = low + (high - low) / 2;
      if (parents_[middle] < parent) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
  }
  return low;
}

const FieldTerms* Segment::terms(std::string_view field) const noexcept {
  const auto found = std::ranges::find(
      fields_, field, [](const FieldTerms& f) -> std::string_view { return f.info().name; });
  return found == fields_.end() ? nullptr : &*found;
}

PostingsCursor Segment::postings(const FieldTerms& field, const TermEntry& entry) const {
  return PostingsCursor(postings_, entry, field.info().postings, doc_count_);
}

std::span<const std::uint8_t> Segment::norms(std::string_view field) const noexcept {
  const std::string structure = segment_format::norms_structure(field);
  if (!file_.contains(structure)) return {};
  const std::string_view bytes = file_.structure(structure);
  if (bytes.size() < doc_count_) return {};
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), doc_count_};
}

const Column* Segment::column(std::string_view field) const noexcept {
  const auto found = columns_.find(field);
  return found == columns_.end() ? nullptr : &found->second;
}

std::optional<DocId> Segment::find(std::string_view id, const LiveDocs& live) const {
  const FieldTerms* const ids = terms(kIdField);
  if (!ids) return std::nullopt;
  const std::optional<TermEntry> entry = ids->find(id);
  if (!entry) return std::nullopt;
  PostingsCursor docs = postings(*ids, *entry);
  while (docs.next() != kNoMoreDocs) {
    if (live.is_live(docs.doc())) return docs.doc();
  }
  return std::nullopt;
}

}  // namespace hornbeam::search
