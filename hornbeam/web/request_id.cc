#include "hornbeam/web/request_id.h"

#include <algorithm>

#include "hornbeam/base/encoding.h"
#include "hornbeam/web/internal/dispatcher.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/internal/request_extras.h"

namespace hornbeam::web {

namespace {
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMaxIdSize = 64;
}  // namespace

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxIdSize && std::ranges::all_of(text, [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '.' || each == '_' || each == '-';
  });
}

std::string make_request_id(const http::Request& request, bool trusts_proxies) {
  if (trusts_proxies) {
    std::size_t count = 0;
    std::string_view found;
    for (const http::FieldView& field : request.fields()) {
      if (field.name != "x-request-id") continue;
      found = field.value;
      ++count;
    }
    // Two: a client's may be one of them.
    if (count == 1 && is_request_id(found)) return std::string(found);
  }
  return base::hex_encode(random_bytes(kIdBytes));
}

std::string_view Request::id() const {
  std::string& id = extras().id;
  if (id.empty()) {
    const bool trusts_proxies =
        dispatcher_ != nullptr && dispatcher_->settings().trusted_proxies.request_id;
    id = make_request_id(*raw_, trusts_proxies);
  }
  return id;
}

const TraceContext& Request::trace() const {
  std::unique_ptr<TraceContext>& trace = extras().trace;
  if (trace == nullptr) trace = std::make_unique<TraceContext>(continue_trace(*raw_));
  return *trace;
}

}  // namespace hornbeam::web
