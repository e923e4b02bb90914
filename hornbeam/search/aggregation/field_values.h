#pragma once

// The values of a field that an aggregation looks at, whatever index they come from.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hornbeam/search/aggregation/collector.h"
#include "hornbeam/search/aggregation/parameters.h"
#include "hornbeam/search/aggregation/uninverted_terms.h"
#include "hornbeam/search/aggregation/value_format.h"

namespace hornbeam::search::aggregation {

/// What a request says about values.
struct FieldRequest {
  std::string field{};
  std::optional<std::string> missing{};  ///< What documents without a value count as.
  std::optional<ValueKind> value_type{};
  std::string format{};
  std::string time_zone{};
};

/// Reads "field", "missing", "format", "value_type", "time_zone" and refuses "script", for there is
/// no script language.
FieldRequest read_field_request(Parameters& parameters);

/// Which kinds of values an aggregation can take.
enum class Accepts : std::uint8_t {
  kNumbers,
  kRanges,    ///< Numbers, and ranges of them.
  kPlaces,    ///< Points on Earth.
  kIps,       ///< Addresses.
  kKeys,      ///< What buckets can stand for: numbers, keywords and addresses.
  kTerms,     ///< The same, and the terms of texts.
  kAnything,  ///< Values that are not looked into.
};

/// How a column codes the numbers that an aggregation sees.
enum class Coding : std::uint8_t { kWhole, kUnsigned, kReal, kNanos };

/// The field of a request in one index after another.
class FieldValues {
 public:
  /// `otherwise` is the kind where the index has no such field.
  FieldValues(const FieldRequest& request, Accepts accepts, ValueKind otherwise);

  /// Throws a Refusal if the field is there with a type that does not fit. `type` is what messages
  /// call the aggregation.
  void open_index(const AggregatedIndex& index, std::string_view type);
  void open_segment(const SegmentView& view);

  /// In the index that is open.
  ValueKind kind() const noexcept { return kind_; }
  Coding coding() const noexcept { return coding_; }
  /// The type of the field in the index that is open. Requires: `is_mapped()`.
  FieldType type() const noexcept { return field_->type; }
  /// Whether the index that is open has the field.
  bool is_mapped() const noexcept { return field_ != nullptr; }
  /// Whether an index had it.
  bool was_mapped() const noexcept { return was_mapped_; }
  /// Of the first index that had the field, or else of the last one.
  const ValueFormat& format() const noexcept { return format_; }
  /// The name of the field in the index.
  const std::string& path() const noexcept { return path_; }

  /// The values in the segment that is open; null if it has none.
  const Column* column() const noexcept { return column_; }
  bool has_missing() const noexcept { return request_->missing.has_value(); }
  /// What documents without a value count as: as a number,
  double missing_number() const noexcept { return missing_number_; }
  /// as a number of the column (see `sortable_from_double`),
  std::int64_t missing_coded() const noexcept { return missing_coded_; }
  /// or as the term of a column.
  const std::string& missing_term() const noexcept { return missing_term_; }

  /// A number of the column as those of `missing_coded` and of keys are: milliseconds of all dates.
  std::int64_t coded(std::int64_t stored) const noexcept {
    return coding_ == Coding::kNanos ? millis_of_nanos(stored) : stored;
  }
  /// A number that is coded so, to be computed with.
  double number(std::int64_t coded) const noexcept;

 private:
  void check_type(std::string_view type) const;
  void check_column(const Segment& segment) const;
  void read_missing();

  const FieldRequest* request_;
  Accepts accepts_;
  ValueKind otherwise_;
  ValueKind kind_;
  Coding coding_ = Coding::kWhole;
  std::string path_;
  const FieldMapping* field_ = nullptr;
  bool was_mapped_ = false;
  bool has_format_ = false;
  ValueFormat format_{};
  const Column* column_ = nullptr;
  std::unique_ptr<const UninvertedTerms> terms_{};  ///< Of a text.
  double missing_number_ = 0;
  std::int64_t missing_coded_ = 0;
  std::string missing_term_;
};

/// Now, in milliseconds since 1970.
Millis current_millis();

/// A number of a column as aggregations see it.
template <Coding coding>
double decode(std::int64_t stored) noexcept {
  if constexpr (coding == Coding::kReal) return double_from_sortable(stored);
  if constexpr (coding == Coding::kUnsigned) {
    return static_cast<double>(static_cast<std::uint64_t>(stored) ^ std::uint64_t{1} << 63);
  }
  if constexpr (coding == Coding::kNanos) stored = millis_of_nanos(stored);
  return static_cast<double>(stored);
}

inline double FieldValues::number(std::int64_t coded) const noexcept {
  if (coding_ == Coding::kReal) return decode<Coding::kReal>(coded);
  if (coding_ == Coding::kUnsigned) return decode<Coding::kUnsigned>(coded);
  return static_cast<double>(coded);
}

namespace field_values_detail {

template <Coding coding, class Visit>
void each_value(const Column& column, const Batch& batch, Visit&& visit) {
  if (column.is_dense()) {
    for (std::size_t i = 0; i < batch.docs.size(); ++i) {
      visit(i, decode<coding>(column.value(batch.docs[i])));
    }
    return;
  }
  for (std::size_t i = 0; i < batch.docs.size(); ++i) {
    const auto [begin, end] = column.range(batch.docs[i]);
    for (std::size_t at = begin; at < end; ++at) visit(i, decode<coding>(column.value(at)));
  }
}

template <Coding coding, class Visit>
void each_value_or(const Column& column, const Batch& batch, double missing, Visit&& visit) {
  for (std::size_t i = 0; i < batch.docs.size(); ++i) {
    const auto [begin, end] = column.range(batch.docs[i]);
    if (begin == end) visit(i, missing);
    for (std::size_t at = begin; at < end; ++at) visit(i, decode<coding>(column.value(at)));
  }
}

template <Coding coding, class Visit>
void each_number(const FieldValues& values, const Batch& batch, Visit&& visit) {
  if (values.has_missing()) {
    each_value_or<coding>(*values.column(), batch, values.missing_number(), visit);
  } else {
    each_value<coding>(*values.column(), batch, visit);
  }
}

}  // namespace field_values_detail

/// Calls `visit(i, number)` for each number of each document of a batch, `i` being its place in the
/// batch. Requires: the field's kind is numeric.
template <class Visit>
void for_each_number(const FieldValues& values, const Batch& batch, Visit&& visit) {
  using namespace field_values_detail;
  const Column* const column = values.column();
  if (!column) {
    if (!values.has_missing()) return;
    for (std::size_t i = 0; i < batch.docs.size(); ++i) visit(i, values.missing_number());
    return;
  }
  switch (values.coding()) {
    case Coding::kWhole:
      return each_number<Coding::kWhole>(values, batch, visit);
    case Coding::kUnsigned:
      return each_number<Coding::kUnsigned>(values, batch, visit);
    case Coding::kReal:
      return each_number<Coding::kReal>(values, batch, visit);
    case Coding::kNanos:
      return each_number<Coding::kNanos>(values, batch, visit);
  }
}

}  // namespace hornbeam::search::aggregation
