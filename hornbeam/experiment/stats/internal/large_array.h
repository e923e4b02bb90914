#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include <sys/mman.h>

namespace hornbeam::experiment::stats::internal {

/// So many rows without a value yet, for data of many megabytes that is written in many places at
/// once: on large pages where the system has them, which saves a third of the time of such writing.
template <class Row>
  requires std::is_trivially_copyable_v<Row>
class LargeArray {
 public:
  LargeArray() = default;
  explicit LargeArray(std::size_t count) {
    constexpr std::size_t kPage = std::size_t{1} << 21;
    const std::size_t bytes = (count * sizeof(Row) + kPage - 1) / kPage * kPage;
    if (bytes == 0) return;
    rows_.reset(static_cast<Row*>(std::aligned_alloc(kPage, bytes)));
    if (!rows_) throw std::bad_alloc();
    // A wish: without it everything works the same, and slower.
    static_cast<void>(::madvise(rows_.get(), bytes, MADV_HUGEPAGE));
  }

  Row* data() { return rows_.get(); }
  const Row* data() const { return rows_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<Row[], Free> rows_;
};

}  // namespace hornbeam::experiment::stats::internal
