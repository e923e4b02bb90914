#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// Why a document scores what it scores, in the words of Lucene.
struct Explanation {
  float value = 0;
  std::string description;
  std::vector<Explanation> details{};
  bool is_match = true;

  /// Of a document that does not match.
  static Explanation no_match(std::string description, std::vector<Explanation> details = {}) {
    return {
        .description = std::move(description), .details = std::move(details), .is_match = false};
  }
};

/// A float as Java writes it: "2.0", "0.75", "1.0E10".
std::string java_float(float value);
/// `text`, or "(text)^boost" where there is a boost.
std::string boosted_text(std::string text, float boost);

}  // namespace hornbeam::search
