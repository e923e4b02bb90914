#include "hornbeam/search/segment/segment_buffer.h"

#include "hornbeam/base/check.h"
#include "hornbeam/search/codec/stored_documents.h"
#include "hornbeam/search/segment/segment.h"
#include "hornbeam/search/segment/segment_format.h"

namespace hornbeam::search {

std::string number_term(std::int64_t value) {
  const std::uint64_t ordered = static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
  std::string term;
  for (int shift = 56; shift >= 0; shift -= 8) term.push_back(static_cast<char>(ordered >> shift));
  return term;
}

SegmentBuffer::SegmentBuffer(Documents documents) : documents_(documents) {}

FieldBuffer& SegmentBuffer::field(const std::string& name, PostingsTraits traits, bool has_norms) {
  std::unique_ptr<FieldBuffer>& found = fields_[name];
  if (!found) found = std::make_unique<FieldBuffer>(name, traits, has_norms, streams_);
  base::check(found->traits() == traits, "a field is indexed in one way");
  return *found;
}

ColumnBuilder& SegmentBuffer::column(const std::string& name, ColumnKind kind) {
  ColumnBuilder& found = columns_.try_emplace(name, kind).first->second;
  base::check(found.kind() == kind, "a column has one kind");
  return found;
}

void SegmentBuffer::add_fields(DocId doc, const IndexedDocument& document) {
  constexpr PostingsTraits kPlain{};
  for (const IndexedDocument::Text& value : document.texts) {
    field(value.field, {.has_freqs = true, .has_positions = true}, true)
        .add_text(doc, value.text, *value.analyzer);
  }
  for (const IndexedDocument::Keyword& value : document.keywords) {
    if (value.is_indexed) field(value.field, kPlain, false).add_term(doc, value.term);
    if (value.has_column) {
      column(value.field, ColumnKind::kKeyword).add_keyword(doc, value.term);
    }
  }
  for (const IndexedDocument::Number& value : document.numbers) {
    if (value.is_indexed) field(value.field, kPlain, false).add_term(doc, number_term(value.value));
    if (value.has_column) column(value.field, value.kind).add(doc, value.value);
  }
}

void SegmentBuffer::add_nested(DocId doc, IndexedDocument& document) {
  for (IndexedDocument::Nested& below : document.nested) {
    if (below.objects.empty()) continue;
    Nested& nested = nested_[below.path];
    if (!nested.documents) nested.documents = std::make_unique<SegmentBuffer>(Documents::kNested);
    for (IndexedDocument& object : below.objects) {
      nested.documents->add(std::move(object));
      nested.parents.push_back(doc);
    }
  }
}

DocId SegmentBuffer::add(IndexedDocument document) {
  const DocId doc = doc_count_++;
  add_fields(doc, document);
  add_nested(doc, document);
  if (documents_ == Documents::kNested) return doc;
  field(std::string(kIdField), PostingsTraits{}, false).add_term(doc, document.id);
  column(std::string(kVersionField), ColumnKind::kInteger).add(doc, document.version);
  seq_nos_.push_back(static_cast<std::uint64_t>(document.seq_no));
  stored_bytes_ += document.id.size() + document.source.size() + sizeof(Stored);
  stored_.push_back({.id = std::move(document.id), .source = std::move(document.source)});
  return doc;
}

std::size_t SegmentBuffer::memory() const noexcept {
  std::size_t bytes =
      streams_.memory() + stored_bytes_ + seq_nos_.capacity() * sizeof(std::uint64_t);
  for (const auto& [name, found] : fields_) bytes += found->memory();
  for (const auto& [name, found] : columns_) bytes += found.memory();
  for (const auto& [path, found] : nested_) {
    bytes += found.documents->memory() + found.parents.capacity() * sizeof(std::uint64_t);
  }
  return bytes;
}

void SegmentBuffer::write(Directory& directory, const std::string& name) {
  base::check(doc_count() > 0, "a segment has documents");
  SealedFileWriter out(directory, name);
  write(out);
  out.finish();
}

void SegmentBuffer::write(SealedFileWriter& out) {
  if (documents_ == Documents::kWhole) {
    StoredDocumentsWriter stored(out);
    for (const Stored& document : stored_) stored.add(document.id, document.source);
    stored.finish();
  }
  PostingsWriter postings(out);
  TermDictionaryWriter dictionary;
  for (const auto& [field_name, found] : fields_) found->write(doc_count(), postings, dictionary);
  dictionary.finish(out);
  for (const auto& [field_name, found] : fields_) {
    if (!found->has_norms()) continue;
    segment_format::write_norms(out, field_name, found->norms());
  }
  std::vector<std::string> columns;
  for (const auto& [column_name, found] : columns_) {
    segment_format::write_column(out, column_name, found, doc_count());
    columns.push_back(column_name);
  }
  if (documents_ == Documents::kWhole) segment_format::write_seq_nos(out, seq_nos_);
  segment_format::write_summary(out, doc_count(), columns);
  write_nested(out);
}

void SegmentBuffer::write_nested(SealedFileWriter& out) {
  if (nested_.empty()) return;
  std::vector<std::string> paths;
  for (const auto& [path, found] : nested_) paths.push_back(path);
  segment_format::write_nested_paths(out, paths);
  std::size_t number = 0;
  for (auto& [path, found] : nested_) {
    const SealedFolder folder(out, segment_format::nested_folder(number++));
    segment_format::write_parents(out, found.parents);
    found.documents->write(out);
  }
}

}  // namespace hornbeam::search
