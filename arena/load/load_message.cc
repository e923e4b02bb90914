#include "arena/load/load_message.h"

#include <optional>

#include "hornbeam/web.h"

namespace arena {
namespace {

namespace base = hornbeam::base;

std::string text_of(const std::optional<base::JsonView>& value) {
  const auto text = value ? value->find_string() : std::nullopt;
  return std::string(text.value_or(""));
}

std::int64_t number_of(const std::optional<base::JsonView>& value, std::int64_t otherwise) {
  return value ? value->find_int().value_or(otherwise) : otherwise;
}

char first_of(const std::string& text) {
  return text.empty() ? ' ' : text.front();
}

}  // namespace

LoadMessage::LoadMessage(std::string_view text) {
  const auto document = base::JsonDocument::parse(text);
  if (!document) return;
  action = text_of(document->root().find("action"));
  const auto data = document->root().find("data");
  if (!data) return;
  token = text_of(data->find("token"));
  board = text_of(data->find("board"));
  command_id = text_of(data->find("cid"));
  code = text_of(data->find("code"));
  move = text_of(data->find("move"));
  game = number_of(data->find("game_id"), -1);
  seq = number_of(data->find("seq"), -1);
  you = first_of(text_of(data->find("you")));
  turn = first_of(text_of(data->find("turn")));
  by = first_of(text_of(data->find("by")));
  is_over = action == "end" || text_of(data->find("phase")) == "over";
  const auto events = data->find("events");
  for (std::size_t i = 0; events && i < events->size(); ++i) {
    const base::JsonView event = events->element(i);
    const std::int64_t number = number_of(event.find("seq"), -1);
    if (i == 0) first_event = number;
    const std::string where = text_of(event.find("move"));
    if (!where.empty()) moves.push_back({number, {first_of(text_of(event.find("by"))), where}});
  }
}

}  // namespace arena
