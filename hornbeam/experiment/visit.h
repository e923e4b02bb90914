#pragma once

// Visit: one request's view of all lanes. Code asks for parameters, typed, and what it asks for is
// what the unit was exposed to.
//
//   struct ButtonColour {
//     static constexpr std::string_view kName = "button.colour";
//     static constexpr std::string_view kDefault = "grey";
//   };
//   Visit visit(lanes.snapshot(), subject, now, &exposures);
//   std::string_view colour = visit.get<ButtonColour>();
//
// The parameter, not the experiment, is named in code: the lane's next experiment needs no
// deployment.

#include <cmath>
#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include "hornbeam/experiment/snapshot.h"

namespace hornbeam::experiment {

/// A parameter in code: its name, and the value where no lane has it. Its type is the default's:
/// bool, std::int64_t, double or std::string_view.
template <class P>
concept Parameter = requires {
  { P::kName } -> std::convertible_to<std::string_view>;
  P::kDefault;
};

/// That a unit has met an experiment. Lifetime: the call's.
struct Exposure {
  /// Its key.
  std::string_view experiment;
  std::string_view arm;  ///< "control", or the arm's key.
  /// Of the unit.
  UnitKind kind = UnitKind::kUser;
  /// Its id.
  std::string_view unit;
  /// When it was met.
  Time at{};
  std::int64_t version = 0;    ///< Of the configuration.
  int phase = 0;               ///< From 0.
  std::string_view segment{};  ///< See `Subject::segment`.
};

/// Hears of exposures. It must not wait: a request is being answered. Thread: any.
class ExposureSink {
 public:
  ExposureSink() = default;
  ExposureSink(const ExposureSink&) = delete;
  ExposureSink& operator=(const ExposureSink&) = delete;
  virtual ~ExposureSink() = default;
  /// Called for each exposure, repeated ones too.
  virtual void exposed(const Exposure& exposure) = 0;
};

/// What one subject gets while one request is answered. Thread: one at a time.
class Visit {
 public:
  /// Gives `subject` its arms. `sink` hears of those that are asked for, each once; null: nobody
  /// does, as when a page is looked at by its author.
  /// Lifetime: the subject's units and segment, and `sink`, outlive the visit.
  Visit(std::shared_ptr<const Snapshot> snapshot, const Subject& subject, Time now,
        ExposureSink* sink = nullptr)
      : snapshot_(std::move(snapshot)),
        units_(subject.units),
        segment_(subject.segment),
        now_(now),
        sink_(sink) {
    snapshot_->assign(subject, now, assignments_);
  }

  /// The value of a parameter. A text lives as long as the visit.
  template <Parameter P>
  auto get() {
    using Value = std::remove_cvref_t<decltype(P::kDefault)>;
    return read(ask(P::kName), Value(P::kDefault));
  }

  /// All lanes, without saying that anything was shown.
  const Assignments& assignments() const noexcept { return assignments_; }
  /// The configuration that this visit goes by, whatever is published meanwhile.
  const Snapshot& snapshot() const noexcept { return *snapshot_; }

 private:
  // The value, whose lane's experiment counts as met; null if no lane has the parameter.
  const growthbook::Value* ask(std::string_view name);

  static bool read(const growthbook::Value* value, bool otherwise) {
    return value != nullptr && value->as_bool() != nullptr ? *value->as_bool() : otherwise;
  }
  static double read(const growthbook::Value* value, double otherwise) {
    return value != nullptr && value->as_number() != nullptr ? *value->as_number() : otherwise;
  }
  static std::int64_t read(const growthbook::Value* value, std::int64_t otherwise) {
    const double* number = value == nullptr ? nullptr : value->as_number();
    const bool is_whole =
        number != nullptr && std::fabs(*number) < 9e15 && *number == std::floor(*number);
    return is_whole ? static_cast<std::int64_t>(*number) : otherwise;
  }
  static std::string_view read(const growthbook::Value* value, std::string_view otherwise) {
    return value != nullptr && value->as_string() != nullptr ? std::string_view(*value->as_string())
                                                             : otherwise;
  }
  static int read(const growthbook::Value* value, int otherwise) = delete;

  std::shared_ptr<const Snapshot> snapshot_;
  Units units_;
  std::string_view segment_;
  Time now_;
  ExposureSink* sink_;
  Assignments assignments_;
  std::vector<std::size_t> told_;  // lanes whose exposure the sink has heard of
};

}  // namespace hornbeam::experiment
