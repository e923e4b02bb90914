#include "hornbeam/live/room.h"

#include <algorithm>

namespace hornbeam::live {
namespace {

/// With more members than this, comings and goings are told a few times a second at most: each
/// would otherwise be a message to everyone.
constexpr std::size_t kSmallRoom = 32;

/// Sends to those who watch what is encoded once for all of them.
class Broadcast {
 public:
  template <class Encode>
  void send(Client& client, Encode encode) {
    if (!message_) message_.emplace(encode());
    client.send_shared(*message_);
  }

 private:
  std::optional<SharedMessage> message_;
};

}  // namespace

void Room::deliver(Event event) {
  const auto phase = record_.phase();
  record_.apply(std::move(event));
  last_seq_.store(record_.last_seq(), std::memory_order_relaxed);
  note_flag();
  const Event& applied = record_.events().back();
  switch (applied.kind) {
    case EventKind::kJoin:
      if (phase != record_.phase()) tell_start();
      break;
    case EventKind::kMove:
      tell_turn(applied);
      break;
    case EventKind::kOfferRematch:
    case EventKind::kRematch:
      tell_extended(rematch_message(record_));
      break;
    case EventKind::kOfferDraw:
    case EventKind::kDeclineDraw:
    case EventKind::kOfferUndo:
    case EventKind::kDeclineUndo:
    case EventKind::kUndo:
      tell_extended(offer_message(record_, applied));
      break;
    case EventKind::kCreate:
    case EventKind::kResign:
    case EventKind::kAbort:
    case EventKind::kDraw:
    case EventKind::kFlag:
      break;
    case EventKind::kExcuse:
      tell_extended(clocks_message(record_));
      break;
  }
  if (phase != record_.phase() && record_.phase() == GameRecord::Phase::kOver) {
    owes_counting_ = std::ranges::any_of(
        cards_, [](const std::optional<PlayerCard>& card) { return card.has_value(); });
    tell_end();
  }
}

void Room::note_flag() {
  const auto due = record_.clock() ? record_.clock()->flag_at() : std::nullopt;
  flag_at_.store(due.value_or(kNoFlag).time_since_epoch().count(), std::memory_order_relaxed);
}

void Room::tell_start() {
  Broadcast to_watchers;
  for (Member& member : members_) {
    const auto encode = [&] {
      return paired_message(record_, member.audience, member.new_token, cards_);
    };
    if (!member.audience.seat) {
      to_watchers.send(*member.client, encode);
      continue;
    }
    member.client->send(encode());
    member.client->send(turn_message(record_, member.audience, nullptr));
    member.new_token.clear();
  }
}

void Room::tell_turn(const Event& move) {
  // The mover first: theirs is also the acknowledgement.
  Broadcast to_watchers;
  for (const bool is_to_mover : {true, false}) {
    for (const Member& member : members_) {
      const auto& seat = member.audience.seat;
      if ((seat && seat == move.seat) != is_to_mover) continue;
      const auto encode = [&] { return turn_message(record_, member.audience, &move); };
      if (seat) {
        member.client->send(encode());
      } else {
        to_watchers.send(*member.client, encode);
      }
    }
  }
}

void Room::tell_end() {
  Broadcast to_watchers;
  for (const Member& member : members_) {
    const auto encode = [&] { return end_message(record_, member.audience); };
    if (member.audience.seat) {
      member.client->send(encode());
    } else {
      to_watchers.send(*member.client, encode);
    }
  }
}

void Room::tell_players() {
  tell_extended(players_message(record_, cards_));
}

void Room::deliver_chat(const std::vector<ChatLine>& lines) {
  if (lines.empty()) return;
  tell_extended(chat_message(record_, lines));
  chat_.insert(chat_.end(), lines.begin(), lines.end());
  if (chat_.size() > kMostChatLines) {
    const auto surplus = static_cast<std::ptrdiff_t>(chat_.size() - kMostChatLines);
    chat_.erase(chat_.begin(), chat_.begin() + surplus);
  }
}

void Room::tell_extended(const std::string& text) {
  const SharedMessage message(text);
  for (const Member& member : members_) {
    if (member.audience.is_extended) member.client->send_shared(message);
  }
}

void Room::enter(Member member) {
  leave(*member.client);
  const auto same_seat = std::ranges::find_if(members_, [&](const Member& each) {
    return member.audience.seat && each.audience.seat == member.audience.seat;
  });
  if (same_seat == members_.end()) {
    members_.push_back(std::move(member));
    return;
  }
  std::swap(*same_seat, member);
  member.client->close(kSeatTakenOver, "This seat is played from another window");
}

bool Room::leave(const Client& client) {
  return std::erase_if(members_, [&](const Member& each) { return each.client.get() == &client; }) >
         0;
}

Member* Room::find(const Client& client) noexcept {
  const auto found =
      std::ranges::find(members_, &client, [](const Member& each) { return each.client.get(); });
  return found == members_.end() ? nullptr : &*found;
}

Presence Room::presence() const {
  Presence presence;
  for (const Seat seat : {Seat::kFirst, Seat::kSecond}) {
    const auto& occupant = record_.occupant(seat);
    presence.seats[index_of(seat)] = occupant && occupant->is_bot();
  }
  for (const Member& member : members_) {
    if (member.audience.seat) {
      presence.seats[index_of(*member.audience.seat)] = true;
    } else {
      ++presence.watchers;
    }
  }
  return presence;
}

bool Room::spend(Seat seat, int cost, CreditOptions options, EventTime now) {
  auto& credits = credits_[index_of(seat)];
  if (!credits) credits.emplace(options, now);
  return credits->spend(cost, options, now);
}

void Room::announce_presence() {
  owes_presence_ = true;
  if (members_.size() <= kSmallRoom) flush_presence();
}

void Room::flush_presence() {
  if (!owes_presence_.exchange(false)) return;
  const auto is_extended = [](const Member& member) { return member.audience.is_extended; };
  if (std::ranges::none_of(members_, is_extended)) return;
  tell_extended(presence_message(record_, presence()));
}

}  // namespace hornbeam::live
