#include "hornbeam/web/internal/piece_stream.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"

namespace hornbeam::web {
namespace {

using base::Task;

/// What a taker saw.
struct Seen {
  std::size_t taken = 0;
  std::size_t most_waiting = 0;
  std::string failure;
  bool has_ended = false;
};

Task<void> take_all(PieceStream& pieces, const std::atomic<std::size_t>& made, Seen& seen) {
  try {
    while (co_await pieces.next()) {
      ++seen.taken;
      pieces.go_on();
      seen.most_waiting =
          std::max(seen.most_waiting, made.load() - std::min(made.load(), seen.taken));
    }
  } catch (const std::exception& failure) {
    seen.failure = failure.what();
  }
  seen.has_ended = true;
}

Seen take_all(PieceStream& pieces, const std::atomic<std::size_t>& made) {
  Seen seen;
  base::run(take_all(pieces, made, seen));
  return seen;
}

TEST(PieceStream, HoldsFewPiecesHoweverManyThereAre) {
  std::atomic<std::size_t> made = 0;
  PieceStream pieces([&](const PieceStream::Put& put) {
    const std::string piece(16 << 10, 'x');
    for (int i = 0; i < 2000; ++i) {
      ++made;
      put(piece);
    }
  });
  const Seen seen = take_all(pieces, made);
  EXPECT_TRUE(seen.has_ended);
  EXPECT_EQ(seen.taken, 2000U);
  EXPECT_LE(seen.most_waiting, PieceStream::kMostPieces + 1);  // And the one being made.
}

TEST(PieceStream, ThrowsWhatTheWorkThrewBehindItsPieces) {
  std::atomic<std::size_t> made = 0;
  PieceStream pieces([](const PieceStream::Put& put) {
    put("a");
    put("b");
    throw std::runtime_error("half way");
  });
  const Seen seen = take_all(pieces, made);
  EXPECT_EQ(seen.taken, 2U);
  EXPECT_EQ(seen.failure, "half way");
}

TEST(PieceStream, EndsWorkThatNobodyTakes) {
  std::atomic<int> made = 0;
  {
    const PieceStream pieces([&](const PieceStream::Put& put) {
      while (true) {
        ++made;
        put("endless");
      }
    });
  }
  EXPECT_LE(made, 2);  // It waits behind the first.
}

}  // namespace
}  // namespace hornbeam::web
