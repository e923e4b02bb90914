#include "hornbeam/web/form_state.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

struct Preferences {
  bool is_told = true;
};
constexpr auto describe(Type<Preferences>) {
  return fields(field("told", &Preferences::is_told, or_default));
}

TEST(FormState, ABoxThatIsTickedByDefaultCanBeLeftOut) {
  App app;
  app.get("/",
          [] { return html(field_html(FormState<Preferences>()["told"], {.label = "Tell me"})); });
  app.post("/", [](Submitted<Preferences> form) { return form->is_told ? "told" : "left alone"; });
  TestClient client(app);
  client.get("/").expect_body_contains("checked");
  client.post("/", with_form({{"told", "true"}})).expect_body("told");
  client.post("/", with_body("", "application/x-www-form-urlencoded")).expect_body("left alone");
}

struct Join {
  std::string name;
  std::string mail;
  std::string password;
  std::string pin;
  std::optional<int> age;
  std::string plan = "small";
  bool is_news = false;
  std::vector<std::string> tags;
};
constexpr auto describe(base::Type<Join>) {
  using namespace base;
  return fields(field("name", &Join::name, length(2, 20)), field("mail", &Join::mail, email),
                field("password", &Join::password, length(8)), field("pin", &Join::pin, secret),
                field("age", &Join::age, range(18, 120)),
                field("plan", &Join::plan, or_default, one_of("small", "large")),
                field("news", &Join::is_news, or_default), field("tags", &Join::tags, length(0, 3)))
      .check([](const Join& join) { return join.name != join.password; },
             "the password must not be the name", "password")
      .check([](const Join& join) { return join.plan != "large" || join.age; },
             "the large plan is for those who tell their age");
}

std::string page(const Request& request, const FormView& form) {
  return "<form method=\"post\" action=\"/join\">" + csrf_field(request) + form_errors_html(form) +
         field_html(form["name"], {.label = "Name", .autocomplete = "username"}) +
         field_html(form["mail"], {.label = "E-mail", .hint = "Nobody else <sees> it"}) +
         field_html(form["password"], {.label = "Password"}) +
         field_html(form["age"], {.label = "Age"}) + field_html(form["plan"], {.label = "Plan"}) +
         field_html(form["news"], {.label = "News"}) + field_html(form["tags"], {.label = "Tags"}) +
         "</form>";
}

App make_app() {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  app.get("/join", [](const Request& request) { return html(page(request, FormState<Join>())); });
  app.post("/join", [](const Request& request, Submitted<Join> form) {
    if (form.is_valid() && form->name == "ada") form.state().add_error("name", "it is taken");
    if (!form.is_valid()) return html(page(request, form.state()), 422);
    return redirect("/welcome/" + form->name, 303);
  });
  return app;
}

using Sent = std::vector<std::pair<std::string, std::string>>;
const Sent kGood{{"name", "Grace"},
                 {"mail", "grace@example.org"},
                 {"password", "12345678"},
                 {"pin", "4711"},
                 {"age", ""},
                 {"tags", "a"},
                 {"csrf_token", "x"}};

/// `kGood` with some values exchanged.
Sent changed(const Sent& changes) {
  Sent sent = kGood;
  for (const auto& [name, value] : changes) {
    std::erase_if(sent, [&name](const auto& each) { return each.first == name; });
    sent.emplace_back(name, value);
  }
  return sent;
}

TEST(FormState, IsShownEmptyAtFirst) {
  App app = make_app();
  TestClient client(app);
  client.get("/join")
      .expect_status(200)
      .expect_body_contains(
          "<label for=\"form-name\">Name</label>\n"
          "<input type=\"text\" id=\"form-name\" name=\"name\" "
          "autocomplete=\"username\" required value=\"\" maxlength=\"20\" "
          "minlength=\"2\">\n</div>")
      .expect_body_contains("aria-describedby=\"form-mail-hint\"")
      .expect_body_contains(
          "<p class=\"hint\" id=\"form-mail-hint\">Nobody else &lt;sees&gt; it</p>")
      .expect_body_contains(
          "<input type=\"number\" id=\"form-age\" name=\"age\" value=\"\" "
          "max=\"120\" min=\"18\" step=\"1\">")
      .expect_body_contains("<option selected>small</option>\n<option>large</option>")
      .expect_body_contains(
          "<input type=\"checkbox\" id=\"form-news\" name=\"news\" value=\"true\">");
}

TEST(FormState, ShowsWhatWasTypedAndWhatIsWrongBesideIt) {
  App app = make_app();
  TestClient client(app);
  const auto answer = client.post("/join", with_form(changed({{"name", "<b>\"x&"},
                                                              {"mail", "nobody"},
                                                              {"age", "ten"},
                                                              {"plan", "large"},
                                                              {"news", "true"}})));
  answer.expect_status(422);
  // What was typed is escaped, and stands where it stood.
  answer.expect_body_contains("value=\"&lt;b&gt;&#34;x&amp;\"")
      .expect_body_contains(
          "<input type=\"email\" id=\"form-mail\" name=\"mail\" required "
          "aria-invalid=\"true\" "
          "aria-describedby=\"form-mail-hint form-mail-error\" value=\"nobody\">")
      .expect_body_contains("<ul class=\"errors\" id=\"form-age-error\">\n<li>expected int</li>")
      .expect_body_contains("value=\"ten\"")
      .expect_body_contains("<option selected>large</option>")
      .expect_body_contains("name=\"news\" value=\"true\" checked>");
  EXPECT_EQ(answer.body().find("<b>"), std::string::npos);
  EXPECT_EQ(answer.body().find("form-name-error"), std::string::npos);
}

