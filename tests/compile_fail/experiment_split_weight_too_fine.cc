// A weight of three decimals: there are 10,000 buckets.
// expect-error: constant expression
// expect-error: a weight is a percentage with two decimals at most
#include "hornbeam/experiment.h"

using namespace hornbeam;

#ifdef MENDED
constexpr auto kSizes = experiment::split<int>("size", {{1, 33.33}, {2, 66.67}});
#else
constexpr auto kSizes = experiment::split<int>("size", {{1, 33.333}, {2, 66.667}});
#endif
