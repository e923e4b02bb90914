#include "hornbeam/web/flash.h"

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {
namespace {

std::string all_of(const std::vector<FlashMessage>& messages) {
  std::string text;
  for (const FlashMessage& each : messages) text += each.category + ":" + each.text + ";";
  return text;
}

App make_app() {
  App app;
  app.settings().session.secret_key = "0123456789abcdef";
  app.post("/flash/{text}", [](const std::string& text, Session& session) {
    flash(session, text);
    flash(session, text + "!", "error");
    return redirect("/show");
  });
  app.get("/show",
          [](const Request& request) { return all_of(get_flashed_messages(request)) + "."; });
  app.get("/twice", [](const Request& request) {
    return all_of(get_flashed_messages(request, {"error"})) + "|" +
           all_of(get_flashed_messages(request)) + ".";
  });
  app.get("/both", [](const Request& request) {
    const std::string before = all_of(get_flashed_messages(request));
    flash(request, "next");
    return before + "|" + all_of(get_flashed_messages(request)) + ".";
  });
  return app;
}

TEST(Flash, IsShownOnceByTheNextPage) {
  App app = make_app();
  TestClient client(app);
  client.post("/flash/saved", follow_redirects()).expect_body("message:saved;error:saved!;.");
  client.get("/show").expect_body(".");
}

TEST(Flash, OneRequestMayReadRepeatedlyAndByCategory) {
  App app = make_app();
  TestClient client(app);
  client.post("/flash/saved");
  client.get("/twice").expect_body("error:saved!;|message:saved;error:saved!;.");
  client.get("/twice").expect_body("|.");
}

TEST(Flash, MessagesAddUpUntilSomebodyLooks) {
  App app = make_app();
  TestClient client(app);
  client.post("/flash/a");
  client.post("/flash/b");
  client.get("/show").expect_body("message:a;error:a!;message:b;error:b!;.");
}

TEST(Flash, WhatIsSaidAfterReadingIsForTheNextRequest) {
  App app = make_app();
  TestClient client(app);
  client.post("/flash/a");
  client.get("/both").expect_body("message:a;error:a!;|message:a;error:a!;.");
  client.get("/show").expect_body("message:next;.");
}

TEST(Flash, TravelsAsFlasksTuples) {
  Session session;
  flash(session, "two \"words\"", "info");
  EXPECT_EQ(session.to_json(), R"({"_flashes":[{" t":["info","two \"words\""]}]})");
}

}  // namespace
}  // namespace hornbeam::web
