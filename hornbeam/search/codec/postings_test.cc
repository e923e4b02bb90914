#include <algorithm>
#include <random>
#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hornbeam/search/codec/bit_packing.h"
#include "hornbeam/search/codec/column.h"
#include "hornbeam/search/codec/patched_block.h"
#include "hornbeam/search/codec/postings_cursor.h"
#include "hornbeam/search/codec/postings_writer.h"
#include "hornbeam/search/codec/small_float.h"
#include "hornbeam/search/codec/term_dictionary.h"
#include "hornbeam/search/testing/crash_directory.h"

namespace hornbeam::search {
namespace {

TEST(BitPacking, ReadsBackEveryWidth) {
  std::mt19937 random(1);
  for (unsigned width = 0; width <= 32; ++width) {
    std::array<std::uint32_t, kBlockSize> numbers{};
    std::array<std::uint32_t, kBlockSize> found{};
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(random() & mask);
    std::string packed;
    pack_block(numbers.data(), width, packed);
    EXPECT_EQ(packed.size(), packed_size(width));
    unpack_block(packed.data(), width, found.data());
    EXPECT_EQ(found, numbers) << width;
  }
}

TEST(PatchedBlock, ReadsBackNumbersWithOutliers) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    std::array<std::uint32_t, kBlockSize> numbers{};
    std::array<std::uint32_t, kBlockSize> found{};
    for (std::uint32_t& number : numbers) {
      number = static_cast<std::uint32_t>(random()) >> (random() % 20 == 0 ? 0 : 24 + round % 8);
    }
    std::string packed;
    write_patched_block(numbers.data(), packed);
    ByteReader in(packed);
    read_patched_block(in, found.data());
    EXPECT_EQ(found, numbers);
    EXPECT_TRUE(in.at_end());
    ByteReader again(packed);
    skip_patched_block(again);
    EXPECT_TRUE(again.at_end());
  }
}

// From Lucene's SmallFloat.intToByte4 and byte4ToInt.
TEST(SmallFloat, CodesLengthsAsLucene) {
  for (std::uint32_t value = 0; value < 40; ++value) {
    EXPECT_EQ(kByte4ToInt[int_to_byte4(value)], value);
  }
  EXPECT_EQ(kByte4ToInt[int_to_byte4(41)], 40U);
  EXPECT_EQ(kByte4ToInt[int_to_byte4(56)], 56U);
  EXPECT_EQ(kByte4ToInt[int_to_byte4(1000)], 984U);
  EXPECT_EQ(kByte4ToInt[255], 2013265944U);
}

struct Posting {
  DocId doc;
  std::vector<std::uint32_t> positions;
};

