#include "hornbeam/http/permessage_deflate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <utility>

#include <zlib.h>

#include "hornbeam/base/check.h"

namespace hornbeam::http {
namespace {

// What a flush to a byte boundary ends with. RFC 7692 section 7.2.1: "Remove 4 octets (that are
// 0x00 0x00 0xff 0xff) from the tail end." Section 7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff
// to the tail end of the payload".
constexpr std::string_view kFlushMarker("\x00\x00\xFF\xFF", 4);

// Output grows by this much at a time, so that a bomb is found out after one step past the limit,
// not after a gigabyte.
constexpr std::size_t kStep = 16 * 1024;
constexpr std::size_t kSmallStep = 256;

constexpr int kEndOfBlock = 128;  // in z_stream::data_type: stopped right after the end of a block

const Bytef* zlib_bytes(std::string_view bytes) noexcept {
  return reinterpret_cast<const Bytef*>(bytes.data());
}

}  // namespace

void InflateEnd::operator()(z_stream_s* stream) const noexcept {
  inflateEnd(stream);
  delete stream;
}

void DeflateEnd::operator()(z_stream_s* stream) const noexcept {
  deflateEnd(stream);
  delete stream;
}

MessageInflater::MessageInflater(std::uint8_t window_bits) {
  auto stream = std::make_unique<z_stream>();
  // Negative: raw DEFLATE, without zlib's header and checksum.
  if (inflateInit2(stream.get(), -static_cast<int>(window_bits)) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

// Terminates: each pass of the loop takes input or fills a step of output, and output is bounded by
// `limit`.
InflateResult MessageInflater::append(std::string& out, std::string_view compressed,
                                      std::size_t limit) {
  z_stream& zlib = *stream_;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib does not write to its input.
  zlib.next_in = const_cast<Bytef*>(zlib_bytes(compressed));
  zlib.avail_in = static_cast<uInt>(compressed.size());
  base::check(zlib.avail_in == compressed.size(), "a compressed piece of 4 GiB or more");
  while (true) {
    if (block_stream_ended_ && zlib.avail_in > 0) {
      // RFC 7692 section 7.2.3.4 allows a block with BFINAL set before the end; what follows goes
      // on with the same window, which is what ResetKeep keeps.
      inflateResetKeep(&zlib);
      block_stream_ended_ = false;
    }
    const std::size_t size = out.size();
    // One byte past the limit is room enough to learn that there is more.
    const std::size_t most = std::clamp(4 * compressed.size(), kSmallStep, kStep);
    const std::size_t room = limit - size < most ? limit - size + 1 : most;
    int status = Z_OK;
    out.resize_and_overwrite(size + room, [&](char* data, std::size_t) {
      zlib.next_out = reinterpret_cast<Bytef*>(data + size);
      zlib.avail_out = static_cast<uInt>(room);
      status = inflate(&zlib, Z_SYNC_FLUSH);
      return size + room - zlib.avail_out;
    });
    if (out.size() > limit) {
      out.resize(limit);
      return InflateResult::kTooBig;
    }
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return InflateResult::kCorrupt;
    }
    block_stream_ended_ = status == Z_STREAM_END;
    if (zlib.avail_in == 0 && zlib.avail_out > 0) return InflateResult::kOk;
    if (block_stream_ended_ && zlib.avail_in == 0) return InflateResult::kOk;
  }
}

InflateResult MessageInflater::finish(std::string& out, std::size_t limit) {
  if (block_stream_ended_) return InflateResult::kOk;
  const InflateResult result = append(out, kFlushMarker, limit);
  if (result != InflateResult::kOk) return result;
  // The marker is an empty block. If it was taken for something else, the message was cut off
  // inside a block.
  return (stream_->data_type & kEndOfBlock) != 0 ? InflateResult::kOk : InflateResult::kCorrupt;
}

void MessageInflater::reset() noexcept {
  inflateReset(stream_.get());
  block_stream_ended_ = false;
}

MessageDeflater::MessageDeflater(std::uint8_t window_bits, Context context, int level)
    : context_(context) {
  constexpr int kDefaultMemory = 8;
  auto stream = std::make_unique<z_stream>();
  // zlib writes no raw stream for a window of 8 bits, but with one of 9 it never looks back more
  // than 250 bytes (it keeps 262 in hand), which a receiver with 8 bits can follow.
  const int bits = -std::max<int>(window_bits, 9);
  if (deflateInit2(stream.get(), level, Z_DEFLATED, bits, kDefaultMemory, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  stream_.reset(stream.release());
}

// Terminates: zlib stops leaving output room once everything has been flushed.
void MessageDeflater::append(std::string& out, std::string_view message) {
  if (message.empty()) {
    // RFC 7692 section 7.2.3.6: an empty message is the single byte 0x00.
    out.push_back('\0');
    return;
  }
  z_stream& zlib = *stream_;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib does not write to its input.
  zlib.next_in = const_cast<Bytef*>(zlib_bytes(message));
  zlib.avail_in = static_cast<uInt>(message.size());
  base::check(zlib.avail_in == message.size(), "a message of 4 GiB or more");
  do {
    const std::size_t size = out.size();
    const std::size_t room = std::max<std::size_t>(message.size() / 2, 256);
    out.resize_and_overwrite(size + room, [&](char* data, std::size_t) {
      zlib.next_out = reinterpret_cast<Bytef*>(data + size);
      zlib.avail_out = static_cast<uInt>(room);
      deflate(&zlib, Z_SYNC_FLUSH);
      return size + room - zlib.avail_out;
    });
  } while (zlib.avail_out == 0);
  base::check(out.ends_with(kFlushMarker), "zlib did not flush");
  out.resize(out.size() - kFlushMarker.size());
  if (context_ == Context::kFresh) deflateReset(&zlib);
}

namespace {

constexpr std::string_view kServerBits = "server_max_window_bits";
constexpr std::string_view kClientBits = "client_max_window_bits";

// RFC 7692 section 7.1.2: "a decimal integer value without leading zeroes between 8 to 15,
// inclusive".
std::optional<std::uint8_t> parse_window_bits(std::string_view text) {
  std::uint8_t bits = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool is_number = failure == std::errc() && end == text.data() + text.size();
  if (!is_number || text.starts_with('0') || bits < 8 || bits > 15) return std::nullopt;
  return bits;
}

// An offer's parameters, as the client wrote them.
struct DeflateOffer {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<std::uint8_t> server_max_window_bits;
  std::optional<std::uint8_t> client_max_window_bits;  // 15 if offered without a value
};

// Reads one parameter; false if the offer must be declined for it. RFC 7692 section 7: parameters
// that are unknown, appear twice or have an invalid value.
bool read_parameter(const ExtensionParameter& parameter, DeflateOffer& offer) {
  const auto set_flag = [&](bool& flag) { return !parameter.value && !std::exchange(flag, true); };
  if (parameter.name == "server_no_context_takeover") {
    return set_flag(offer.server_no_context_takeover);
  }
  if (parameter.name == "client_no_context_takeover") {
    return set_flag(offer.client_no_context_takeover);
  }
  if (parameter.name == kServerBits) {
    if (!parameter.value || offer.server_max_window_bits) return false;
    offer.server_max_window_bits = parse_window_bits(*parameter.value);
    return offer.server_max_window_bits.has_value();
  }
  if (parameter.name != kClientBits || offer.client_max_window_bits) return false;
  offer.client_max_window_bits =
      parameter.value ? parse_window_bits(*parameter.value) : std::optional<std::uint8_t>(15);
  return offer.client_max_window_bits.has_value();
}

std::optional<DeflateOffer> read_offer(const ExtensionOffer& extension) {
  DeflateOffer offer;
  for (const auto& parameter : extension.parameters) {
    if (!read_parameter(parameter, offer)) return std::nullopt;
  }
  return offer;
}

void append_bits(std::string& response, std::string_view name, std::uint8_t bits) {
  response += "; ";
  response += name;
  response += '=';
  response += std::to_string(bits);
}

DeflateAgreement agree(const DeflateOffer& offer, const DeflatePolicy& policy) {
  DeflateAgreement agreement{.parameters = {}, .response = "permessage-deflate"};
  DeflateParameters& agreed = agreement.parameters;
  agreed.server_no_context_takeover =
      offer.server_no_context_takeover || !policy.server_context_takeover;
  agreed.client_no_context_takeover =
      offer.client_no_context_takeover || !policy.client_context_takeover;
  agreed.server_max_window_bits =
      std::min(policy.server_max_window_bits, offer.server_max_window_bits.value_or(15));
  // Section 7.1.2.2: without the parameter in its offer, the client cannot be told to use a smaller
  // window.
  if (offer.client_max_window_bits) {
    agreed.client_max_window_bits =
        std::min(policy.client_max_window_bits, *offer.client_max_window_bits);
  }
  std::string& response = agreement.response;
  if (agreed.server_no_context_takeover) response += "; server_no_context_takeover";
  if (agreed.client_no_context_takeover) response += "; client_no_context_takeover";
  // Section 7.1.2.1: "A server accepts" the parameter "by including" it "in the response".
  if (offer.server_max_window_bits || agreed.server_max_window_bits < 15) {
    append_bits(response, kServerBits, agreed.server_max_window_bits);
  }
  if (agreed.client_max_window_bits < 15) {
    append_bits(response, kClientBits, agreed.client_max_window_bits);
  }
  return agreement;
}

}  // namespace

std::optional<DeflateAgreement> negotiate_deflate(std::span<const ExtensionOffer> offers,
                                                  const DeflatePolicy& policy) {
  for (const auto& extension : offers) {
    if (extension.name != "permessage-deflate") continue;
    if (const auto offer = read_offer(extension)) return agree(*offer, policy);
  }
  return std::nullopt;
}

}  // namespace hornbeam::http
