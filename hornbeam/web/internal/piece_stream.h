#pragma once

// PieceStream: what one thread writes in pieces and a coroutine takes, with room for few.
//
// The writer cannot be suspended, as a template's interpreter cannot, so it has a thread to wait
// on. It begins at once and stops after its first piece until it may go on.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/task.h"

namespace hornbeam::web {

class PieceStream {
 public:
  using Put = std::function<void(std::string_view)>;
  using Work = std::move_only_function<void(const Put& put)>;

  /// How many pieces wait to be taken at most.
  static constexpr std::size_t kMostPieces = 2;

  /// Runs `work` on a thread. `put` waits while there is no room, and throws once nobody takes
  /// pieces any more.
  explicit PieceStream(Work work);
  /// Waits for the thread, which ends at its next piece.
  ~PieceStream();
  PieceStream(const PieceStream&) = delete;
  PieceStream& operator=(const PieceStream&) = delete;

  /// The next piece; nothing at the end. Throws what `work` threw, once its pieces are taken.
  /// Requires: one caller at a time.
  base::Task<std::optional<std::string>> next();
  /// Lets the work go on after its first piece.
  void go_on();
  /// Ends the work and waits until it has ended.
  base::Task<void> stop();

 private:
  struct Stopped {};

  void run(Work work);
  void put(std::string_view piece);
  void refuse_more();
  void tell(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::string> pieces_;
  std::optional<base::Completion<>> news_;  // Set while the taker waits.
  std::exception_ptr failure_;
  bool may_go_on_ = false;
  bool is_stopped_ = false;
  bool has_ended_ = false;
  std::jthread thread_;  // Last: it uses the rest.
};

}  // namespace hornbeam::web
