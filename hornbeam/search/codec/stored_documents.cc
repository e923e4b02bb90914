#include "hornbeam/search/codec/stored_documents.h"

#include <stdexcept>

#include <zstd.h>

#include "hornbeam/base/check.h"

namespace hornbeam::search {
namespace {

constexpr std::size_t kBlockBytes = 16 * 1024;
constexpr int kCompressionLevel = 1;
/// A block may hold one document that is longer than all limits of today.
constexpr std::uint64_t kLargestBlock = std::uint64_t{2} << 30;

}  // namespace

StoredDocumentsWriter::StoredDocumentsWriter(SealedFileWriter& out) : out_(out) {
  out_.begin("source");
}

void StoredDocumentsWriter::add(std::string_view id, std::string_view source) {
  if (block_.size() == 0) {
    block_docs_.push_back(doc_count_);
    block_offsets_.push_back(out_.size());
  }
  block_.text(source);
  ids_.append(id);
  id_ends_.push_back(ids_.size());
  ++doc_count_;
  if (block_.size() >= kBlockBytes) end_block();
}

void StoredDocumentsWriter::end_block() {
  if (block_.size() == 0) return;
  std::string compressed(ZSTD_compressBound(block_.size()), '\0');
  const std::size_t size = ZSTD_compress(compressed.data(), compressed.size(), block_.view().data(),
                                         block_.size(), kCompressionLevel);
  base::check(ZSTD_isError(size) == 0, "a buffer of the bound's size is enough");
  out_.append(std::string_view(compressed).substr(0, size));
  block_.clear();
}

void StoredDocumentsWriter::finish() {
  end_block();
  block_offsets_.push_back(out_.size());
  ByteWriter index;
  PackedArray::write(block_docs_, index);
  PackedArray::write(block_offsets_, index);
  out_.begin("source_index");
  out_.append(index.view());
  ByteWriter ids;
  PackedArray::write(id_ends_, ids);
  ids.raw(ids_.data(), ids_.size());
  out_.begin("ids");
  out_.append(ids.view());
}

StoredDocuments::StoredDocuments(const SealedFile& file, DocId doc_count)
    : sources_(file.structure("source")) {
  file.read("source_index", [&](ByteReader& in) {
    block_docs_ = PackedArray(in);
    block_offsets_ = PackedArray(in);
    const bool has_first = block_docs_.size() > 0 && block_docs_[0] == 0;
    if (!has_first || block_offsets_.size() != block_docs_.size() + 1) {
      throw std::out_of_range("a block of sources has no place");
    }
    block_docs_.check_rising(doc_count);
    block_offsets_.check_rising(sources_.size());
  });
  file.read("ids", [&](ByteReader& in) {
    id_ends_ = PackedArray(in);
    ids_ = in.raw(in.left());
    if (id_ends_.size() != doc_count) throw std::out_of_range("a document has no id");
    id_ends_.check_rising(ids_.size());
  });
}

std::string_view StoredDocuments::id(DocId doc) const noexcept {
  const std::size_t begin = doc == 0 ? 0 : id_ends_[doc - 1];
  return {ids_.data() + begin, id_ends_[doc] - begin};
}

std::string_view StoredDocuments::Cursor::source(DocId doc) {
  if (doc >= first_ && doc - first_ < sources_.size()) return sources_[doc - first_];
  const PackedArray& block_docs = stored_->block_docs_;
  std::size_t low = 0;
  std::size_t high = block_docs.size();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (block_docs[middle] <= doc ? low : high) = middle;
  }
  const std::size_t begin = stored_->block_offsets_[low];
  const std::string_view packed =
      stored_->sources_.substr(begin, stored_->block_offsets_[low + 1] - begin);
  const std::uint64_t unpacked = ZSTD_getFrameContentSize(packed.data(), packed.size());
  // The codes of errors are larger too.
  if (unpacked > kLargestBlock) throw std::out_of_range("a block of sources has no size");
  block_.resize(unpacked);
  const std::size_t size =
      ZSTD_decompress(block_.data(), block_.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0) throw std::out_of_range("a block of sources does not unpack");
  sources_.clear();
  first_ = static_cast<DocId>(block_docs[low]);
  for (ByteReader in(block_); !in.at_end();) sources_.push_back(in.text());
  return sources_.at(doc - first_);
}

}  // namespace hornbeam::search
