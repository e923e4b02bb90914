#include "hornbeam/http/content_coding.h"

#include <array>
#include <new>
#include <stdexcept>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "hornbeam/http/token.h"

namespace hornbeam::http {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{16} << 10;
constexpr int kGzipWindow = 15 + 16;  // zlib's way to say gzip.
constexpr int kGzipLevel = 6;
constexpr std::uint32_t kBrotliQuality = 4;  // About gzip's speed, and smaller.
constexpr std::uint32_t kBrotliWindow = 19;
constexpr int kZstdLevel = 3;
// "decoders ... support Window_Size ... up to 8 MB" (RFC 8878, section 3.1.1.1.2).
constexpr int kZstdMaxWindow = 23;

std::uint8_t* bytes_of(std::string_view text) {
  // The libraries take their input through pointers to what they do not change.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

std::string_view to_string(ContentCoding coding) noexcept {
  switch (coding) {
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kBrotli:
      return "br";
    case ContentCoding::kZstd:
      return "zstd";
  }
  return {};
}

std::optional<ContentCoding> find_content_coding(std::string_view name) noexcept {
  if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
    return ContentCoding::kGzip;
  }
  if (equals_ignoring_case(name, "br")) return ContentCoding::kBrotli;
  if (equals_ignoring_case(name, "zstd")) return ContentCoding::kZstd;
  return std::nullopt;
}

struct ContentEncoder::State {
  explicit State(ContentCoding chosen) : coding(chosen) {
    switch (coding) {
      case ContentCoding::kGzip:
        if (deflateInit2(&gzip, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
          throw std::bad_alloc();
        break;
      case ContentCoding::kBrotli:
        brotli.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
        if (!brotli) throw std::bad_alloc();
        BrotliEncoderSetParameter(brotli.get(), BROTLI_PARAM_QUALITY, kBrotliQuality);
        BrotliEncoderSetParameter(brotli.get(), BROTLI_PARAM_LGWIN, kBrotliWindow);
        break;
      case ContentCoding::kZstd:
        zstd.reset(ZSTD_createCStream());
        if (!zstd) throw std::bad_alloc();
        ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_compressionLevel, kZstdLevel);
        break;
    }
  }
  ~State() {
    if (coding == ContentCoding::kGzip) deflateEnd(&gzip);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void append_gzip(std::string& out, std::string_view bytes, Flush flush) {
    gzip.next_in = bytes_of(bytes);
    gzip.avail_in = static_cast<uInt>(bytes.size());
    const int how = flush == Flush::kEnd    ? Z_FINISH
                    : flush == Flush::kSync ? Z_SYNC_FLUSH
                                            : Z_NO_FLUSH;
    do {
      gzip.next_out = piece.data();
      gzip.avail_out = kPieceBytes;
      deflate(&gzip, how);
      take(out, kPieceBytes - gzip.avail_out);
    } while (gzip.avail_out == 0);
  }
  void append_brotli(std::string& out, std::string_view bytes, Flush flush) {
    const auto how = flush == Flush::kEnd    ? BROTLI_OPERATION_FINISH
                     : flush == Flush::kSync ? BROTLI_OPERATION_FLUSH
                                             : BROTLI_OPERATION_PROCESS;
    std::size_t left = bytes.size();
    const std::uint8_t* next = bytes_of(bytes);
    do {
      std::size_t room = kPieceBytes;
      std::uint8_t* into = piece.data();
      if (BrotliEncoderCompressStream(brotli.get(), how, &left, &next, &room, &into, nullptr) ==
          BROTLI_FALSE) {
        throw std::runtime_error("brotli cannot compress");
      }
      take(out, kPieceBytes - room);
    } while (left != 0 || BrotliEncoderHasMoreOutput(brotli.get()) != BROTLI_FALSE);
  }
  void append_zstd(std::string& out, std::string_view bytes, Flush flush) {
    const auto how = flush == Flush::kEnd    ? ZSTD_e_end
                     : flush == Flush::kSync ? ZSTD_e_flush
                                             : ZSTD_e_continue;
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{piece.data(), kPieceBytes, 0};
      const std::size_t left = ZSTD_compressStream2(zstd.get(), &output, &input, how);
      if (ZSTD_isError(left) != 0) throw std::runtime_error("zstd cannot compress");
      take(out, output.pos);
      if (flush == Flush::kNone ? input.pos == input.size : left == 0) return;
    }
  }
  void take(std::string& out, std::size_t size) {
    out.append(reinterpret_cast<const char*>(piece.data()), size);
  }

  ContentCoding coding;
  z_stream gzip{};
  std::unique_ptr<BrotliEncoderState, decltype(&BrotliEncoderDestroyInstance)> brotli{
      nullptr, BrotliEncoderDestroyInstance};
  std::unique_ptr<ZSTD_CStream, decltype(&ZSTD_freeCStream)> zstd{nullptr, ZSTD_freeCStream};
  std::array<std::uint8_t, kPieceBytes> piece{};
};

ContentEncoder::ContentEncoder(ContentCoding coding) : state_(std::make_unique<State>(coding)) {}
ContentEncoder::~ContentEncoder() = default;

void ContentEncoder::append(std::string& out, std::string_view bytes, Flush flush) {
  switch (state_->coding) {
    case ContentCoding::kGzip:
      return state_->append_gzip(out, bytes, flush);
    case ContentCoding::kBrotli:
      return state_->append_brotli(out, bytes, flush);
    case ContentCoding::kZstd:
      return state_->append_zstd(out, bytes, flush);
  }
}

struct ContentDecoder::State {
  State(ContentCoding chosen, std::size_t max) : coding(chosen), left(max) {
    switch (coding) {
      case ContentCoding::kGzip:
        if (inflateInit2(&gzip, kGzipWindow) != Z_OK) throw std::bad_alloc();
        break;
      case ContentCoding::kBrotli:
        brotli.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
        if (!brotli) throw std::bad_alloc();
        break;
      case ContentCoding::kZstd:
        zstd.reset(ZSTD_createDStream());
        if (!zstd) throw std::bad_alloc();
        ZSTD_DCtx_setParameter(zstd.get(), ZSTD_d_windowLogMax, kZstdMaxWindow);
        break;
    }
  }
  ~State() {
    if (coding == ContentCoding::kGzip) inflateEnd(&gzip);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// One step: false if the bytes are malformed. Sets what it has read and written.
  bool step(std::string_view bytes, std::size_t& read, std::size_t& written) {
    if (coding == ContentCoding::kGzip) {
      gzip.next_in = bytes_of(bytes);
      gzip.avail_in = static_cast<uInt>(bytes.size());
      gzip.next_out = piece.data();
      gzip.avail_out = kPieceBytes;
      const int result = inflate(&gzip, Z_NO_FLUSH);
      read = bytes.size() - gzip.avail_in;
      written = kPieceBytes - gzip.avail_out;
      is_complete = result == Z_STREAM_END;
      return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
    }
    if (coding == ContentCoding::kBrotli) {
      std::size_t input = bytes.size();
      const std::uint8_t* next = bytes_of(bytes);
      std::size_t room = kPieceBytes;
      std::uint8_t* into = piece.data();
      const auto result =
          BrotliDecoderDecompressStream(brotli.get(), &input, &next, &room, &into, nullptr);
      read = bytes.size() - input;
      written = kPieceBytes - room;
      is_complete = result == BROTLI_DECODER_RESULT_SUCCESS;
      return result != BROTLI_DECODER_RESULT_ERROR;
    }
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer output{piece.data(), kPieceBytes, 0};
    const std::size_t result = ZSTD_decompressStream(zstd.get(), &output, &input);
    read = input.pos;
    written = output.pos;
    is_complete = result == 0;
    return ZSTD_isError(result) == 0;
  }

  ContentCoding coding;
  std::size_t left;  // Of the output that is allowed.
  bool is_complete = false;
  z_stream gzip{};
  std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> brotli{
      nullptr, BrotliDecoderDestroyInstance};
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> zstd{nullptr, ZSTD_freeDStream};
  std::array<std::uint8_t, kPieceBytes> piece{};
};

ContentDecoder::ContentDecoder(ContentCoding coding, std::size_t max_bytes)
    : state_(std::make_unique<State>(coding, max_bytes)) {}
ContentDecoder::~ContentDecoder() = default;

bool ContentDecoder::is_complete() const noexcept {
  return state_->is_complete;
}

std::optional<Refusal> ContentDecoder::append(std::string& out, std::string_view bytes) {
  State& state = *state_;
  // Every step reads or writes something, or is the last.
  while (true) {
    if (state.is_complete) {
      if (bytes.empty()) return std::nullopt;
      return Refusal{400, "bytes follow the end of the compressed body"};
    }
    std::size_t read = 0;
    std::size_t written = 0;
    if (!state.step(bytes, read, written)) return Refusal{400, "the compressed body is malformed"};
    if (written > state.left) return Refusal{413, "the body is too large once decompressed"};
    state.left -= written;
    out.append(reinterpret_cast<const char*>(state.piece.data()), written);
    bytes.remove_prefix(read);
    if (read == 0 && written == 0) return std::nullopt;
  }
}

}  // namespace hornbeam::http
