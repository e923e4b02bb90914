#include <xxhash.h>

#include "hornbeam/base/check.h"
#include "hornbeam/search/store/byte_writer.h"
#include "hornbeam/search/store/sealed_file.h"
#include "hornbeam/search/store/sealed_file_format.h"

namespace hornbeam::search {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;

}  // namespace

struct SealedFileWriter::Checksum {
  Checksum() { XXH64_reset(state, 0); }
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;
  ~Checksum() { XXH64_freeState(state); }

  XXH64_state_t* state = XXH64_createState();
};

SealedFileWriter::SealedFileWriter(Directory& directory, std::string name)
    : file_(directory.create(name)), checksum_(std::make_unique<Checksum>()) {
  buffer_.reserve(kBufferSize);
  put(sealed_format::kHeader);
}

SealedFileWriter::~SealedFileWriter() = default;

void SealedFileWriter::put(std::string_view bytes) {
  offset_ += bytes.size();
  if (buffer_.size() + bytes.size() > kBufferSize) {
    file_->append(buffer_);
    buffer_.clear();
  }
  if (bytes.size() >= kBufferSize) {
    file_->append(bytes);
  } else {
    buffer_.append(bytes);
  }
}

void SealedFileWriter::begin(std::string_view structure) {
  end_structure();
  const std::uint64_t padding = (16 - offset_ % 16) % 16;
  put(std::string(padding, '\0'));
  entries_.push_back({.name = folder_ + std::string(structure), .offset = offset_});
}

void SealedFileWriter::append(std::string_view bytes) {
  base::check(!entries_.empty(), "a structure is begun before it is written");
  XXH64_update(checksum_->state, bytes.data(), bytes.size());
  put(bytes);
}

std::uint64_t SealedFileWriter::size() const noexcept {
  return offset_ - entries_.back().offset;
}

void SealedFileWriter::end_structure() {
  if (entries_.empty()) return;
  entries_.back().size = size();
  entries_.back().checksum = XXH64_digest(checksum_->state);
  XXH64_reset(checksum_->state, 0);
}

void SealedFileWriter::finish() {
  end_structure();
  ByteWriter table;
  table.varint(entries_.size());
  for (const StructureEntry& entry : entries_) {
    table.text(entry.name);
    table.varint(entry.offset);
    table.varint(entry.size);
    table.u64(entry.checksum);
  }
  const std::uint64_t table_size = table.size();
  const std::uint64_t table_checksum = XXH64(table.view().data(), table.size(), 0);
  table.u64(table_size);
  table.u64(table_checksum);
  table.raw(sealed_format::kFooter.data(), sealed_format::kFooter.size());
  put(table.view());
  file_->append(buffer_);
  buffer_.clear();
}

void SealedFileWriter::sync() {
  file_->sync();
}

}  // namespace hornbeam::search
