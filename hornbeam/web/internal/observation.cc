#include "hornbeam/web/internal/observation.h"

#include <array>

#include "hornbeam/http/client_gone.h"
#include "hornbeam/web/internal/request_extras.h"
#include "hornbeam/web/trace_context.h"

namespace hornbeam::web {

namespace {

/// Counts what passes through.
class CountingSink final : public http::BodySink {
 public:
  /// Lifetime: both outlive the sink.
  CountingSink(http::BodySink& below, std::uint64_t& bytes) : below_(below), bytes_(bytes) {}

  base::Task<bool> write(std::string piece) override {
    bytes_ += piece.size();
    return below_.write(std::move(piece));
  }
  http::ClientGone client_gone() override { return below_.client_gone(); }

 private:
  http::BodySink& below_;
  std::uint64_t& bytes_;
};

}  // namespace

Observation::Observation(const Observers& observers)
    : observers_(observers), begun_(std::chrono::steady_clock::now()) {
  for (const auto& each : observers_) {
    names_requests_ = names_requests_ || each->names_requests();
    each->request_begun();
  }
}

Observation::~Observation() {
  record_.duration = std::chrono::steady_clock::now() - begun_;
  for (const auto& each : observers_) each->request_ended(record_);
}

void Observation::describe(const Request& request) {
  record_.method = request.method_name();
  record_.route = request.route_path();
  record_.path = request.raw().path();
  if (!names_requests_) return;
  record_.request_id = request.id();
  if (RequestAccess::extras(request).trace != nullptr || request.find_header("traceparent")) {
    record_.trace_id = request.trace().trace_id;
    record_.span_id = request.trace().span_id;
  }
  address_ = request.remote_address();
  record_.address = address_;
  record_.user_agent = request.find_header("user-agent").value_or("");
}

void Observation::keep_texts() {
  // The pattern is the application's, the address the observation's own.
  const std::array texts = {&record_.method,   &record_.path,    &record_.request_id,
                            &record_.trace_id, &record_.span_id, &record_.user_agent};
  std::size_t size = 0;
  for (const std::string_view* text : texts) size += text->size();
  texts_.reserve(size);
  for (std::string_view* text : texts) {
    const std::size_t begin = texts_.size();
    texts_ += *text;
    *text = std::string_view(texts_).substr(begin);
  }
}

base::Task<void> Observation::write(std::unique_ptr<Observation> observation, http::StreamBody body,
                                    http::BodySink* below) {
  CountingSink sink(*below, observation->record_.bytes);
  co_await body(sink);
}

void Observation::conclude(std::unique_ptr<Observation> observation, const Request& request,
                           http::Response& response) {
  RequestRecord& record = observation->record_;
  observation->describe(request);
  record.status = response.status();
  auto observed = [](std::unique_ptr<Observation> kept, http::StreamBody body) {
    return http::StreamBody(
        [kept = std::move(kept), body = std::move(body)](http::BodySink& sink) mutable {
          return write(std::move(kept), std::move(body), &sink);
        });
  };
  if (auto* const stream = std::get_if<http::StreamBody>(&response.body())) {
    observation->keep_texts();
    *stream = observed(std::move(observation), std::move(*stream));
  } else if (auto* const sized = std::get_if<http::SizedStream>(&response.body())) {
    observation->keep_texts();
    sized->write = observed(std::move(observation), std::move(sized->write));
  } else if (request.method() != http::Method::kHead) {
    record.bytes = response.body_size().value_or(0);
  }
}

}  // namespace hornbeam::web
