#include "hornbeam/web/flash.h"

#include <algorithm>

#include "hornbeam/base/json_write.h"
#include "hornbeam/web/request.h"
#include "hornbeam/web/session.h"

namespace hornbeam::web {

namespace {

constexpr std::string_view kFlashes = "_flashes";

/// What this request has taken out of its session.
struct Taken {
  bool is_taken = false;
  std::vector<FlashMessage> messages;
};

std::vector<FlashMessage> read_messages(const Session& session) {
  std::vector<FlashMessage> messages;
  const auto pairs = session.find<std::vector<std::vector<std::string>>>(kFlashes);
  if (!pairs) return messages;
  for (const auto& pair : *pairs) {
    if (pair.size() == 2) messages.push_back({pair[0], pair[1]});
  }
  return messages;
}

}  // namespace

void flash(Session& session, std::string_view text, std::string_view category) {
  std::string json = "[";
  const auto append = [&json](std::string_view kind, std::string_view words) {
    if (json.size() > 1) json += ',';
    json += R"({" t":[)";
    base::append_json_string(json, kind);
    json += ',';
    base::append_json_string(json, words);
    json += "]}";
  };
  for (const FlashMessage& each : read_messages(session)) append(each.category, each.text);
  append(category, text);
  session.set_tagged(kFlashes, json + "]");
}

void flash(const Request& request, std::string_view text, std::string_view category) {
  flash(request.session(), text, category);
}

std::vector<FlashMessage> get_flashed_messages(const Request& request,
                                               const std::vector<std::string>& categories) {
  auto& [is_taken, messages] = request.local<Taken>();
  if (!is_taken) {
    messages = read_messages(request.session());
    request.session().erase(kFlashes);
    is_taken = true;
  }
  if (categories.empty()) return messages;
  std::vector<FlashMessage> chosen;
  std::ranges::copy_if(messages, std::back_inserter(chosen), [&](const FlashMessage& each) {
    return std::ranges::find(categories, each.category) != categories.end();
  });
  return chosen;
}

}  // namespace hornbeam::web
