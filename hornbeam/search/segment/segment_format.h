#pragma once

// What the file of a segment is made of besides postings, terms and stored documents. Those who
// write one do it in this order: stored documents, postings, terms, norms, columns, sequence
// numbers, summary, nested documents.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/codec/column.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search::segment_format {

inline std::string norms_structure(std::string_view field) {
  return "norms:" + std::string(field);
}
inline std::string column_structure(std::string_view field) {
  return "column:" + std::string(field);
}

/// One byte for each document.
void write_norms(SealedFileWriter& out, std::string_view field,
                 std::span<const std::uint8_t> norms);
void write_column(SealedFileWriter& out, std::string_view field, const ColumnBuilder& column,
                  DocId doc_count);

/// The structure that says of each document which write of the index it was.
inline constexpr std::string_view kSeqNos = "seq_nos";
void write_seq_nos(SealedFileWriter& out, std::span<const std::uint64_t> seq_nos);

/// What a reader needs to find the rest.
struct Summary {
  DocId doc_count = 0;
  std::vector<std::string> columns{};
};
void write_summary(SealedFileWriter& out, DocId doc_count, const std::vector<std::string>& columns);
Summary read_summary(const SealedFile& file);

/// The paths of nested documents; there is no such structure if there are none. Those of the first
/// path are in the folder `nested_folder(0)`, as a segment without stored documents and sequence
/// numbers, and so on.
inline constexpr std::string_view kNested = "nested";
inline std::string nested_folder(std::size_t number) {
  return "nested." + std::to_string(number) + "/";
}
void write_nested_paths(SealedFileWriter& out, const std::vector<std::string>& paths);
std::vector<std::string> read_nested_paths(const SealedFile& file);

/// In the folder: which document has each of the nested ones.
inline constexpr std::string_view kParents = "parents";
void write_parents(SealedFileWriter& out, std::span<const std::uint64_t> parents);

}  // namespace hornbeam::search::segment_format
