#include "hornbeam/web/compression.h"

#include <optional>

#include "hornbeam/http/client_gone.h"
#include "hornbeam/http/content_coding.h"
#include "hornbeam/http/token.h"
#include "hornbeam/web/negotiation.h"

namespace hornbeam::web {

namespace {

using Flush = http::ContentEncoder::Flush;

bool is_compressible(std::string_view type) {
  type = type.substr(0, type.find(';'));
  if (type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml")) return true;
  for (const std::string_view each :
       {"application/json", "application/javascript", "application/xml", "application/wasm",
        "application/x-ndjson", "image/svg+xml", "image/x-icon", "font/ttf"}) {
    if (type == each) return true;
  }
  return false;
}

bool may_compress(const Response& response, const Compression& options) {
  if (response.status() < 200 || response.status() == 204 || response.status() == 206 ||
      response.status() == 304 || !is_compressible(response.content_type()) ||
      response.find_field("content-encoding") != nullptr ||
      response.find_field("content-range") != nullptr) {
    return false;
  }
  const std::string* const cache = response.find_field("cache-control");
  if (cache != nullptr && cache->contains("no-transform")) return false;
  const auto size = response.body_size();
  return !size || *size >= options.min_bytes;
}

std::optional<http::ContentCoding> choose(std::string_view accept) {
  std::optional<http::ContentCoding> best;
  int best_quality = 0;
  for (const auto coding :
       {http::ContentCoding::kBrotli, http::ContentCoding::kZstd, http::ContentCoding::kGzip}) {
    const int quality = encoding_quality(accept, to_string(coding));
    if (quality <= best_quality) continue;
    best = coding;
    best_quality = quality;
  }
  // A client may like it better as it is.
  if (best && encoding_quality(accept, "identity") > best_quality) return std::nullopt;
  return best;
}

class CompressingSink final : public http::BodySink {
 public:
  CompressingSink(http::BodySink& below, http::ContentCoding coding, bool flushes)
      : below_(below), encoder_(coding), flushes_(flushes) {}

  base::Task<bool> write(std::string piece) override {
    std::string packed;
    encoder_.append(packed, piece, flushes_ ? Flush::kSync : Flush::kNone);
    co_return packed.empty() || co_await below_.write(std::move(packed));
  }
  http::ClientGone client_gone() override { return below_.client_gone(); }
  base::Task<void> finish() {
    std::string packed;
    encoder_.append(packed, {}, Flush::kEnd);
    co_await below_.write(std::move(packed));
  }

 private:
  http::BodySink& below_;
  http::ContentEncoder encoder_;
  bool flushes_;
};

base::Task<void> write_compressed(Response::Body body, http::ContentCoding coding, bool flushes,
                                  http::BodySink* below) {
  CompressingSink sink(*below, coding, flushes);
  co_await http::write_body(std::move(body), sink);
  co_await sink.finish();
}

}  // namespace

void compress(const Request& request, Response& response, const Compression& options) {
  if (!may_compress(response, options)) return;
  add_vary(response, "Accept-Encoding");
  const auto coding = choose(request.find_header("accept-encoding").value_or(""));
  if (!coding) return;
  if (!response.is_streamed()) {
    std::string packed;
    http::ContentEncoder(*coding).append(packed, response.bytes(), Flush::kEnd);
    if (packed.size() >= response.bytes().size()) return;
    response.set_body(std::move(packed));
  } else {
    // A file is compressed as a whole; what an application writes is sent on as it comes.
    const bool flushes = !std::holds_alternative<http::FileBody>(response.body());
    response.set_body(http::StreamBody([body = std::move(response.body()), coding = *coding,
                                        flushes](http::BodySink& sink) mutable {
      return write_compressed(std::move(body), coding, flushes, &sink);
    }));
    response.remove_field("Accept-Ranges");
  }
  response.set_field("Content-Encoding", std::string(to_string(*coding)));
  // Other bytes than those that a strong tag stands for.
  const std::string* const etag = response.find_field("etag");
  if (etag != nullptr && etag->starts_with('"')) response.set_field("ETag", "W/" + *etag);
}

void Compression::init_app(App& app) const {
  app.after_request([options = *this](const Request& request, Response& response) {
    compress(request, response, options);
  });
}

}  // namespace hornbeam::web
