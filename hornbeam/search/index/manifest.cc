#include "hornbeam/search/index/manifest.h"

#include <algorithm>

#include "hornbeam/search/store/byte_writer.h"
#include "hornbeam/search/store/sealed_file.h"

namespace hornbeam::search {
namespace {

constexpr std::string_view kName = "manifest";
constexpr std::string_view kNextName = "manifest.next";

std::string encode(const Manifest& manifest) {
  ByteWriter out;
  out.varint(manifest.next_file);
  out.zigzag(manifest.next_seq_no);
  out.varint(manifest.segments.size());
  for (const Manifest::SegmentFiles& files : manifest.segments) {
    out.text(files.segment);
    out.text(files.live_docs);
  }
  out.varint(manifest.tombstones.size());
  for (const auto& [id, tombstone] : manifest.tombstones) {
    out.text(id);
    out.zigzag(tombstone.version);
    out.zigzag(tombstone.seq_no);
  }
  out.text(manifest.mapping);
  out.text(manifest.user_data);
  return std::string(out.view());
}

Manifest decode(ByteReader& in) {
  Manifest manifest{.next_file = in.varint(), .next_seq_no = in.zigzag()};
  for (std::uint64_t count = in.varint(); count > 0; --count) {
    Manifest::SegmentFiles files{.segment = std::string(in.text())};
    files.live_docs = in.text();
    manifest.segments.push_back(std::move(files));
  }
  for (std::uint64_t count = in.varint(); count > 0; --count) {
    Tombstone& tombstone = manifest.tombstones[std::string(in.text())];
    tombstone.version = in.zigzag();
    tombstone.seq_no = in.zigzag();
  }
  manifest.mapping = in.text();
  manifest.user_data = in.text();
  return manifest;
}

}  // namespace

void write_manifest(Directory& directory, const Manifest& manifest) {
  SealedFileWriter out(directory, std::string(kNextName));
  out.begin("manifest");
  out.append(encode(manifest));
  out.finish();
  out.sync();
  // The names of the files it speaks of are on disk before its own is.
  directory.sync_names();
  directory.rename(kNextName, kName);
  directory.sync_names();
}

std::optional<Manifest> read_manifest(const Directory& directory) {
  const std::vector<std::string> names = directory.list();
  if (std::ranges::find(names, kName) == names.end()) return std::nullopt;
  return SealedFile(directory, std::string(kName)).read("manifest", decode);
}

}  // namespace hornbeam::search