/// Terms of every size around those of blocks, written and mapped.
class Postings : public ::testing::Test {
 protected:
  Postings() {
    SealedFileWriter out(directory_, "file");
    PostingsWriter writer(out);
    TermDictionaryWriter dictionary;
    const PostingsTraits traits{.has_freqs = true, .has_positions = true};
    norms_.resize(60'000);
    for (std::uint8_t& norm : norms_) norm = static_cast<std::uint8_t>(random_() % 40);
    dictionary.begin_field("text", traits, true, 60'000);
    writer.begin_field(traits, norms_);
    for (const std::size_t size : {1U, 2U, 127U, 128U, 129U, 256U, 300U, 1000U, 5000U}) {
      std::vector<Posting>& list = lists_[fmt::format("t{:05}", size)];
      DocId doc = static_cast<DocId>(random_() % 5);
      for (std::size_t i = 0; i < size; ++i) {
        list.push_back({.doc = doc, .positions = some_positions()});
        writer.add(doc, static_cast<std::uint32_t>(list.back().positions.size()),
                   list.back().positions);
        doc += 1 + static_cast<DocId>(random_() % 10);
      }
      dictionary.add(fmt::format("t{:05}", size), writer.end_term());
    }
    dictionary.finish(out);
    out.finish();
    file_.emplace(directory_, "file");
    fields_ = read_term_dictionary(*file_);
  }

  std::vector<std::uint32_t> some_positions() {
    std::vector<std::uint32_t> positions;
    std::uint32_t position = 0;
    for (std::size_t count = random_() % 4 == 0 ? random_() % 9 + 1 : 1; count > 0; --count) {
      positions.push_back(position += 1 + static_cast<std::uint32_t>(random_() % 300));
    }
    return positions;
  }
  PostingsCursor open(const std::string& term) const {
    return {file_->structure("postings"), fields_[0].find(term).value(),
            fields_[0].info().postings};
  }

  testing::CrashDirectory directory_;
  std::mt19937 random_{3};
  std::vector<std::uint8_t> norms_;
  std::map<std::string, std::vector<Posting>> lists_;
  std::optional<SealedFile> file_;
  std::vector<FieldTerms> fields_;
};

TEST_F(Postings, AreReadInOrder) {
  for (const auto& [term, list] : lists_) {
    PostingsCursor cursor = open(term);
    for (const Posting& posting : list) {
      ASSERT_EQ(cursor.next(), posting.doc) << term;
      ASSERT_EQ(cursor.freq(), posting.positions.size());
      const auto positions = cursor.positions();
      ASSERT_EQ(std::vector(positions.begin(), positions.end()), posting.positions);
    }
    EXPECT_EQ(cursor.next(), kNoMoreDocs);
  }
}

TEST_F(Postings, AdvanceToTheFirstDocumentThatIsNotBefore) {
  for (const auto& [term, list] : lists_) {
    for (int round = 0; round < 20; ++round) {
      PostingsCursor cursor = open(term);
      DocId target = 0;
      while (true) {
        target += 1 + static_cast<DocId>(random_() % (1U << (round % 12)));
        if (cursor.doc() != kBeforeFirst && target <= cursor.doc()) target = cursor.doc() + 1;
        const auto expected = std::ranges::lower_bound(list, target, {}, &Posting::doc);
        const DocId found = cursor.advance(target);
        ASSERT_EQ(found, expected == list.end() ? kNoMoreDocs : expected->doc);
        if (found == kNoMoreDocs) break;
        const auto positions = cursor.positions();
        ASSERT_EQ(std::vector(positions.begin(), positions.end()), expected->positions);
      }
    }
  }
}

TEST_F(Postings, AreReadInRunsAsOneByOne) {
  for (const auto& [term, list] : lists_) {
    PostingsCursor cursor = open(term);
    auto expected = list.begin();
    for (DocId doc = cursor.next(); doc != kNoMoreDocs; doc = cursor.leave_run()) {
      const DocId end = doc + 1 + static_cast<DocId>(random_() % 5'000);
      const PostingsCursor::Run run = cursor.take_run(end, true);
      ASSERT_FALSE(run.docs.empty());
      for (std::size_t i = 0; i < run.docs.size(); ++i, ++expected) {
        ASSERT_LT(run.docs[i], end);
        ASSERT_EQ(run.docs[i], expected->doc);
        ASSERT_EQ(run.freqs[i], expected->positions.size());
      }
    }
    EXPECT_EQ(expected, list.end());
  }
}

TEST_F(Postings, FillWhatTheyAreGiven) {
  for (const auto& [term, list] : lists_) {
    PostingsCursor cursor = open(term);
    std::vector<DocId> docs(list.size() + 1);
    std::size_t count = 0;
    for (std::size_t given = 1; given > 0; count += given) {
      const std::size_t wanted = std::min<std::size_t>(1 + random_() % 300, docs.size() - count);
      given = cursor.next_docs(std::span(docs).subspan(count, wanted));
      ASSERT_EQ(cursor.next_docs({}), 0U);
    }
    ASSERT_EQ(count, list.size()) << term;
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(docs[i], list[i].doc);
  }
}

TEST_F(Postings, BoundEveryFrequencyByTheImpactsOfItsBlock) {
  for (const auto& [term, list] : lists_) {
    if (list.size() == 1) continue;
    PostingsCursor cursor = open(term);
    std::vector<Impact> impacts;
    for (const Posting& posting : list) {
      const DocId end = cursor.block_end(posting.doc);
      ASSERT_GE(end, posting.doc);
      cursor.block_impacts(impacts);
      const bool is_bounded = std::ranges::any_of(impacts, [&](const Impact& impact) {
        return impact.freq >= posting.positions.size() && impact.norm <= norms_[posting.doc];
      });
      ASSERT_TRUE(is_bounded) << term << " in " << posting.doc;
    }
  }
}

TEST(Column, ReadsBackSparseAndManyValues) {
  ColumnBuilder numbers(ColumnKind::kInteger);
  numbers.add(1, 1'000);
  numbers.add(3, std::numeric_limits<std::int64_t>::max());
  numbers.add(3, std::numeric_limits<std::int64_t>::min());
  ByteWriter bytes;
  numbers.write(5, bytes);
  const Column column(ByteReader(bytes.view()), 5);
  EXPECT_EQ(column.first(0), std::nullopt);
  EXPECT_EQ(column.first(1), 1'000);
  EXPECT_EQ(column.first(3), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(column.value(column.range(3).second - 1), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(column.has(4));
}

TEST(Column, GivesKeywordsOrdinalsInTheirOrder) {
  ColumnBuilder words(ColumnKind::kKeyword);
  words.add_keyword(0, "pear");
  words.add_keyword(1, "apple");
  words.add_keyword(1, "apple");
  words.add_keyword(2, "fig");
  ByteWriter bytes;
  words.write(3, bytes);
  const Column column(ByteReader(bytes.view()), 3);
  EXPECT_EQ(column.first(1), 0);
  EXPECT_EQ(column.value_count(), 3U);
  EXPECT_EQ(column.term(static_cast<std::size_t>(*column.first(0))), "pear");
  EXPECT_EQ(column.lower_bound("banana"), 1U);
  EXPECT_EQ(column.term(3), "") << "there are three";
  EXPECT_THROW(Column(ByteReader(bytes.view()), 4), std::out_of_range) << "of another segment";
}

// Its checksum may be right: whatever a byte of it says, no reader looks outside of it.
TEST(Column, IsRefusedOrReadWhateverItsBytesSay) {
  ColumnBuilder words(ColumnKind::kKeyword);
  for (DocId doc = 0; doc < 9; ++doc) words.add_keyword(doc / 2, std::string(1 + doc, 'a'));
  ByteWriter written;
  words.write(5, written);
  for (std::size_t bit = 0; bit < written.size() * 8; ++bit) {
    std::string bytes(written.view());
    bytes[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    try {
      const Column column(ByteReader(bytes), 5);
      for (DocId doc = 0; doc < 5; ++doc) {
        const auto [begin, end] = column.range(doc);
        for (std::size_t at = begin; at < end; ++at) {
          EXPECT_LE(column.term(column.code(at)).size(), bytes.size());
        }
      }
    } catch (const std::out_of_range&) {
    }
  }
}

}  // namespace
}  // namespace hornbeam::search
