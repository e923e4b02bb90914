#include "docs/examples/forms/app.h"

#include <algorithm>

namespace members {

namespace web = hornbeam::web;

namespace {

// [page]
std::string join_page(const web::Request& request, const web::FormView& form) {
  return "<!doctype html>\n<html lang=\"en\">\n<title>Join</title>\n<main>\n<h1>Join</h1>\n"
         "<form method=\"post\" action=\"/join\" novalidate>\n" +
         web::csrf_field(request) + web::form_errors_html(form) +
         web::field_html(form["name"], {.label = "Name", .autocomplete = "username"}) +
         web::field_html(form["mail"], {.label = "E-mail", .autocomplete = "email"}) +
         web::field_html(form["password"], {.label = "Password", .hint = "10 characters or more"}) +
         web::field_html(form["born"], {.label = "Year of birth"}) +
         web::field_html(form["plan"], {.label = "Plan"}) +
         "<button>Join</button>\n</form>\n</main>\n</html>\n";
}
// [/page]

}  // namespace

bool Club::add(const Join& join) {
  const std::lock_guard lock(mutex_);
  const auto is_same = [&join](const Member& each) { return each.name == join.name; };
  if (std::ranges::any_of(members_, is_same)) return false;
  members_.push_back({join.name, join.plan});
  return true;
}

std::optional<Member> Club::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto is_meant = [name](const Member& each) { return each.name == name; };
  const auto found = std::ranges::find_if(members_, is_meant);
  return found == members_.end() ? std::nullopt : std::optional(*found);
}

Club::Club() {
  app.settings().session.secret_key = "only for this example, which keeps nothing";

  // [form]
  app.get("/join",
          [](const web::Request& request) {
            return web::html(join_page(request, web::FormState<Join>()));
          })
      .undocumented();
  app.post("/join",
           [this](const web::Request& request, web::Submitted<Join> form) {
             if (form.is_valid() && !add(*form)) form.state().add_error("name", "it is taken");
             if (!form.is_valid()) return web::html(join_page(request, form.state()), 422);
             return web::redirect("/members/" + form->plan, 303);
           })
      .undocumented();
  // [/form]
  app.get("/members/{plan}",
          [](std::string_view plan) { return "You are a " + std::string(plan) + " now."; })
      .undocumented();

  // [api]
  app.post("/api/members",
           [this](web::Body<Join> join) {
             if (!add(*join)) throw web::conflict("There is a member of that name.");
             return web::status(201, Member{join->name, join->plan});
           })
      .summary("Adds a member")
      .answers<Member>(201, "The member was added")
      .answers(409, "The name is taken");
  app.get("/api/members/{name}", [this](std::string_view name) { return find(name); })
      .summary("One member");
  app.post("/api/payments",
           [](web::Body<Payment> payment) { return payment->amount > 100 ? "later" : "paid"; })
      .summary("Pays");
  app.use(web::OpenApi{.title = "Members", .version = "1.0"});
  // [/api]
}

}  // namespace members
