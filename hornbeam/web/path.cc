#include "hornbeam/web/path.h"

namespace hornbeam::web {

namespace {

std::string_view explanation(PathTrouble trouble) {
  switch (trouble) {
    case PathTrouble::kNone:
      return "fits";
    case PathTrouble::kNoLeadingSlash:
      return "does not begin with '/'. Mend: put one in front";
    case PathTrouble::kUnclosedBrace:
      return "has a '{' that is not closed in its segment. Mend: write {name}";
    case PathTrouble::kStrayBrace:
      return "has a '}' without a '{'. Mend: write {name}";
    case PathTrouble::kEmptyName:
      return "has a parameter without a name. Mend: write {name}";
    case PathTrouble::kBadName:
      return "has a parameter name with other than letters, digits and '_'. Mend: rename it";
    case PathTrouble::kRepeatedName:
      return "names two parameters alike. Mend: rename one";
    case PathTrouble::kUnknownConverter:
      return "has a converter other than 'path'. Mend: leave it out; the handler's parameter gives "
             "the type";
    case PathTrouble::kAdjacentParameters:
      return "has two parameters with nothing between them. Mend: put text between them";
    case PathTrouble::kEmptySegment:
      return "has two slashes in a row. Mend: write one";
    case PathTrouble::kBadCharacter:
      return "has a space, '%', '\\', '?' or '#'. Mend: write the path decoded, without a query";
    case PathTrouble::kTooManyParameters:
      return "has more than 8 parameters. Mend: take a {rest:path} apart yourself";
    case PathTrouble::kFewerBraces:
      return "has fewer parameters than the handler takes. Mend: add {name} segments, or drop "
             "parameters of the handler";
    case PathTrouble::kMoreBraces:
      return "has more parameters than the handler takes. Mend: add parameters to the handler, in "
             "the order of the path";
    case PathTrouble::kPathNeedsText:
      return "has a {name:path} for a parameter that is no text. Mend: take a std::string";
  }
  return "";
}

}  // namespace

std::string explain_path(PathTrouble trouble, std::string_view text) {
  return "the path '" + std::string(text) + "' " + std::string(explanation(trouble));
}

}  // namespace hornbeam::web
