// Whatever bytes come: the pieces they arrive in change neither the parts nor where they are
// refused.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/check.h"
#include "hornbeam/http/multipart.h"

namespace {

using namespace hornbeam;

std::string parse(std::string_view bytes, std::size_t piece) {
  http::MultipartParser parser("b", {.parts = 8, .part_fields = 3, .part_head_bytes = 200});
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    parser.feed(bytes.substr(at, piece));
    while (true) {
      using Kind = http::MultipartEvent::Kind;
      const http::MultipartEvent event = parser.next();
      if (event.kind == Kind::kNothing) break;
      if (event.kind == Kind::kPart) {
        seen += "\n[" + parser.head().name + "|" + parser.head().filename.value_or("-") + "|" +
                parser.head().content_type + "]";
      }
      if (event.kind == Kind::kData) base::check(!event.data.empty());
      seen += event.data;
      if (event.kind == Kind::kPartEnd) seen += "\n<end>";
      if (event.kind == Kind::kRefused) return seen + std::to_string(parser.refusal().status);
    }
  }
  return seen + (parser.is_complete() ? "\n<whole>" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = parse(bytes, std::max<std::size_t>(size, 1));
  for (const std::size_t piece : {1, 5}) base::check(parse(bytes, piece) == whole);
  return 0;
}
