#include "hornbeam/search/segment/segment_format.h"

#include "hornbeam/search/codec/linear_array.h"

namespace hornbeam::search::segment_format {

void write_norms(SealedFileWriter& out, std::string_view field,
                 std::span<const std::uint8_t> norms) {
  out.begin(norms_structure(field));
  out.append({reinterpret_cast<const char*>(norms.data()), norms.size()});
}

void write_column(SealedFileWriter& out, std::string_view field, const ColumnBuilder& column,
                  DocId doc_count) {
  ByteWriter bytes;
  column.write(doc_count, bytes);
  out.begin(column_structure(field));
  out.append(bytes.view());
}

void write_seq_nos(SealedFileWriter& out, std::span<const std::uint64_t> seq_nos) {
  ByteWriter bytes;
  LinearArray::write(seq_nos, bytes);
  out.begin(std::string(kSeqNos));
  out.append(bytes.view());
}

void write_summary(SealedFileWriter& out, DocId doc_count,
                   const std::vector<std::string>& columns) {
  ByteWriter bytes;
  bytes.varint(doc_count);
  bytes.varint(columns.size());
  for (const std::string& column : columns) bytes.text(column);
  out.begin("segment");
  out.append(bytes.view());
}

Summary read_summary(const SealedFile& file) {
  return file.read("segment", [](ByteReader& in) {
    Summary summary{.doc_count = in.varint32()};
    for (std::uint64_t count = in.varint(); count > 0; --count) {
      summary.columns.emplace_back(in.text());
    }
    return summary;
  });
}

void write_nested_paths(SealedFileWriter& out, const std::vector<std::string>& paths) {
  ByteWriter bytes;
  bytes.varint(paths.size());
  for (const std::string& path : paths) bytes.text(path);
  out.begin(kNested);
  out.append(bytes.view());
}

std::vector<std::string> read_nested_paths(const SealedFile& file) {
  if (!file.contains(kNested)) return {};
  return file.read(kNested, [](ByteReader& in) {
    std::vector<std::string> paths;
    for (std::uint64_t count = in.varint(); count > 0; --count) paths.emplace_back(in.text());
    return paths;
  });
}

void write_parents(SealedFileWriter& out, std::span<const std::uint64_t> parents) {
  ByteWriter bytes;
  LinearArray::write(parents, bytes);
  out.begin(kParents);
  out.append(bytes.view());
}

}  // namespace hornbeam::search::segment_format
