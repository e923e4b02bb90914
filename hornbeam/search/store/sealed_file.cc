#include "hornbeam/search/store/sealed_file.h"

#include <algorithm>

#include <xxhash.h>

#include "hornbeam/search/store/corrupt_index.h"
#include "hornbeam/search/store/sealed_file_format.h"

namespace hornbeam::search {
namespace {

std::vector<StructureEntry> read_table(ByteReader reader) {
  std::vector<StructureEntry> entries(std::min<std::uint64_t>(reader.varint(), reader.left()));
  for (StructureEntry& entry : entries) {
    entry.name = reader.text();
    entry.offset = reader.varint();
    entry.size = reader.varint();
    entry.checksum = reader.u64();
  }
  return entries;
}

}  // namespace

SealedFile::SealedFile(const Directory& directory, std::string name)
    : name_(std::move(name)), file_(directory.open(name_)) {
  using namespace sealed_format;
  const std::string_view all = file_->bytes();
  if (!all.starts_with(kHeader)) throw CorruptIndex(name_, "header", 0, "it is not as written");
  if (all.size() < kHeader.size() + kTailSize || !all.ends_with(kFooter)) {
    throw CorruptIndex(name_, "footer", all.size(), "the end of the file is missing");
  }
  const std::size_t tail = all.size() - kTailSize;
  ByteReader reader(all, tail);
  const std::uint64_t table_size = reader.u64();
  const std::uint64_t table_checksum = reader.u64();
  const bool fits = table_size <= tail - kHeader.size();
  const std::string_view table = fits ? all.substr(tail - table_size, table_size) : "";
  if (!fits || XXH64(table.data(), table.size(), 0) != table_checksum) {
    throw CorruptIndex(name_, "table of structures", tail, "its checksum differs");
  }
  try {
    entries_ = read_table(ByteReader(table));
  } catch (const std::out_of_range& failure) {
    throw CorruptIndex(name_, "table of structures", tail, failure.what());
  }
  const std::uint64_t table_begin = tail - table_size;
  std::uint64_t end = kHeader.size();
  for (const StructureEntry& entry : entries_) {
    if (entry.offset < end || entry.offset > table_begin ||
        entry.size > table_begin - entry.offset) {
      throw CorruptIndex(name_, entry.name, entry.offset, "it does not lie behind the one before");
    }
    const std::string_view padding = all.substr(end, entry.offset - end);
    if (padding.find_first_not_of('\0') != std::string_view::npos) {
      throw CorruptIndex(name_, "padding", end, "it is not zero");
    }
    const std::string_view bytes = all.substr(entry.offset, entry.size);
    if (XXH64(bytes.data(), bytes.size(), 0) != entry.checksum) {
      throw CorruptIndex(name_, entry.name, entry.offset, "its checksum differs");
    }
    end = entry.offset + entry.size;
  }
}

SealedFile SealedFile::folder(std::string_view name) const {
  SealedFile inside;
  inside.name_ = name_;
  inside.folder_ = folder_ + std::string(name);
  inside.file_ = file_;
  for (const StructureEntry& entry : entries_) {
    if (!entry.name.starts_with(name)) continue;
    inside.entries_.push_back(entry);
    inside.entries_.back().name.erase(0, name.size());
  }
  return inside;
}

const StructureEntry* SealedFile::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(entries_, name, &StructureEntry::name);
  return found == entries_.end() ? nullptr : &*found;
}

bool SealedFile::contains(std::string_view name) const noexcept {
  return find(name) != nullptr;
}

std::string_view SealedFile::structure(std::string_view name) const {
  const StructureEntry* const entry = find(name);
  if (!entry) throw CorruptIndex(name_, folder_ + std::string(name), 0, "the structure is missing");
  return file_->bytes().substr(entry->offset, entry->size);
}

void SealedFile::refuse(std::string_view structure, std::string_view what) const {
  const StructureEntry* const entry = find(structure);
  throw CorruptIndex(name_, folder_ + std::string(structure), entry ? entry->offset : 0, what);
}

}  // namespace hornbeam::search
