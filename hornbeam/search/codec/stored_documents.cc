#include "hornbeam/search/codec/stored_documents.h"

#include <charconv>
#include <optional>
#include <stdexcept>

#include <zstd.h>

#include "hornbeam/base/check.h"

namespace hornbeam::search {
namespace {

constexpr std::size_t kBlockBytes = 16 * 1024;
constexpr int kCompressionLevel = 1;
/// A block may hold one document that is longer than all limits of today.
constexpr std::uint64_t kLargestBlock = std::uint64_t{2} << 30;

/// So many digits are below 2^63.
constexpr std::size_t kMostDigits = 18;

/// The number that is written just so, as the keys of most databases are.
std::optional<std::uint64_t> number_of(std::string_view id) {
  if (id.empty() || id.size() > kMostDigits || (id.size() > 1 && id.front() == '0')) return {};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return {};
  return number;
}

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
  write_ids(ids);
  out_.begin("ids");
  out_.append(ids.view());
}

void StoredDocumentsWriter::write_ids(ByteWriter& out) const {
  std::vector<std::uint64_t> numbers;
  std::size_t begin = 0;
  for (const std::uint64_t end : id_ends_) {
    const auto number = number_of(std::string_view(ids_).substr(begin, end - begin));
    if (!number) break;
    numbers.push_back(*number);
    begin = end;
  }
  const bool are_numbers = numbers.size() == id_ends_.size();
  out.u8(are_numbers);
  LinearArray::write(are_numbers ? numbers : id_ends_, out);
  if (!are_numbers) out.raw(ids_.data(), ids_.size());
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
    has_numbers_ = in.u8() != 0;
    id_numbers_ = LinearArray(in);
    if (id_numbers_.size() != doc_count) throw std::out_of_range("a document has no id");
    if (has_numbers_) return;
    ids_ = in.raw(in.left());
    id_numbers_.check_rising(ids_.size());
  });
}

std::string StoredDocuments::id(DocId doc) const {
  if (has_numbers_) return std::to_string(id_numbers_[doc]);
  const std::size_t begin = doc == 0 ? 0 : id_numbers_[doc - 1];
  return std::string(ids_.substr(begin, id_numbers_[doc] - begin));
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
