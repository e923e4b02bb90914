// A club's members: a form for people, an API for programs, and one description for both.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hornbeam/web.h"

namespace members {

// [join]
struct Join {
  std::string name;
  std::string mail;
  std::string password;
  std::optional<int> born;
  std::string plan = "guest";
};
constexpr auto describe(hornbeam::Type<Join>) {
  using namespace hornbeam::base;
  return fields(field("name", &Join::name, length(2, 40), about("As others see it")),
                field("mail", &Join::mail, email),
                field("password", &Join::password, secret, length(10)),
                field("born", &Join::born, range(1900, 2020)),
                field("plan", &Join::plan, or_default, one_of("guest", "member")))
      .check([](const Join& join) { return join.plan != "member" || join.born; },
             "members say when they were born", "born");
}
// [/join]

// [unions]
struct ByCard {
  std::string card;
};
constexpr auto describe(hornbeam::Type<ByCard>) {
  using namespace hornbeam::base;
  return fields(field("card", &ByCard::card, pattern("[0-9]{16}")));
}

struct ByTransfer {
  std::string iban;
};
constexpr auto describe(hornbeam::Type<ByTransfer>) {
  using namespace hornbeam::base;
  return fields(field("iban", &ByTransfer::iban, length(15, 34)));
}

struct Payment {
  double amount = 0;
  std::variant<ByCard, ByTransfer> way;
};
constexpr auto describe(hornbeam::Type<Payment>) {
  using namespace hornbeam::base;
  return fields(field("amount", &Payment::amount, above(0.0)), field("way", &Payment::way));
}
// [/unions]

struct Member {
  std::string name;
  std::string plan;
};
constexpr auto describe(hornbeam::Type<Member>) {
  using namespace hornbeam::base;
  return fields(field("name", &Member::name), field("plan", &Member::plan));
}

/// The members, in memory.
class Club {
 public:
  Club();
  hornbeam::web::App app;

 private:
  bool add(const Join& join);
  std::optional<Member> find(std::string_view name) const;

  mutable std::mutex mutex_;
  std::vector<Member> members_;
};

}  // namespace members
