#include "docs/examples/first_app/app.h"

#include <gtest/gtest.h>

#include "hornbeam/testing.h"

namespace garden {
namespace {

using hornbeam::web::TestClient;
using hornbeam::web::with_json;

// [fixture]
/// A garden in memory, new for each test, and a client that needs no socket.
class GardenTest : public testing::Test {
 protected:
  static hornbeam::web::Config in_memory() {
    hornbeam::web::Config config;
    config.set_default("database.url", "sqlite://");
    config.set_default("folder", FIRST_APP_FOLDER);
    return config;
  }

  Garden garden{in_memory()};
  TestClient client{garden.app};
};

TEST_F(GardenTest, FindsWhatWasPlanted) {
  client.post("/plants", with_json(NewPlant{.name = "Yew", .bed = 3}))
      .expect_status(201)
      .expect_json(Plant{.id = 1, .name = "Yew", .bed = 3});
  client.get("/plants/1").expect_json(Plant{.id = 1, .name = "Yew", .bed = 3});
  client.get("/plants/2").expect_status(404);
}
// [/fixture]

TEST_F(GardenTest, ListsABedInTheOrderOfNames) {
  for (const char* const name : {"Yew", "Hornbeam"}) {
    client.post("/plants", with_json(NewPlant{.name = name, .bed = 3})).expect_status(201);
  }
  client.post("/plants", with_json(NewPlant{.name = "Elder", .bed = 4})).expect_status(201);
  client.get("/beds/3/plants")
      .expect_json(std::vector<Plant>{{.id = 2, .name = "Hornbeam", .bed = 3},
                                      {.id = 1, .name = "Yew", .bed = 3}});
  client.get("/beds/south/plants").expect_status(404);
}

TEST_F(GardenTest, ReportsEveryFieldThatIsWrong) {
  client.post("/plants", with_json(R"({"name":"","bed":99})"))
      .expect_status(422)
      .expect_body_contains("#/name")
      .expect_body_contains("#/bed");
}

TEST_F(GardenTest, RefusesAPlantThatIsThereAlready) {
  const auto yew = with_json(NewPlant{.name = "Yew", .bed = 3});
  client.post("/plants", yew).expect_status(201);
  client.post("/plants", yew).expect_status(409).expect_body_contains("stands in that bed already");
}

// [watch]
TEST_F(GardenTest, TellsEveryoneWhatWasPlanted) {
  auto one = client.socket("/watch");
  auto other = client.socket("/watch");
  client.post("/plants", with_json(NewPlant{.name = "Yew", .bed = 3})).expect_status(201);
  EXPECT_EQ(one.receive_json<Plant>().name, "Yew");
  EXPECT_EQ(other.receive_json<Plant>().name, "Yew");
}
// [/watch]

TEST_F(GardenTest, ForgetsAWatcherWhoLeft) {
  client.socket("/watch").close();
  client.post("/plants", with_json(NewPlant{.name = "Yew", .bed = 3})).expect_status(201);
}

TEST_F(GardenTest, ServesItsPage) {
  client.get("/", hornbeam::web::follow_redirects())
      .expect_status(200)
      .expect_header("Content-Type", "text/html; charset=utf-8")
      .expect_body_contains("<title>The garden</title>");
  client.get("/static/garden.js").expect_status(200);
  client.get("/static/garden.css").expect_status(200);
}

}  // namespace
}  // namespace garden
