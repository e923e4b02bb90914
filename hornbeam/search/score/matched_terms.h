#pragma once

// What a plan looks for, told to those who look for the same in a text: highlighting.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// Decides which terms of a dictionary are meant. Those that match lie between two bounds, so that
/// only a part of the dictionary is read.
struct TermMatcher {
  std::string lower{};  ///< No term before it matches.
  std::string upper{};  ///< No term behind it does; empty: there is no such bound.
  std::function<bool(std::string_view)> matches;
};

/// A place in a phrase and the terms that may stand there.
struct PhrasePlace {
  std::vector<std::string> terms;
  std::uint32_t offset = 0;
};

/// Is told the terms, patterns and phrases of a plan; those that must not match are left out.
class TermVisitor {
 public:
  virtual ~TermVisitor() = default;

  virtual void visit_term(std::string_view field, std::string_view term) = 0;
  virtual void visit_matcher(std::string_view field, const TermMatcher& matcher) = 0;
  virtual void visit_phrase(std::string_view field, const std::vector<PhrasePlace>& places,
                            std::uint32_t slop) = 0;
};

}  // namespace hornbeam::search
