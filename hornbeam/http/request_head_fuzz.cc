// Whatever bytes come: fed whole and piece by piece they give the same head or the same refusal,
// within the limits.

#include <cstddef>
#include <cstdint>
#include <string>

#include "hornbeam/base/check.h"
#include "hornbeam/http/request_parser.h"

namespace {

using namespace hornbeam;

struct Result {
  http::ParseState state = http::ParseState::kIncomplete;
  std::size_t consumed = 0;
  int status = 0;
  std::string summary;

  friend bool operator==(const Result&, const Result&) = default;
};

Result summarise(const http::HeadOutcome& outcome, const http::Request& request,
                 const http::Framing& framing) {
  Result result{outcome.state, outcome.consumed, 0, {}};
  if (outcome.state == http::ParseState::kRefused) result.status = outcome.refusal.status;
  if (outcome.state != http::ParseState::kComplete) return result;
  result.summary = std::string(request.method_name()) + ' ' + std::string(request.path()) + ' ' +
                   std::string(request.query()) + ' ' + std::string(request.host()) + ' ' +
                   std::to_string(framing.content_length) + (framing.is_chunked ? "c" : "-");
  for (const http::FieldView& field : request.fields()) {
    result.summary += std::string(field.name) + '=' + std::string(field.value) + ';';
  }
  return result;
}

Result parse(const std::string& text, std::size_t step) {
  http::RequestParser parser;
  http::Request request;
  http::Framing framing;
  for (std::size_t size = std::min(step, text.size()); !text.empty();
       size = std::min(size + step, text.size())) {
    std::string seen = text.substr(0, size);
    const http::HeadOutcome outcome = parser.parse(
        seen, {.line_bytes = 200, .head_bytes = 1000, .field_count = 10}, request, framing);
    if (outcome.state != http::ParseState::kIncomplete || size == text.size()) {
      if (outcome.state == http::ParseState::kComplete) {
        const http::Request owned = request.detach();
        base::check(summarise(outcome, owned, framing) == summarise(outcome, request, framing));
        base::check(!framing.is_chunked || framing.content_length == 0);
      }
      return summarise(outcome, request, framing);
    }
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Result whole = parse(text, text.size());
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const Result pieces = parse(text, step);
    base::check(pieces.state == whole.state, "pieces end as the whole does");
    base::check(pieces.summary == whole.summary, "pieces say what the whole says");
  }
  return 0;
}
