// A parameter that says no default: what would a unit get where no lane has it?
// expect-error: ButtonColour' does not satisfy 'Parameter'|no matching member function
// expect-error: kDefault
#include "hornbeam/experiment.h"

using namespace hornbeam;

struct ButtonColour {
  static constexpr std::string_view kName = "button.colour";
#ifdef MENDED
  static constexpr std::string_view kDefault = "grey";
#endif
};

std::string_view colour(experiment::Visit& visit) {
  return visit.get<ButtonColour>();
}
