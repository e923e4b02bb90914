#include "hornbeam/templates/internal/text_shapes.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "hornbeam/base/encoding.h"
#include "hornbeam/templates/internal/expressions.h"
#include "hornbeam/templates/internal/text.h"

namespace hornbeam::templates::internal {

std::string capitalized(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t width = std::min(character_width(text.front()), text.size());
  return upper(text.substr(0, width)) + lower(text.substr(width));
}

std::string titled(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const std::string_view each : characters(text)) {
    const bool parts = each.size() == 1 &&
                       (is_space(each.front()) || std::string_view("-({[<").contains(each.front()));
    out += parts ? std::string(each) : begins ? upper(each) : lower(each);
    begins = parts;
  }
  return out;
}

std::string centered(std::string_view text, std::size_t width, std::string_view fill) {
  const std::size_t size = base::utf8_length(text);
  if (size >= width) return std::string(text);
  const std::size_t missing = width - size;
  const std::size_t left = missing / 2 + (missing & width & 1U);  // As CPython rounds.
  std::string out;
  for (std::size_t at = 0; at < left; ++at) out += fill;
  out += text;
  for (std::size_t at = left; at < missing; ++at) out += fill;
  return out;
}

std::string_view stripped_of(std::string_view text, std::string_view set) noexcept {
  while (!text.empty() && set.contains(text.front())) text.remove_prefix(1);
  while (!text.empty() && set.contains(text.back())) text.remove_suffix(1);
  return text;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to,
                     std::int64_t count) {
  std::string out;
  if (from.empty()) {  // As Python: between all characters.
    for (const std::string_view each : characters(text)) {
      if (count != 0) {
        out += to;
        require_text_size(out.size());
        --count;
      }
      out += each;
    }
    if (count != 0) out += to;
    return out;
  }
  for (; count != 0; --count) {
    const std::size_t found = text.find(from);
    if (found == std::string_view::npos) break;
    out.append(text.substr(0, found)).append(to);
    require_text_size(out.size());
    text.remove_prefix(found + from.size());
  }
  return out.append(text);
}

namespace {

/// Words and the white space between them; a word may end behind a hyphen.
std::vector<std::string> chunks_of(std::string_view line, bool breaks_hyphens) {
  std::vector<std::string> chunks;
  const auto all = characters(line);
  for (std::size_t at = 0; at < all.size();) {
    std::string chunk;
    if (is_space(all[at].front())) {
      while (at < all.size() && is_space(all[at].front())) chunk += all[at++];
    } else {
      while (at < all.size() && !is_space(all[at].front())) {
        chunk += all[at++];
        if (breaks_hyphens && chunk.ends_with('-') && chunk.size() > 1 && at < all.size() &&
            is_letter(all[at])) {
          break;
        }
      }
    }
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

bool is_blank(const std::string& chunk) {
  return std::ranges::all_of(chunk, [](char each) { return is_space(each); });
}

/// Where to break a word of which `room` characters fit: behind a hyphen, if there is one in them.
std::size_t break_of(const std::vector<std::string_view>& word, std::size_t room, bool at_hyphens) {
  if (!at_hyphens || word.size() <= room) return room;
  for (std::size_t at = room; at-- > 1;) {
    if (word[at] != "-") continue;
    const bool any_other = std::any_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(at),
                                       [](std::string_view each) { return each != "-"; });
    return any_other ? at + 1 : room;
  }
  return room;
}

/// Python's textwrap, step by step: what it does with blanks depends on its order.
std::string wrapped_line(std::string_view line, std::size_t width, bool breaks_words,
                         std::string_view wrapper, bool breaks_hyphens) {
  std::vector<std::string> chunks = chunks_of(line, breaks_hyphens);
  std::ranges::reverse(chunks);
  std::vector<std::string> lines;
  while (!chunks.empty()) {
    std::vector<std::string> current;
    std::size_t size = 0;
    if (!lines.empty() && is_blank(chunks.back())) chunks.pop_back();
    while (!chunks.empty() && size + base::utf8_length(chunks.back()) <= width) {
      size += base::utf8_length(chunks.back());
      current.push_back(std::move(chunks.back()));
      chunks.pop_back();
    }
    if (!chunks.empty() && base::utf8_length(chunks.back()) > width) {
      if (breaks_words) {
        const auto word = characters(chunks.back());
        const std::size_t end = break_of(word, width - size, breaks_hyphens);
        std::string first;
        std::string rest;
        for (std::size_t at = 0; at < word.size(); ++at) (at < end ? first : rest) += word[at];
        current.push_back(std::move(first));
        chunks.back() = std::move(rest);
      } else if (current.empty()) {
        current.push_back(std::move(chunks.back()));
        chunks.pop_back();
      }
    }
    if (!current.empty() && is_blank(current.back())) current.pop_back();
    if (current.empty()) continue;
    std::string& joined = lines.emplace_back();
    for (const std::string& each : current) joined += each;
  }
  std::string out;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (at > 0) out += wrapper;
    out += lines[at];
    require_text_size(out.size());
  }
  return out;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t width, bool breaks_words,
                    std::string_view wrapper, bool breaks_hyphens) {
  std::string out;
  if (text.ends_with('\n')) text.remove_suffix(1);
  while (true) {  // Ends: every round takes a line.
    const std::size_t end = text.find('\n');
    out += wrapped_line(text.substr(0, end), width, breaks_words, wrapper, breaks_hyphens);
    if (end == std::string_view::npos) return out;
    out += wrapper;
    require_text_size(out.size());
    text.remove_prefix(end + 1);
  }
}

Value deep_attribute(const Environment& environment, const Value& value, const Value& path) {
  if (!path.is_text()) return item_of(environment, value, path);
  const char first = path.text().empty() ? '0' : path.text().front();
  if ((first < '0' || first > '9') && first != '-' && !path.text().contains('.')) {
    return item_of(environment, value, path);  // Most are one name.
  }
  Value current = value;
  std::string_view rest = path.text();
  while (true) {  // Ends: every round takes a part.
    const std::size_t end = rest.find('.');
    const std::string_view part = rest.substr(0, end);
    std::int64_t number = 0;
    const auto [last, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool is_number = error == std::errc() && last == part.data() + part.size();
    current = item_of(environment, current, is_number ? Value(number) : Value(std::string(part)));
    if (end == std::string_view::npos) return current;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace hornbeam::templates::internal
