#pragma once

// The one container of every file of an index: named structures, each with its checksum, so that
// a flipped bit is found when the file is opened, and named. docs/design/search_format.md has the
// layout.
//
//   SealedFileWriter out(directory, "seg_7");
//   out.begin("postings"); out.append(bytes); ...
//   out.finish();
//
//   SealedFile in(directory, "seg_7");
//   in.structure("postings")

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/store/byte_reader.h"
#include "hornbeam/search/store/directory.h"

namespace hornbeam::search {

/// Where a structure lies in its file.
struct StructureEntry {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;  ///< XXH64 of its bytes.
};

/// Writes a sealed file: (begin append*)* finish.
class SealedFileWriter {
 public:
  SealedFileWriter(Directory& directory, std::string name);
  SealedFileWriter(const SealedFileWriter&) = delete;
  SealedFileWriter& operator=(const SealedFileWriter&) = delete;
  ~SealedFileWriter();

  /// Begins the next structure, at a multiple of 16 bytes. Its name follows that of the folder.
  void begin(std::string_view structure);
  void append(std::string_view bytes);
  /// How many bytes the structure has so far.
  std::uint64_t size() const noexcept;
  /// Ends the file, which is worth nothing before.
  void finish();
  /// Makes it survive a loss of power. Requires: finished.
  void sync();

 private:
  friend class SealedFolder;
  struct Checksum;
  void end_structure();
  void put(std::string_view bytes);

  std::unique_ptr<OutputFile> file_;
  std::unique_ptr<Checksum> checksum_;
  std::string buffer_;
  std::uint64_t offset_ = 0;
  std::string folder_;
  std::vector<StructureEntry> entries_;
};

/// While it lives, the structures that are begun lie in a folder, such as "nested.0/", inside of
/// the one before it.
class SealedFolder {
 public:
  /// Lifetime: `out` outlives this.
  SealedFolder(SealedFileWriter& out, std::string_view name)
      : out_(out), around_(out.folder_.size()) {
    out.folder_ += name;
  }
  SealedFolder(const SealedFolder&) = delete;
  SealedFolder& operator=(const SealedFolder&) = delete;
  ~SealedFolder() { out_.folder_.resize(around_); }

 private:
  SealedFileWriter& out_;
  std::size_t around_;
};

/// A sealed file, checked as a whole when it is opened.
class SealedFile {
 public:
  /// Throws CorruptIndex if anything in it is not what was written.
  SealedFile(const Directory& directory, std::string name);

  /// The structures of a folder, as a file of their own that says where it lies.
  SealedFile folder(std::string_view name) const;

  /// The bytes of a structure. Throws CorruptIndex if the file has none of that name.
  std::string_view structure(std::string_view name) const;
  bool contains(std::string_view name) const noexcept;
  std::size_t size() const noexcept { return file_->bytes().size(); }
  const std::string& name() const noexcept { return name_; }
  /// All of them, as they lie in the file.
  const std::vector<StructureEntry>& structures() const noexcept { return entries_; }

  /// Reads a structure with `read(ByteReader&)`, naming the file in what it throws.
  template <class Read>
  auto read(std::string_view structure_name, Read read_structure) const {
    ByteReader reader(structure(structure_name));
    try {
      return read_structure(reader);
    } catch (const std::out_of_range& failure) {
      refuse(structure_name, failure.what());
    }
  }
  [[noreturn]] void refuse(std::string_view structure, std::string_view what) const;

 private:
  SealedFile() = default;
  const StructureEntry* find(std::string_view name) const noexcept;

  std::string name_;
  std::string folder_;
  std::shared_ptr<const InputFile> file_;
  std::vector<StructureEntry> entries_;
};

}  // namespace hornbeam::search
