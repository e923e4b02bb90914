#include "docs/examples/forms/app.h"

#include <gtest/gtest.h>

#include "hornbeam/testing.h"

namespace members {
namespace {

using hornbeam::web::TestClient;
using hornbeam::web::with_form;
using hornbeam::web::with_json;

// [form_test]
TEST(Members, AFormComesBackWithWhatIsWrong) {
  Club club;
  TestClient client(club.app);
  client.post("/join", with_form({{"name", "A"}, {"mail", "a@example.org"}, {"password", "x"}}))
      .expect_status(422)
      .expect_body_contains("length of value must be at least 2")
      .expect_body_contains("value=\"a@example.org\"");
}
// [/form_test]

TEST(Members, AFormThatIsFineLeadsOn) {
  Club club;
  TestClient client(club.app);
  const auto form =
      with_form({{"name", "Ada"}, {"mail", "a@example.org"}, {"password", "0123456789"}});
  client.get("/join").expect_status(200).expect_body_contains("name=\"csrf_token\"");
  client.post("/join", form).expect_status(303);
  client.post("/join", form).expect_status(422).expect_body_contains("<li>it is taken</li>");
  client.get("/api/members/Ada").expect_body(R"({"name":"Ada","plan":"guest"})");
}

// [api_test]
TEST(Members, TheApiTellsEveryProblem) {
  Club club;
  TestClient client(club.app);
  EXPECT_EQ(client.post("/api/payments", with_json(R"({"amount":0,"way":{"card":"12"}})"))
                .expect_status(422)
                .body(),
            R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
            R"("detail":"2 fields are not as they must be","errors":[)"
            R"({"detail":"value must be higher than 0","pointer":"#/amount"},)"
            R"({"detail":"does not match regular expression [0-9]{16}","pointer":"#/way/card"}]})");
}
// [/api_test]

TEST(Members, TheDocumentTellsOfTheApiOnly) {
  Club club;
  TestClient client(club.app);
  const std::string document = client.get("/openapi.json").expect_status(200).body();
  EXPECT_NE(document.find("\"/api/members/{name}\""), std::string::npos);
  EXPECT_EQ(document.find("\"/join\""), std::string::npos);
  EXPECT_NE(document.find(R"("password":{"type":"string","writeOnly":true,"format":"password",)"
                          R"("minLength":10})"),
            std::string::npos);
  client.get("/docs").expect_status(200).expect_body_contains("The name is taken");
}

}  // namespace
}  // namespace members
