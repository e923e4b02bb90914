#include "hornbeam/web/internal/decode_body.h"

#include "hornbeam/http/token.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

std::unique_ptr<http::ContentDecoder> body_decoder(const Request& request) {
  const auto field = request.find_header("content-encoding");
  if (!field || http::equals_ignoring_case(*field, "identity")) return nullptr;
  const auto coding = http::find_content_coding(*field);
  if (!coding) {
    throw unsupported_media_type("the body's Content-Encoding is not known. Mend: gzip, br or zstd")
        .with_field("Accept-Encoding", "gzip, br, zstd");
  }
  return std::make_unique<http::ContentDecoder>(*coding, RequestAccess::max_body_bytes(request));
}

std::string decode(http::ContentDecoder& decoder, std::string_view bytes) {
  std::string decoded;
  const auto refused = decoder.append(decoded, bytes);
  if (refused) throw HttpError(refused->status, std::string(refused->reason));
  return decoded;
}

std::size_t RequestAccess::max_body_bytes(const Request& request) {
  const std::size_t usual = request.dispatcher_ != nullptr
                                ? request.dispatcher_->settings().max_body_bytes
                                : Settings().max_body_bytes;
  if (request.route_ == nullptr) return usual;
  return request.route_->route->max_body_bytes.value_or(usual);
}

std::string_view Request::decoded_body() const {
  std::optional<std::string>& kept = extras().decoded_body;
  if (kept) return *kept;
  const auto decoder = body_decoder(*this);
  if (decoder == nullptr) return raw_->body();
  std::string decoded = decode(*decoder, raw_->body());
  if (!decoder->is_complete()) throw bad_request("the compressed body is cut off");
  return kept.emplace(std::move(decoded));
}

}  // namespace hornbeam::web
