#include "hornbeam/web/rate_limit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sodium.h>

#include "hornbeam/web/app.h"
#include "hornbeam/web/http_error.h"
#include "hornbeam/web/internal/random.h"
#include "hornbeam/web/request.h"

namespace hornbeam::web {

namespace {

using Nanoseconds = std::chrono::nanoseconds;

constexpr std::size_t kRowSlots = 8;

/// Whole seconds, rounded up.
std::int64_t seconds_of(Nanoseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(time).count();
}

}  // namespace

std::string address_key(const Request& request) {
  std::string address = request.remote_address();
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  return {bytes.begin(), bytes.begin() + 8};
}

struct RateLimit::State {
  /// A key, and when it will have regained everything ("theoretical arrival time").
  struct Slot {
    std::uint64_t key = 0;
    Nanoseconds full_at{};
  };
  using Row = std::array<Slot, kRowSlots>;

  explicit State(RateLimitOptions given) : options(std::move(given)), hash_key(random_bytes(16)) {
    if (options.requests == 0 || options.period <= Nanoseconds::zero()) {
      throw std::invalid_argument("a rate limit of no requests, or in no time. Mend: set both");
    }
    if (options.burst == 0) options.burst = options.requests;
    interval = options.period / options.requests;
    if (!options.clock) {
      options.clock = [] { return std::chrono::steady_clock::now().time_since_epoch(); };
    }
    rows.resize(std::bit_ceil(std::max<std::size_t>(options.max_keys / kRowSlots, 1)));
    policy = fmt::format("\"{}\";q={};w={}", options.name, options.burst,
                         seconds_of(interval * options.burst));
  }

  std::uint64_t hash(std::string_view key) const {
    std::uint64_t hashed = 0;
    crypto_shorthash(reinterpret_cast<unsigned char*>(&hashed),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     reinterpret_cast<const unsigned char*>(hash_key.data()));
    return hashed;
  }

  /// The key's slot; else one that is free to take. Requires: the lock.
  Slot& slot(std::uint64_t key, Nanoseconds now) {
    Row& row = rows[key & (rows.size() - 1)];
    for (Slot& each : row) {
      if (each.key == key) return each;
    }
    Slot& taken = *std::ranges::min_element(row, {}, &Slot::full_at);
    taken = {key, now};
    return taken;
  }

  RateDecision decide(Slot& slot, Nanoseconds now, bool spends) const {
    const Nanoseconds full_at = std::max(slot.full_at, now);
    const Nanoseconds after = full_at + interval;
    const Nanoseconds latest = now + interval * options.burst;
    RateDecision decision;
    decision.is_allowed = after <= latest;
    if (decision.is_allowed && spends) slot.full_at = after;
    const Nanoseconds spent = (decision.is_allowed && spends ? after : full_at) - now;
    decision.reset_after = spent;
    decision.remaining = static_cast<std::uint32_t>((interval * options.burst - spent) / interval);
    if (!decision.is_allowed) decision.retry_after = after - latest;
    return decision;
  }

  bool counts(const Request& request) const {
    return options.routes.empty() ||
           std::ranges::find(options.routes, request.route_path()) != options.routes.end();
  }

  std::string remaining_field(const RateDecision& decision) const {
    return fmt::format(
        "\"{}\";r={};t={}", options.name, decision.remaining,
        seconds_of(decision.is_allowed ? decision.reset_after : decision.retry_after));
  }

  HttpError refusal(const RateDecision& decision) const {
    const std::int64_t seconds = std::max<std::int64_t>(seconds_of(decision.retry_after), 1);
    return HttpError(429, fmt::format("too many requests; try again in {} seconds", seconds))
        .with_field("Retry-After", std::to_string(seconds));
  }

  RateLimitOptions options;
  std::string hash_key;
  Nanoseconds interval{};
  std::string policy;
  mutable std::mutex mutex;
  std::vector<Row> rows;
};

RateLimit::RateLimit(RateLimitOptions options)
    : state_(std::make_shared<State>(std::move(options))) {}
RateLimit::RateLimit(RateLimit&&) noexcept = default;
RateLimit& RateLimit::operator=(RateLimit&&) noexcept = default;
RateLimit::~RateLimit() = default;

RateDecision RateLimit::spend(std::string_view key) {
  const std::uint64_t hashed = state_->hash(key);
  const Nanoseconds now = state_->options.clock();
  const std::lock_guard lock(state_->mutex);
  return state_->decide(state_->slot(hashed, now), now, true);
}

RateDecision RateLimit::peek(std::string_view key) const {
  const std::uint64_t hashed = state_->hash(key);
  const Nanoseconds now = state_->options.clock();
  const std::lock_guard lock(state_->mutex);
  return state_->decide(state_->slot(hashed, now), now, false);
}

void RateLimit::forgive(std::string_view key) {
  const std::uint64_t hashed = state_->hash(key);
  const Nanoseconds now = state_->options.clock();
  const std::lock_guard lock(state_->mutex);
  state_->slot(hashed, now).full_at = now;
}

void RateLimit::require(const Request& request, std::string_view key) {
  const RateDecision decision = spend(key);
  request.after_this_request([state = state_, decision](Response& response) {
    response.set_field("RateLimit-Policy", state->policy);
    response.set_field("RateLimit", state->remaining_field(decision));
  });
  if (!decision.is_allowed) throw state_->refusal(decision);
}

void RateLimit::init_app(App& app) {
  // The hooks share the table: the limit itself may move on.
  auto shared = std::make_shared<RateLimit>(RateLimitOptions());
  shared->state_ = state_;
  app.before_request([shared](const Request& request) {
    const State& state = *shared->state_;
    if (!state.counts(request)) return;
    const std::string key = state.options.key ? state.options.key(request) : address_key(request);
    if (!key.empty()) shared->require(request, key);
  });
}

}  // namespace hornbeam::web
