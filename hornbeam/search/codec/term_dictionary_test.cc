#include "hornbeam/search/codec/term_dictionary.h"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

using Terms = std::map<std::string, TermEntry>;

/// Terms that share and own few and many bytes, half of them of one document.
Terms some_terms(PostingsTraits traits) {
  std::mt19937 random(11);
  Terms terms;
  std::uint64_t offset = 0;
  for (int i = 0; i < 500; ++i) {
    std::string term(random() % 3 * 14 + random() % 3, static_cast<char>('a' + random() % 3));
    term += std::string(random() % 18, static_cast<char>('x' + random() % 3)) + std::to_string(i);
    terms[term];
  }
  for (auto& [term, entry] : terms) {
    entry.doc_freq = random() % 2 == 0 ? 1 : static_cast<std::uint32_t>(2 + random() % 900);
    entry.total_term_freq = entry.doc_freq + (traits.has_freqs ? random() % 900 : 0);
    entry.singleton = static_cast<DocId>(random());
    entry.offset = offset;
    if (has_postings(traits, entry.doc_freq)) offset += random() % 5000;
  }
  return terms;
}

void expect_entry(const TermEntry& found, const TermEntry& entry, PostingsTraits traits) {
  EXPECT_EQ(found.doc_freq, entry.doc_freq);
  EXPECT_EQ(found.total_term_freq, entry.total_term_freq);
  if (entry.doc_freq == 1) {
    EXPECT_EQ(found.singleton, entry.singleton);
  }
  if (has_postings(traits, entry.doc_freq)) {
    EXPECT_EQ(found.offset, entry.offset);
  }
}

TEST(TermDictionary, ReadsBackEveryTermInOrderAndAlone) {
  for (const PostingsTraits traits : {PostingsTraits{}, PostingsTraits{.has_freqs = true},
                                      PostingsTraits{.has_freqs = true, .has_positions = true}}) {
    const Terms terms = some_terms(traits);
    testing::CrashDirectory directory;
    SealedFileWriter out(directory, "file");
    TermDictionaryWriter writer;
    writer.begin_field("field", traits, false, 1000);
    for (const auto& [term, entry] : terms) writer.add(term, entry);
    writer.finish(out);
    out.finish();
    const SealedFile file(directory, "file");
    const FieldTerms found = read_term_dictionary(file).at(0);
    FieldTerms::Cursor cursor = found.cursor();
    for (const auto& [term, entry] : terms) {
      ASSERT_TRUE(cursor.next());
      EXPECT_EQ(cursor.term(), term);
      expect_entry(cursor.entry(), entry, traits);
      const std::optional<TermEntry> alone = found.find(term);
      ASSERT_TRUE(alone) << term;
      expect_entry(*alone, entry, traits);
    }
    EXPECT_FALSE(cursor.next());
    EXPECT_FALSE(found.find("absent"));
  }
}

}  // namespace
}  // namespace hornbeam::search
