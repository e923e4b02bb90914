#include "hornbeam/denorm/opensearch/cluster.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "hornbeam/base/json_view.h"
#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

namespace {

constexpr std::size_t kLeastBulk = std::size_t{64} * 1024;
constexpr std::size_t kShownAnswer = 500;

bool is_busy(int status) {
  return status == 429 || status == 503;
}
bool may_pass(int status) {
  return is_busy(status) || status == 502 || status == 504;
}

std::string string_of(const std::optional<base::JsonView>& value) {
  const auto text = value ? value->find_string() : std::nullopt;
  return text ? std::string(*text) : "";
}

/// What an answer that is no success says.
std::string words_of(const http::ClientResponse& answer) {
  if (const auto json = base::JsonDocument::parse(answer.body)) {
    if (const auto error = json->root().find("error")) {
      const std::string reason = string_of(error->find("reason"));
      if (!reason.empty()) return reason;
    }
  }
  return answer.body.substr(0, kShownAnswer);
}

BulkOutcome outcome_of(base::JsonView item) {
  // {"index": {"status": 201, ...}}: the action is the only member.
  const base::JsonView action = item.size() > 0 ? item.member(0).second : base::JsonView();
  BulkOutcome outcome;
  if (const auto status = action.find("status")) {
    outcome.status = static_cast<int>(status->find_int().value_or(0));
  }
  if (const auto error = action.find("error")) {
    outcome.type = string_of(error->find("type"));
    outcome.reason = string_of(error->find("reason"));
    if (const auto cause = error->find("caused_by")) {
      if (const std::string more = string_of(cause->find("reason")); !more.empty()) {
        outcome.reason += ": " + more;
      }
    }
  }
  return outcome;
}

}  // namespace

Cluster::Cluster(std::string_view url, ClusterOptions options)
    : options_(std::move(options)), client_(url, options_.client) {
  statistics_.bulk_bytes = options_.bulk_bytes;
}

ClusterStatistics Cluster::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

void Cluster::note_pushback() {
  const std::lock_guard lock(mutex_);
  ++statistics_.pushbacks;
  statistics_.bulk_bytes = std::max(statistics_.bulk_bytes / 2, kLeastBulk);
}

void Cluster::note_room() {
  const std::lock_guard lock(mutex_);
  statistics_.bulk_bytes =
      std::min(statistics_.bulk_bytes + statistics_.bulk_bytes / 16, options_.bulk_bytes);
}

void Cluster::pause(int tries, const http::ClientResponse* answer) {
  auto longest =
      std::min(options_.first_pause * (1 << std::min(tries - 1, 16)), options_.longest_pause);
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_int_distribution<std::int64_t> any(longest.count() / 2, longest.count());
  std::chrono::milliseconds wait(any(random));
  if (const auto after = answer != nullptr ? answer->find("retry-after") : std::nullopt) {
    int seconds = 0;
    std::from_chars(after->data(), after->data() + after->size(), seconds);
    wait = std::clamp<std::chrono::milliseconds>(std::chrono::seconds(seconds), wait,
                                                 std::max(wait, options_.longest_pause));
  }
  std::this_thread::sleep_for(wait);
  const std::lock_guard lock(mutex_);
  ++statistics_.retries;
}

http::ClientResponse Cluster::send(const http::ClientRequest& request, int most_tries) {
  // Ends: the number of tries is bounded.
  for (int tries = 1;; ++tries) {
    {
      const std::lock_guard lock(mutex_);
      ++statistics_.requests;
    }
    std::string failure;
    std::optional<http::ClientResponse> answer;
    try {
      answer = client_.send(request);
      if (!may_pass(answer->status)) return std::move(*answer);
      failure = fmt::format("{}: {} {}", client_.server(), answer->status, words_of(*answer));
      if (is_busy(answer->status)) note_pushback();
    } catch (const http::ClientError& error) {
      failure = error.what();
    }
    if (tries >= most_tries) throw TargetUnavailable(failure);
    pause(tries, answer ? &*answer : nullptr);
  }
}

http::ClientResponse Cluster::ask(const std::string& method, const std::string& path,
                                  const std::string& body, int most_tries) {
  return send({.method = method, .target = path, .body = body, .content_type = "application/json"},
              most_tries > 0 ? most_tries : options_.most_tries);
}

http::ClientResponse Cluster::require(const std::string& method, const std::string& path,
                                      const std::string& body, bool may_be_missing) {
  http::ClientResponse answer = ask(method, path, body);
  if (answer.status < 300 || (answer.status == 404 && may_be_missing)) return answer;
  throw TargetUnavailable(fmt::format("{} {} on {}: {} {}", method, path, client_.server(),
                                      answer.status, words_of(answer)));
}

std::vector<BulkOutcome> Cluster::bulk(const std::string& path,
                                       std::span<const BulkAction> actions) {
  std::vector<BulkOutcome> outcomes(actions.size());
  std::vector<std::size_t> left(actions.size());
  for (std::size_t at = 0; at < left.size(); ++at) left[at] = at;
  int tries = 0;
  while (!left.empty()) {  // Ends: each round does some, or is one of few tries that do none.
    const std::size_t most = statistics().bulk_bytes;
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < left.size() && (count == 0 || bytes < most)) {
      bytes += actions[left[count++]].lines.size();
    }
    const std::vector<std::size_t> piece(left.begin(),
                                         left.begin() + static_cast<std::ptrdiff_t>(count));
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    const std::vector<std::size_t> refused = bulk_once(path, actions, piece, outcomes);
    if (refused.empty()) {
      tries = 0;
      note_room();
      continue;
    }
    left.insert(left.begin(), refused.begin(), refused.end());
    if (refused.size() < piece.size()) tries = 0;
    note_pushback();
    if (++tries >= options_.most_tries) {
      throw TargetUnavailable(fmt::format("{}: it has no room for {} documents: {}",
                                          client_.server(), left.size(),
                                          outcomes[refused.front()].reason));
    }
    pause(tries, nullptr);
  }
  return outcomes;
}

/// Gives those that the cluster had no room for.
std::vector<std::size_t> Cluster::bulk_once(const std::string& path,
                                            std::span<const BulkAction> actions,
                                            std::span<const std::size_t> which,
                                            std::vector<BulkOutcome>& outcomes) {
  http::ClientRequest request{
      .method = "POST", .target = path, .body = {}, .content_type = "application/x-ndjson"};
  for (const std::size_t each : which) request.body += actions[each].lines;
  const http::ClientResponse answer = send(request, options_.most_tries);
  if (answer.status == 413 && which.size() > 1) return {which.begin(), which.end()};
  if (answer.status >= 300) {
    throw TargetUnavailable(fmt::format("POST {} on {}: {} {}", path, client_.server(),
                                        answer.status, words_of(answer)));
  }
  const auto json = base::JsonDocument::parse(answer.body);
  const auto items = json ? json->root().find("items") : std::nullopt;
  if (!items || items->size() != which.size()) {
    throw TargetUnavailable(
        fmt::format("{}: its answer to a bulk request has not the outcome of "
                    "each of its {} actions",
                    client_.server(), which.size()));
  }
  std::vector<std::size_t> refused;
  for (std::size_t at = 0; at < which.size(); ++at) {
    outcomes[which[at]] = outcome_of(items->element(at));
    if (is_busy(outcomes[which[at]].status)) refused.push_back(which[at]);
  }
  return refused;
}

}  // namespace hornbeam::denorm
