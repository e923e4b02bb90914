#include "hornbeam/base/task.h"

#include <array>
#include <new>

#include "hornbeam/base/log.h"

namespace hornbeam::base {

namespace {

// Blocks of up to 6 KiB are kept; what is larger is rare and goes to the allocator. A frame that
// has others inlined is soon 3 KiB long, which the allocator takes a thousand instructions for. The
// classes are the allocator's own: a block of it has a multiple of 16 bytes, less 8 of its own.
constexpr std::size_t kStep = 16;
constexpr std::size_t kOverhead = 8;
constexpr std::size_t kClasses = 384;
constexpr int kKeptPerClass = 128;

constexpr std::size_t class_of(std::size_t size) {
  return (size + kOverhead - 1) / kStep;
}

class FrameCache {
 public:
  FrameCache() = default;
  FrameCache(const FrameCache&) = delete;
  FrameCache& operator=(const FrameCache&) = delete;
  ~FrameCache() {
    for (Bucket& bucket : buckets_) {
      while (Block* block = bucket.first) {
        bucket.first = block->next;
        ::operator delete(block);
      }
    }
  }

  void* take(std::size_t index) {
    Bucket& bucket = buckets_[index];
    if (Block* block = bucket.first) {
      bucket.first = block->next;
      --bucket.count;
      return block;
    }
    return ::operator new((index + 1) * kStep - kOverhead);
  }

  void put(void* memory, std::size_t index) noexcept {
    Bucket& bucket = buckets_[index];
    if (bucket.count == kKeptPerClass) {
      ::operator delete(memory);
      return;
    }
    bucket.first = ::new (memory) Block{bucket.first};
    ++bucket.count;
  }

 private:
  struct Block {
    Block* next;
  };
  struct Bucket {
    Block* first = nullptr;
    int count = 0;
  };
  std::array<Bucket, kClasses> buckets_{};
};

thread_local FrameCache frame_cache;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// A recycled frame would hide a use after free from the sanitizer.
constexpr bool kRecycle = false;
#else
constexpr bool kRecycle = true;
#endif
#else
constexpr bool kRecycle = true;
#endif

Detached run_detached(Task<void> task, std::string name) {
  try {
    co_await std::move(task);
  } catch (const std::exception& failure) {
    log_error("{}: {}", name, failure.what());
  } catch (...) {
    log_error("{}: failed with something that is no std::exception", name);
  }
}

}  // namespace

void* allocate_frame(std::size_t size) {
  const std::size_t index = class_of(size);
  if (!kRecycle || index >= kClasses) return ::operator new(size);
  return frame_cache.take(index);
}

void free_frame(void* frame, std::size_t size) noexcept {
  const std::size_t index = class_of(size);
  if (!kRecycle || index >= kClasses) {
    ::operator delete(frame);
    return;
  }
  frame_cache.put(frame, index);
}

void spawn(Task<void> task, std::string name) {
  run_detached(std::move(task), std::move(name));
}

void spawn_on(Executor& executor, Task<void> task, std::string name) {
  executor.post([task = std::move(task), name = std::move(name)]() mutable {
    spawn(std::move(task), std::move(name));
  });
}

}  // namespace hornbeam::base
