#include "hornbeam/search/codec/live_docs.h"

#include <bit>
#include <cstring>
#include <stdexcept>

#include "hornbeam/search/store/byte_writer.h"

namespace hornbeam::search {

LiveDocs::LiveDocs(DocId doc_count)
    : doc_count_(doc_count),
      live_count_(doc_count),
      words_((std::size_t{doc_count} + 63) / 64, ~std::uint64_t{0}) {
  if (doc_count % 64 != 0) words_.back() = (std::uint64_t{1} << (doc_count % 64)) - 1;
}

bool LiveDocs::remove(DocId doc) noexcept {
  if (!is_live(doc)) return false;
  words_[doc / 64] &= ~(std::uint64_t{1} << (doc % 64));
  --live_count_;
  return true;
}

void LiveDocs::write(Directory& directory, std::string name) const {
  SealedFileWriter out(directory, std::move(name));
  ByteWriter bytes;
  bytes.varint(doc_count_);
  bytes.raw(words_.data(), words_.size() * sizeof words_[0]);
  out.begin("live_docs");
  out.append(bytes.view());
  out.finish();
}

LiveDocs LiveDocs::read(const Directory& directory, std::string name) {
  const SealedFile file(directory, std::move(name));
  return file.read("live_docs", [](ByteReader& in) {
    const std::uint64_t doc_count = in.varint();
    // Before there is memory for more documents than there are bits.
    if (doc_count == 0 || doc_count / 8 > in.left()) {
      throw std::out_of_range("a document has no bit");
    }
    LiveDocs docs(static_cast<DocId>(doc_count));
    const std::size_t size = docs.words_.size() * sizeof docs.words_[0];
    std::memcpy(docs.words_.data(), in.raw(size).data(), size);
    docs.live_count_ = 0;
    if (doc_count % 64 != 0 && docs.words_.back() >> (doc_count % 64) != 0) {
      throw std::out_of_range("a bit has no document");
    }
    for (const std::uint64_t word : docs.words_) {
      docs.live_count_ += static_cast<DocId>(std::popcount(word));
    }
    return docs;
  });
}

}  // namespace hornbeam::search
