#pragma once

// The tags with which Flask's session carries types that JSON has not (session.h says which).

#include <optional>
#include <string>
#include <string_view>

#include "hornbeam/base/json_view.h"

namespace hornbeam::web {

/// True for " t", " b" and the other names that mean something alone in an object.
bool is_tag(std::string_view name) noexcept;

/// A value that is tagged already as its text, with numbers as Python writes them.
std::string tagged_text(const base::JsonView& value);

/// `json` in Flask's form: objects that look tagged are escaped, members are in order. JSON that is
/// no array and no object stays as it is.
std::string tag_json(std::string json);

/// Tagged JSON as plain JSON: tuples are arrays, other tagged values their texts.
std::string untag_json(std::string json);

/// `json` with everything but ASCII escaped, as Python's json.dumps writes it.
std::string ascii_json(std::string_view json);

/// The one value in an object with the single member `tag`; nothing if `json` is none.
std::optional<std::string> find_tagged_text(std::string_view json, std::string_view tag);

}  // namespace hornbeam::web
