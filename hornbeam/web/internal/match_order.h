#pragma once

#include <cstddef>
#include <vector>

namespace hornbeam::web {

struct Rule;

/// The indexes of `rules` in the order in which the router tries them: those of literal hosts, of
/// hosts with parameters, of any host; in each, by segments, the strictest first.
std::vector<std::size_t> match_order(const std::vector<const Rule*>& rules);

}  // namespace hornbeam::web
