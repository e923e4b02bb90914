// Whatever bytes come: they are refused with a place inside of them, or are a value whose text can
// be read again. The text need not stay the same: Boost.JSON before 1.84 reads a number of many
// digits with an error in its last place.

#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/check.h"
#include "hornbeam/base/json.h"

using namespace hornbeam;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto document = base::JsonDocument::parse(bytes);
  if (!document) {
    base::check(document.error().line <= size + 1 && document.error().column <= size + 1);
    return 0;
  }
  const std::string text = document->root().text();
  const auto again = base::JsonDocument::parse(text);
  base::check(again.has_value(), "what was written cannot be read");
  base::check(again->root().size() == document->root().size());
  return 0;
}
