#include "hornbeam/site/search_api/remote_index.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "hornbeam/base/encoding.h"
#include "hornbeam/http/client.h"
#include "hornbeam/site/search_api/search_api.h"

namespace hornbeam::site {
namespace {

RestResponse refusal(int status, std::string_view type, std::string_view reason) {
  base::JsonWriter out;
  out.begin_object().key("error").begin_object().member("type", type).member("reason", reason);
  out.end_object().member("status", status).end_object();
  return {.status = status, .body = out.take()};
}

/// Whether a segment is the same to whoever decodes it before it is looked at, as proxies do.
bool is_plain(std::string_view segment) {
  const std::string decoded = base::percent_decode(segment);
  if (decoded == "." || decoded == "..") return false;
  return segment.starts_with('_') || !decoded.starts_with('_');
}

/// Characters that may stand in a path as they are; '%' does where something was encoded already.
std::string as_sent(std::string_view segment) {
  std::string sent;
  for (const char c : segment) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') ||
                          std::string_view("-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos;
    sent += is_plain ? std::string(1, c) : base::percent_encode(std::string_view(&c, 1));
  }
  return sent;
}

/// Path and query; empty for a path that is refused.
std::string target_of(const RestRequest& request) {
  std::string target;
  for (const auto part : request.path | std::views::split('/')) {
    const std::string_view segment(part.begin(), part.end());
    if (segment.empty()) continue;
    if (!is_plain(segment)) return {};
    target += '/' + as_sent(segment);
  }
  if (target.empty()) target = "/";
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += separator + base::percent_encode(name);
    if (!value.empty()) target += '=' + base::percent_encode(value);
    separator = '&';
  }
  return target;
}

/// A view of a literal, since answers refer to their content type.
std::string_view content_type_of(const http::ClientResponse& answer) {
  const std::string_view type = answer.find("content-type").value_or("");
  if (type.find("json") != std::string_view::npos) return "application/json; charset=UTF-8";
  return "text/plain; charset=UTF-8";
}

}  // namespace

RemoteIndex::RemoteIndex(std::string_view url, const RemoteIndexOptions& options) {
  http::ClientOptions client;
  client.trusted_file = options.trusted_file;
  // Somebody looks at a page meanwhile.
  client.silence_timeout = std::chrono::seconds(30);
  client_ = std::make_unique<http::Client>(url, std::move(client));
}

RemoteIndex::~RemoteIndex() = default;

RestResponse RemoteIndex::handle(const RestRequest& request) {
  const bool is_method = !request.method.empty() && std::ranges::all_of(request.method, [](char c) {
    return c >= 'A' && c <= 'Z';
  });
  const std::string target = target_of(request);
  if (!is_method || target.empty()) {
    return refusal(400, "illegal_argument_exception",
                   "this path is not handed on: it has a '.' or '..', or an encoded '_' at the "
                   "beginning of a name");
  }
  const bool has_lines = request.content_type == "application/x-ndjson" ||
                         request.path.ends_with("/_bulk") || request.path.ends_with("/_msearch");
  try {
    http::ClientResponse answer =
        client_->send({.method = request.method,
                       .target = target,
                       .body = request.body,
                       .content_type = has_lines ? "application/x-ndjson" : "application/json",
                       .is_repeatable = SearchApi::effect_of(request) == RestEffect::kReads});
    const std::string_view type = content_type_of(answer);
    return {.status = answer.status, .body = std::move(answer.body), .content_type = type};
  } catch (const http::ClientError& error) {
    return refusal(502, "cluster_unavailable", error.what());
  }
}

}  // namespace hornbeam::site
