#include "hornbeam/web/internal/pattern.h"

#include <algorithm>

namespace hornbeam::web {

bool is_same(const Segment& left, const Segment& right) {
  return left.is_tail == right.is_tail && left.has_suffix == right.has_suffix &&
         std::equal(left.pieces.begin(), left.pieces.end(), right.pieces.begin(),
                    right.pieces.end(), [](const Piece& a, const Piece& b) {
                      if (a.is_parameter != b.is_parameter) return false;
                      if (!a.is_parameter) return a.text == b.text;
                      return a.takes_slashes == b.takes_slashes && a.type.weight == b.type.weight &&
                             a.type.accepts == b.type.accepts && a.type.converts == b.type.converts;
                    });
}

SegmentWeight weight_of(const Segment& segment) {
  SegmentWeight weight;
  for (const Piece& piece : segment.pieces) {
    if (piece.is_parameter) {
      weight.parameters.push_back(piece.takes_slashes ? 200 : piece.type.weight);
    } else if (piece.text != "/") {
      weight.literals.emplace_back(static_cast<int>(weight.literals.size()),
                                   -static_cast<int>(piece.text.size()));
    }
  }
  weight.literal_count = -static_cast<int>(weight.literals.size());
  weight.parameter_count = -static_cast<int>(weight.parameters.size());
  return weight;
}

std::vector<Piece> pieces_of(std::string_view pattern, const std::vector<SegmentType>& types,
                             std::size_t& parameter, bool splits_slashes) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '{') {
      const std::size_t end = pattern.find('}', i);
      const std::string_view inside = pattern.substr(i + 1, end - i - 1);
      const std::size_t colon = inside.find(':');
      pieces.push_back({std::string(inside.substr(0, colon)), true, colon != std::string_view::npos,
                        types.at(parameter++)});
      i = end + 1;
      continue;
    }
    const bool is_slash = splits_slashes && pattern[i] == '/';
    const std::size_t end =
        is_slash ? i + 1
                 : std::min(pattern.find_first_of(splits_slashes ? "/{" : "{", i), pattern.size());
    pieces.push_back({std::string(pattern.substr(i, end - i))});
    i = end;
  }
  return pieces;
}

std::vector<std::string> parameters_of(std::string_view pattern) {
  std::vector<std::string> names;
  for (std::size_t i = pattern.find('{'); i != std::string_view::npos; i = pattern.find('{', i)) {
    const std::size_t end = pattern.find_first_of(":}", i);
    names.emplace_back(pattern.substr(i + 1, end - i - 1));
    i = end;
  }
  return names;
}

std::vector<Segment> segments_of(std::string_view pattern, const std::vector<SegmentType>& types,
                                 std::size_t first_parameter) {
  std::vector<Segment> segments;
  std::size_t parameter = first_parameter;
  for (std::string_view rest = pattern.substr(1);;) {
    Segment& segment = segments.emplace_back();
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, end).find(":path}") == std::string_view::npos) {
      segment.pieces = pieces_of(rest.substr(0, end), types, parameter, true);
      if (end == rest.size()) return segments;
      rest.remove_prefix(end + 1);
      continue;
    }
    segment.is_tail = true;
    segment.has_suffix = rest.ends_with('/');
    if (segment.has_suffix) rest.remove_suffix(1);
    segment.pieces = pieces_of(rest, types, parameter, true);
    if (segment.has_suffix) segments.emplace_back();
    return segments;
  }
}

}  // namespace hornbeam::web
