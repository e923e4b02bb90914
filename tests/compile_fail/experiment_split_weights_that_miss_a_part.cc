// Weights that leave a tenth of the units without a choice.
// expect-error: constant expression
// expect-error: the weights of a split must add up to 100; mend: change one of them
#include "hornbeam/experiment.h"

using namespace hornbeam;

enum class Colour { kRed, kBlue };

#ifdef MENDED
constexpr auto kColours =
    experiment::split<Colour>("colour", {{Colour::kRed, 50}, {Colour::kBlue, 50}});
#else
constexpr auto kColours =
    experiment::split<Colour>("colour", {{Colour::kRed, 50}, {Colour::kBlue, 40}});
#endif
