#include "app.h"

#include <gtest/gtest.h>

#include "hornbeam/testing.h"

namespace web = hornbeam::web;

TEST(Application, GreetsOnItsFirstPage) {
  web::Config config;
  config.set_default("greeting", "Welcome");
  Application application(config);
  web::TestClient client(application.app);
  client.get("/").expect_status(200).expect_body_contains("<h1>Welcome, world!</h1>");
  client.get("/static/style.css").expect_status(200);
}

TEST(Application, GreetsInJson) {
  Application application((web::Config()));
  web::TestClient client(application.app);
  client.get("/api/greetings/Ann").expect_body(R"({"greeting":"Hello","name":"Ann"})");
}
