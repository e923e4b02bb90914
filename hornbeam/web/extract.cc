#include "hornbeam/web/extract.h"

#include <utility>

#include "hornbeam/web/internal/decode_body.h"

namespace hornbeam::web {

namespace extract_detail {

void require_json(const Request& request) {
  const std::string type = request.content_type();
  if (type == "application/json" || type.ends_with("+json")) return;
  throw unsupported_media_type(
      "the body must be JSON. Mend: send it with Content-Type: application/json");
}

void require_form(const Request& request) {
  const std::string type = request.content_type();
  if (type == "application/x-www-form-urlencoded" || type == "multipart/form-data") return;
  throw unsupported_media_type(
      "the body must be a form. Mend: send it as application/x-www-form-urlencoded or "
      "multipart/form-data");
}

void refuse(base::JsonFailure failure) {
  if (failure.syntax) throw bad_request(failure.syntax->message());
  refuse(std::move(failure.problems));
}

void refuse(base::Problems problems) {
  std::string message = problems.size() == 1
                            ? "one field is not as it must be"
                            : std::to_string(problems.size()) + " fields are not as they must be";
  throw unprocessable(std::move(message), std::move(problems));
}

}  // namespace extract_detail

base::Task<std::optional<std::string>> BodyStream::next() {
  if (!std::exchange(is_begun_, true)) decoder_ = body_decoder(*request_);
  if (decoder_ == nullptr) co_return co_await next_raw();
  while (const std::optional<std::string> piece = co_await next_raw()) {
    std::string decoded = decode(*decoder_, *piece);
    if (!decoded.empty()) co_return decoded;
  }
  if (!decoder_->is_complete()) throw bad_request("the compressed body is cut off");
  co_return std::nullopt;
}

base::Task<std::optional<std::string>> BodyStream::next_raw() {
  if (is_done_) co_return std::nullopt;
  if (http::BodySource* source = request_->raw().body_source()) {
    try {
      std::optional<std::string> piece = co_await source->next();
      is_done_ = !piece.has_value();
      co_return piece;
    } catch (const http::BodyError& refused) {
      is_done_ = true;
      throw HttpError(refused.status(), refused.what());
    }
  }
  is_done_ = true;
  const std::string_view bytes = request_->raw().body();
  if (bytes.empty()) co_return std::nullopt;
  co_return std::string(bytes);
}

}  // namespace hornbeam::web
