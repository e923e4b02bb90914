#include "hornbeam/search/analysis/stop_word_lists.h"

#include <functional>
#include <map>
#include <ranges>

#include "hornbeam/search/analysis/filters.h"

namespace hornbeam::search {
namespace {

using Lists = std::map<std::string_view, std::vector<std::string_view>, std::less<>>;

void add(Lists& lists, std::span<const StopWordList> some) {
  for (const StopWordList& list : some) {
    std::vector<std::string_view>& words = lists[list.language];
    for (const auto word : list.words | std::views::split(' ')) {
      words.emplace_back(word.begin(), word.end());
    }
  }
}

Lists all_lists() {
  Lists lists;
  add(lists, stop_words_a_to_d());
  add(lists, stop_words_e_to_g());
  add(lists, stop_words_h_to_p());
  add(lists, stop_words_r_to_z());
  lists["english"] = english_stop_words();
  return lists;
}

}  // namespace

const std::vector<std::string_view>* find_stop_words(std::string_view language) {
  static const Lists kLists = all_lists();
  const auto found = kLists.find(language);
  return found == kLists.end() ? nullptr : &found->second;
}

}  // namespace hornbeam::search
