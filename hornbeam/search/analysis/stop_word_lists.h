#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace hornbeam::search {

/// The words that are dropped from texts of a language, with spaces between them.
struct StopWordList {
  std::string_view language;
  std::string_view words;
};

// By the first letter of the language.
std::span<const StopWordList> stop_words_a_to_d();
std::span<const StopWordList> stop_words_e_to_g();
std::span<const StopWordList> stop_words_h_to_p();
std::span<const StopWordList> stop_words_r_to_z();

/// The stop words of a language that Elasticsearch has, such as "german"; null if there are none.
/// Lifetime: the program's.
const std::vector<std::string_view>* find_stop_words(std::string_view language);

}  // namespace hornbeam::search
