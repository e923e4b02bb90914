#pragma once

#include <string>
#include <vector>

#include "hornbeam/site/search_api/rest.h"

// The tables of `_cat`: for people in terminals, and as JSON for those who ask.
namespace hornbeam::site {

/// A column.
struct CatColumn {
  std::string name;
  std::vector<std::string> short_names;
  std::string description;
  bool is_default = true;  ///< Shown to those who do not choose.
  bool is_right = false;   ///< Numbers stand at the right.
};

/// The cells of a row, one for each column.
using CatRow = std::vector<std::string>;

/// The answer to a call that asks for columns (`h`), an order (`s`), titles (`v`), a format or only
/// the meaning of the columns (`help`). Throws NodeError.
RestResponse cat_table(const RestCall& call, const std::vector<CatColumn>& columns,
                       std::vector<CatRow> rows);

/// A size as the call's `bytes` asks for it: "1.5kb", or a number of that unit.
std::string cat_size(const RestCall& call, std::uint64_t bytes);

}  // namespace hornbeam::site
