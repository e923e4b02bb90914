#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "hornbeam/search/aggregation/bucket_index.h"
#include "hornbeam/search/aggregation/value_format.h"
#include "hornbeam/search/codec/column.h"

namespace hornbeam::search::aggregation {

/// The values that buckets stand for, numbered over all segments and indices: terms of
/// keywords and addresses, or numbers as columns code them. Where one index has whole numbers and
/// another reals, or numbers without a sign, all become reals.
class KeyTable {
 public:
  /// Which values come next; throws a Refusal if keywords and numbers meet.
  void expect(ValueKind kind, std::string_view aggregation);

  std::uint32_t add(std::string_view keyword);
  /// Requires: coded as the kind that was expected last.
  std::uint32_t add(std::int64_t coded) {
    if (is_real_ && coming_ != ValueKind::kDouble) {
      coded = sortable_from_double(whole_number(coming_, coded));
    }
    return numbers_.add(static_cast<std::uint64_t>(coded)).first;
  }
  /// A number that is not of a column.
  std::uint32_t add_number(double value) {
    const std::int64_t coded = is_real_                        ? sortable_from_double(value)
                               : kind_ == ValueKind::kUnsigned ? unsigned_from_double(value)
                                                               : whole_from_double(value);
    return numbers_.add(static_cast<std::uint64_t>(coded)).first;
  }

  std::uint32_t size() const noexcept {
    return is_keyword() ? static_cast<std::uint32_t>(keywords_.size()) : numbers_.size();
  }
  /// Whether they are terms, not numbers.
  bool is_keyword() const noexcept { return is_term(kind_); }
  bool is_real() const noexcept { return is_real_; }
  /// What most of the keys are.
  ValueKind kind() const noexcept { return kind_; }

  std::string_view keyword(std::uint32_t key) const { return keywords_[key]; }
  std::int64_t coded(std::uint32_t key) const {
    return static_cast<std::int64_t>(numbers_.key(key));
  }
  double number(std::uint32_t key) const {
    return is_real_ ? double_from_sortable(coded(key)) : whole_number(kind_, coded(key));
  }
  /// Whether the value of `a` is before that of `b`.
  bool is_before(std::uint32_t a, std::uint32_t b) const {
    return is_keyword() ? keywords_[a] < keywords_[b] : coded(a) < coded(b);
  }

  /// The key as JSON, and as text in the format.
  std::string json(std::uint32_t key) const;
  std::string text(std::uint32_t key, const ValueFormat& format) const;

 private:
  static double whole_number(ValueKind kind, std::int64_t coded) noexcept {
    constexpr std::uint64_t kHighestBit = std::uint64_t{1} << 63;
    if (kind != ValueKind::kUnsigned) return static_cast<double>(coded);
    return static_cast<double>(static_cast<std::uint64_t>(coded) ^ kHighestBit);
  }
  void become_real();

  ValueKind kind_ = ValueKind::kNone;
  bool is_real_ = false;
  ValueKind coming_ = ValueKind::kNone;  ///< How what comes next is coded.
  std::deque<std::string> keywords_;
  std::unordered_map<std::string_view, std::uint32_t> keyword_numbers_;
  NumberIndex numbers_;
};

}  // namespace hornbeam::search::aggregation
