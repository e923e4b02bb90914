#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hornbeam/base/json_view.h"
#include "hornbeam/experiment/stats/power.h"
#include "hornbeam/experiment/stats/test.h"

namespace hornbeam::experiment::stats::testing {

/// What a test that needs the published figures says where they are not.
inline constexpr std::string_view kNoVectors =
    "the conformance data (gbstats/vectors.json) is not here; mend: set HORNBEAM_CONFORMANCE to "
    "the "
    "folder that holds it";

/// The published figures, or nothing where they are not.
std::optional<base::JsonDocument> read_vectors();

/// Members of rows. A row that lacks one, or has another type there, throws.
base::JsonView member(base::JsonView object, std::string_view name);
bool has(base::JsonView object, std::string_view name);
double number(base::JsonView object, std::string_view name);
bool boolean(base::JsonView object, std::string_view name);
std::string_view text(base::JsonView object, std::string_view name);
/// All numbers of an array; "inf" and "-inf" are numbers too.
std::vector<double> numbers(base::JsonView array);

/// An arm of a case.
base::Result<Sample> sample_of(base::JsonView statistic);
/// A mean whose type goes without saying.
base::Result<Mean> mean_of(base::JsonView statistic);
Lift lift_of(base::JsonView row);
Side side_of(base::JsonView row);
Baseline baseline_of(base::JsonView metric);

/// Holds what the tests of upstream assert of an effect against ours.
void expect_asserted(base::JsonView row, const Effect& effect, double tolerance);
/// The same for what they assert of a formula.
void expect_asserted_formula(base::JsonView row, double tolerance);

}  // namespace hornbeam::experiment::stats::testing
