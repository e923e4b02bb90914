// A form's state as a template shows it, each value and error beside its field.

#include <gtest/gtest.h>

#include "hornbeam/templates.h"
#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam {
namespace {

struct Post {
  std::string title;
  std::string mail;
  std::string password;
};
constexpr auto describe(base::Type<Post>) {
  using namespace base;
  return fields(field("title", &Post::title, length(3, 20)), field("mail", &Post::mail, email),
                field("password", &Post::password, secret, length(4)))
      .check([](const Post& post) { return post.title != "spam"; }, "no <spam>");
}

constexpr std::string_view kTemplate = R"({% macro input(field, label) -%}
<label for="{{ field.id }}">{{ label }}</label>
<input type="{{ field.type }}" id="{{ field.id }}" name="{{ field.name }}" value="{{ field.value }}"
{%- if field.errors %} aria-invalid="true" aria-describedby="{{ field.id }}-error"{% endif %}
{%- for name, limit in field.limits.items() %} {{ name }}="{{ limit }}"{% endfor %}>
{%- for error in field.errors %}<p id="{{ field.id }}-error">{{ error }}</p>{% endfor %}
{%- endmacro -%}
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token }}">
{%- for error in form.errors %}<p role="alert">{{ error }}</p>{% endfor %}
{{ input(form.fields.title, "Title") }}
{{ input(form.fields.mail, "E-mail") }}
{{ input(form.fields.password, "Password") }}</form>)";

web::App make_app() {
  web::App app;
  app.settings().session.secret_key = "0123456789abcdef";
  const auto page = [](const web::Request& request, const web::FormState<Post>& form, int status) {
    const templates::Environment environment;
    return web::html(environment.render_text(kTemplate, {{"form", templates::from(form)},
                                                         {"csrf_token", web::csrf_token(request)}}),
                     status);
  };
  app.get("/", [page](const web::Request& request) { return page(request, {}, 200); });
  app.post("/", [page](const web::Request& request, web::Submitted<Post> form) {
    return form.is_valid() ? web::redirect("/", 303) : page(request, form.state(), 422);
  });
  return app;
}

TEST(FormTemplates, ShowValuesAndErrorsBesideTheirFields) {
  web::App app = make_app();
  web::TestClient client(app);
  client.get("/").expect_status(200).expect_body_contains(
      "<input type=\"text\" id=\"form-title\" name=\"title\" value=\"\" maxlength=\"20\" "
      "minlength=\"3\">\n");
  client.post("/", web::with_form({{"title", "\"<"}, {"mail", "x"}, {"password", "abc"}}))
      .expect_status(422)
      .expect_body_contains(
          "name=\"title\" value=\"&#34;&lt;\" aria-invalid=\"true\" "
          "aria-describedby=\"form-title-error\" maxlength=\"20\"")
      .expect_body_contains("<p id=\"form-mail-error\">expected an email address</p>")
      .expect_body_contains(
          "<input type=\"password\" id=\"form-password\" name=\"password\" "
          "value=\"\" aria-invalid=\"true\"");
}

TEST(FormTemplates, ShowErrorsOfTheWholeFormEscaped) {
  web::App app = make_app();
  web::TestClient client(app);
  client.post("/", web::with_form({{"title", "spam"}, {"mail", "a@b.org"}, {"password", "abcd"}}))
      .expect_status(422)
      .expect_body_contains("<p role=\"alert\">no &lt;spam&gt;</p>");
}

TEST(FormTemplates, CarryTheCsrfToken) {
  web::App app = make_app();
  web::TestClient client(app, {.checks_csrf = true});
  const std::string page = client.get("/").body();
  constexpr std::string_view kBefore = "name=\"csrf_token\" value=\"";
  const std::size_t begin = page.find(kBefore) + kBefore.size();
  const std::string token = page.substr(begin, page.find('"', begin) - begin);
  const auto form = [](const std::string& text) {
    return web::with_form(
        {{"title", "Tea"}, {"mail", "a@b.org"}, {"password", "abcd"}, {"csrf_token", text}});
  };
  client.post("/", form("x")).expect_status(403);
  client.post("/", form(token)).expect_status(303);
}

}  // namespace
}  // namespace hornbeam
