// Any bytes at all as compressed messages, as messages to compress, and as offers of extensions.
// Inflating never exceeds its limit and gives the same whether bytes come whole or in pieces; what
// is compressed comes back.
//
// The first byte chooses what is done, the second a window and the size of the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "hornbeam/base/check.h"
#include "hornbeam/http/permessage_deflate.h"

namespace hornbeam::http {
namespace {

constexpr std::size_t kLimit = 5000;

std::pair<InflateResult, std::string> inflate(MessageInflater& inflater,
                                              std::string_view compressed, std::size_t step,
                                              std::size_t limit) {
  std::string out;
  auto result = InflateResult::kOk;
  while (!compressed.empty() && result == InflateResult::kOk) {
    // A copy of exactly its size, so that ASan sees a read past the end.
    const std::string piece(compressed.substr(0, step));
    compressed.remove_prefix(piece.size());
    result = inflater.append(out, piece, limit);
    base::check(out.size() <= limit);
  }
  if (result == InflateResult::kOk) result = inflater.finish(out, limit);
  base::check(out.size() <= limit);
  return {result, out};
}

void inflate_anything(std::string_view bytes, std::uint8_t bits, std::size_t step) {
  MessageInflater at_once(bits);
  MessageInflater in_pieces(bits);
  // Twice, because a window may be kept from message to message.
  for (int message = 0; message < 2; ++message) {
    const auto whole = inflate(at_once, bytes, bytes.size(), kLimit);
    const auto pieced = inflate(in_pieces, bytes, step, kLimit);
    // A look back past a smaller window is found out only if the bytes have left zlib's hands by
    // then.
    base::check(bits < 15 || whole == pieced, "inflates otherwise in pieces");
    if (whole.first != InflateResult::kOk || pieced.first != InflateResult::kOk) return;
  }
}

void come_back(std::string_view message, std::uint8_t bits, std::size_t step) {
  MessageDeflater deflater(bits, MessageDeflater::Context::kKept, 1 + step % 9);
  MessageInflater inflater(bits);
  for (int round = 0; round < 2; ++round) {
    std::string compressed;
    deflater.append(compressed, message);
    const auto [result, out] = inflate(inflater, compressed, step, message.size());
    base::check(result == InflateResult::kOk && out == message, "does not come back");
  }
}

void negotiate(std::string_view field) {
  const auto offers = parse_extensions(field);
  if (!offers) return;
  const auto agreement = negotiate_deflate(*offers, {});
  if (!agreement) return;
  base::check(agreement->parameters.server_max_window_bits >= 8 &&
              agreement->parameters.server_max_window_bits <= 15);
  // What we answer is itself an offer that can be read, and agrees to the same.
  const auto answer = parse_extensions(agreement->response);
  base::check(answer.has_value());
  const auto again = negotiate_deflate(*answer, {});
  base::check(again && again->parameters == agreement->parameters);
}

}  // namespace
}  // namespace hornbeam::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hornbeam::http;
  if (size < 3) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto bits = static_cast<std::uint8_t>(8 + (data[1] & 7));
  const std::size_t step = 1 + (data[1] >> 3);
  if (data[0] % 3 == 0) inflate_anything(rest, bits, step);
  if (data[0] % 3 == 1) come_back(rest, bits, step);
  if (data[0] % 3 == 2) negotiate(rest);
  return 0;
}
