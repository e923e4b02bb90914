// Whatever bytes come: the pieces they arrive in change neither the body nor where it ends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/check.h"
#include "hornbeam/http/chunked.h"

namespace {

using namespace hornbeam;

struct Result {
  http::ParseState state = http::ParseState::kIncomplete;
  std::size_t consumed = 0;
  std::string body;

  friend bool operator==(const Result&, const Result&) = default;
};

Result decode(std::string_view bytes, std::size_t piece) {
  http::ChunkedDecoder decoder;
  Result result;
  while (result.consumed < bytes.size() && result.state == http::ParseState::kIncomplete) {
    const http::ChunkedDecoder::Step step = decoder.next(bytes.substr(result.consumed, piece));
    base::check(step.consumed <= piece);
    base::check(step.consumed > 0 || step.state != http::ParseState::kIncomplete, "no progress");
    result.state = step.state;
    result.body += step.payload;
    result.consumed += step.consumed;
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result whole = decode(bytes, std::max<std::size_t>(size, 1));
  base::check(whole.body.size() <= size);
  for (const std::size_t piece : {1, 5}) base::check(decode(bytes, piece) == whole);
  return 0;
}
