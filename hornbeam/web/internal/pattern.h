#pragma once

// Patterns taken apart: into pieces, and into the segments that the router's tree is made of.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hornbeam/web/segment.h"

namespace hornbeam::web {

/// A literal, or a parameter, inside a pattern.
struct Piece {
  std::string text;  // The literal, or the parameter's name.
  bool is_parameter = false;
  bool takes_slashes = false;
  SegmentType type{};
};

/// What an edge of the tree matches: a segment, or everything that is left.
struct Segment {
  std::vector<Piece> pieces;
  bool is_tail = false;
  bool has_suffix = false;  // A tail that a slash follows.

  bool is_literal() const {
    return pieces.empty() || (pieces.size() == 1 && !pieces[0].is_parameter);
  }
};

bool is_same(const Segment& left, const Segment& right);

/// Werkzeug's weight of a segment: what is smaller is tried first.
struct SegmentWeight {
  int literal_count = 0;
  std::vector<std::pair<int, int>> literals;
  int parameter_count = 0;
  std::vector<int> parameters;

  friend auto operator<=>(const SegmentWeight&, const SegmentWeight&) = default;
};
SegmentWeight weight_of(const Segment& segment);

/// The pieces of a pattern. `types` are those of its parameters from `parameter` on, which is moved
/// past them. With `splits_slashes`, "/" is a piece of its own.
std::vector<Piece> pieces_of(std::string_view pattern, const std::vector<SegmentType>& types,
                             std::size_t& parameter, bool splits_slashes);

/// The names of a pattern's parameters, in order.
std::vector<std::string> parameters_of(std::string_view pattern);

/// The segments of a path's pattern.
std::vector<Segment> segments_of(std::string_view pattern, const std::vector<SegmentType>& types,
                                 std::size_t first_parameter);

}  // namespace hornbeam::web
