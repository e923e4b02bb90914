#pragma once

// Texts and numbers as Python writes them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::templates::internal {

void append_integer(std::string& out, std::int64_t number);
/// As repr(): the shortest digits that read back the same, with ".0" or an exponent.
void append_float(std::string& out, double number);
/// The same, to memory with room for kLongestFloat bytes. Gives the end of what it wrote.
char* write_float(char* to, double number);
inline constexpr std::size_t kLongestFloat = 40;
/// As repr() of a str: in quotes, control characters escaped.
std::string quoted(std::string_view text);
/// How many bytes the UTF-8 character that begins with `first` has.
std::size_t character_width(char first) noexcept;
/// The code points of `text`, each as its bytes.
std::vector<std::string_view> characters(std::string_view text);
/// The line with this number, counted from 1.
std::string line_of(std::string_view source, int line);

std::string upper(std::string_view text);
std::string lower(std::string_view text);
char32_t lower_point(char32_t point);
bool is_letter(std::string_view character);
bool is_letter_or_digit(std::string_view character);
bool is_space(char character) noexcept;
std::string_view stripped(std::string_view text) noexcept;
/// Whether `all` holds `one`.
template <class All, class One>
bool is_one_of(const All& all, const One& one) {
  return std::ranges::find(all, one) != std::ranges::end(all);
}

/// Sorts in place, and leaves what is equal in its order. Inserts what is few, else merges: the
/// library's own stable sort asks for deprecated memory in this version.
template <class All, class Less>
void sort_stably(All& all, Less less) {
  using Element = std::ranges::range_value_t<All>;
  constexpr std::size_t kFew = 16;
  if (all.size() <= kFew) {
    for (std::size_t from = 1; from < all.size(); ++from) {
      std::size_t to = from;
      while (to > 0 && less(all[from], all[to - 1])) --to;
      if (to == from) continue;
      Element moved = std::move(all[from]);
      std::move_backward(all.begin() + to, all.begin() + from, all.begin() + from + 1);
      all[to] = std::move(moved);
    }
    return;
  }
  std::vector<Element> other(all.size());
  for (std::size_t width = 1; width < all.size(); width *= 2) {
    for (std::size_t from = 0; from < all.size(); from += 2 * width) {
      const std::size_t middle = std::min(from + width, all.size());
      const std::size_t end = std::min(from + 2 * width, all.size());
      std::size_t left = from;
      std::size_t right = middle;
      for (std::size_t at = from; at < end; ++at) {
        const bool takes_right = right < end && (left >= middle || less(all[right], all[left]));
        other[at] = std::move(takes_right ? all[right++] : all[left++]);
      }
    }
    std::swap(all, other);
  }
}

}  // namespace hornbeam::templates::internal