TEST(FormState, NeverShowsSecretsAgain) {
  App app = make_app();
  TestClient client(app);
  const auto answer =
      client.post("/join", with_form(changed({{"password", "short"}, {"pin", "0815"}})));
  answer.expect_status(422)
      .expect_body_contains(
          "<input type=\"password\" id=\"form-password\" name=\"password\" "
          "required aria-invalid=\"true\" "
          "aria-describedby=\"form-password-error\" minlength=\"8\">")
      .expect_body_contains("length of value must be at least 8");
  EXPECT_EQ(answer.body().find("short"), std::string::npos);
  Arguments arguments;
  arguments.add("pin", "0815");
  arguments.add("password", "short");
  const std::string json = base::to_json(FormState<Join>(arguments, {}));
  EXPECT_EQ(json.find("0815"), std::string::npos);
  EXPECT_EQ(json.find("short"), std::string::npos);
  Join known;
  known.password = "12345678";
  EXPECT_EQ(base::to_json(FormState<Join>(known)).find("12345678"), std::string::npos);
}

TEST(FormState, TellsErrorsOfChecksAndOfTheHandler) {
  App app = make_app();
  TestClient client(app);
  client.post("/join", with_form(changed({{"plan", "large"}})))
      .expect_status(422)
      .expect_body_contains(
          "<ul class=\"errors\" role=\"alert\">\n"
          "<li>the large plan is for those who tell their age</li>");
  client.post("/join", with_form(changed({{"name", "12345678"}})))
      .expect_status(422)
      .expect_body_contains(
          "id=\"form-password-error\">\n"
          "<li>the password must not be the name</li>");
  client.post("/join", with_form(changed({{"name", "ada"}})))
      .expect_status(422)
      .expect_body_contains("id=\"form-name-error\">\n<li>it is taken</li>");
  client.post("/join", with_form(kGood)).expect_status(303);
  client.post("/join", with_body("{}", "application/json")).expect_status(415);
}

TEST(FormState, WorksWithTheCsrfToken) {
  App app = make_app();
  TestClient client(app, {.checks_csrf = true});
  const auto token_in = [](const TestResponse& page) {
    constexpr std::string_view kBefore = "name=\"csrf_token\" value=\"";
    const std::size_t begin = page.body().find(kBefore) + kBefore.size();
    return page.body().substr(begin, page.body().find('"', begin) - begin);
  };
  const std::string first = token_in(client.get("/join"));
  client.post("/join", with_form(kGood)).expect_status(403);
  // The form that is shown again carries a token that is good, too.
  const auto again =
      client.post("/join", with_form(changed({{"mail", "x"}, {"csrf_token", first}})));
  again.expect_status(422);
  client.post("/join", with_form(changed({{"csrf_token", token_in(again)}}))).expect_status(303);
}

TEST(FormState, KeepsEveryValueOfAList) {
  Arguments arguments;
  for (const char* tag : {"a", "b<", "c", "d"}) arguments.add("tags", tag);
  Join join;
  const base::Problems problems = read_arguments(arguments, join);
  const FormState<Join> form(arguments, problems);
  EXPECT_EQ(form["tags"].values, (std::vector<std::string>{"a", "b<", "c", "d"}));
  EXPECT_EQ(form["tags"].error(), "length of value must be at most 3");
  EXPECT_EQ(form.errors_of("name"), std::vector<std::string>{"required key not provided"});
  EXPECT_TRUE(form.errors_of("nothing").empty());
  const std::string markup = field_html(form["tags"], {.label = "Tags"});
  EXPECT_NE(markup.find("id=\"form-tags-2\" name=\"tags\""), std::string::npos) << markup;
  EXPECT_NE(markup.find("value=\"b&lt;\""), std::string::npos) << markup;
}

TEST(FormState, NamesTheFieldsThereAre) {
  const FormState<Join> form;
  EXPECT_FALSE(form.is_submitted());
  EXPECT_FALSE(form.has_errors());
  try {
    static_cast<void>(form["e-mail"]);
    FAIL();
  } catch (const std::out_of_range& failure) {
    EXPECT_STREQ(failure.what(),
                 "the form has no field 'e-mail'. Mend: ask for one of age, mail, name, news, "
                 "password, pin, plan, tags");
  }
}

TEST(FormState, ShowsAValueToBeChanged) {
  Join known;
  known.name = "Grace";
  known.age = 30;
  known.is_news = true;
  known.plan = "large";
  known.tags = {"x", "y"};
  const FormState<Join> form(known);
  EXPECT_EQ(form["name"].value, "Grace");
  EXPECT_EQ(form["age"].value, "30");
  EXPECT_EQ(form["news"].value, "true");
  EXPECT_EQ(form["plan"].value, "large");
  EXPECT_EQ(form["tags"].values, (std::vector<std::string>{"x", "y"}));
}

}  // namespace
}  // namespace hornbeam::web
