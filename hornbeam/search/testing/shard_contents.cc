#include "hornbeam/search/testing/shard_contents.h"

#include <gtest/gtest.h>

namespace hornbeam::search::testing {

IndexedDocument document(std::string id, std::string source) {
  return {.id = std::move(id), .source = std::move(source)};
}

std::map<std::string, std::string> contents(const Snapshot& snapshot) {
  std::map<std::string, std::string> found;
  for (const SegmentView& view : snapshot.segments) {
    for (DocId doc = 0; doc < view.segment->doc_count(); ++doc) {
      if (!view.is_live(doc)) continue;
      const StoredDocuments& stored = view.segment->stored();
      const bool is_new = found.emplace(stored.id(doc), stored.source(doc)).second;
      EXPECT_TRUE(is_new) << stored.id(doc) << " is there twice";
    }
  }
  return found;
}

}  // namespace hornbeam::search::testing
