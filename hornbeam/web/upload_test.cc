#include "hornbeam/web/upload.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "hornbeam/web.h"
#include "hornbeam/web/test_client.h"

namespace hornbeam::web {

struct Profile {
  std::string name;
  int age = 0;
};
constexpr auto describe(base::Type<Profile>) {
  return base::fields(base::field("name", &Profile::name), base::field("age", &Profile::age));
}

namespace {

struct Part {
  std::string head;
  std::string data;
};

std::function<void(TestRequest&)> with_parts(const std::vector<Part>& parts) {
  std::string body;
  for (const Part& part : parts) {
    body += "--b0undary\r\nContent-Disposition: form-data; " + part.head + "\r\n\r\n" + part.data +
            "\r\n";
  }
  return with_body(body + "--b0undary--\r\n", "multipart/form-data; boundary=b0undary");
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class UploadTest : public testing::Test {
 protected:
  UploadTest() {
    std::filesystem::create_directory(folder_);
    app_.settings().form.folder = folder_;
    app_.settings().form.memory_file_bytes = 10;
  }
  ~UploadTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_ = testing::TempDir() + "/hornbeam_uploads_" + std::to_string(::getpid());
  App app_;
};

TEST_F(UploadTest, GivesFilesAndFieldsToTheSameHandlerInAnyOrder) {
  app_.post("/", [](Form<Profile> profile, Uploads files, const Request& request) {
    return profile->name + std::to_string(profile->age) + files["picture"].filename() +
           std::to_string(files["picture"].size()) + files["picture"].content_type() +
           files["notes"].read() + std::string(*request.form().find("name"));
  });
  TestClient client(app_);
  const auto form = with_parts(
      {{"name=picture; filename=\"../me.png\"\r\nContent-Type: image/png", std::string(5000, 'p')},
       {"name=name", "Ann"},
       {"name=\"notes\"; filename=n.txt", "short"},
       {"name=age", "41"}});
  client.post("/", form).expect_status(200).expect_body("Ann41../me.png5000image/pngshortAnn");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(UploadTest, ReadsAMultipartFormWithoutFilesWhereAFormIsTaken) {
  app_.post("/", [](Form<Profile> profile) { return profile->name; });
  TestClient client(app_);
  client.post("/", with_parts({{"name=name", "Bo"}, {"name=age", "7"}})).expect_body("Bo");
  client.post("/", with_parts({{"name=name", "Bo"}, {"name=age", "old"}})).expect_status(422);
  client.post("/", with_form({{"name", "Cy"}, {"age", "1"}})).expect_body("Cy");
}

TEST_F(UploadTest, SavesUnderAPlainNameOnly) {
  app_.post("/{name}", [this](std::string name, Upload file) {
    file.save(folder_, name == "safe" ? file.safe_filename() : name == "up" ? "../x" : name);
    return "saved";
  });
  app_.on_error<std::invalid_argument>([](const std::invalid_argument&) { return status(400); });
  TestClient client(app_);
  const std::string large(300'000, 'z');
  const auto form = with_parts({{"name=f; filename=\"../../etc/pass wd\"", large}});
  client.post("/safe", form).expect_status(200);
  EXPECT_EQ(read_file(folder_ + "/pass_wd"), large);
  for (const char* bad : {"/up", "/..%5Cx"}) client.post(bad, form).expect_status(400);
  std::filesystem::create_symlink("/tmp/hornbeam_elsewhere", folder_ + "/link");
  EXPECT_THROW(client.post("/link", form), std::system_error);
  EXPECT_FALSE(std::filesystem::exists("/tmp/hornbeam_elsewhere"));
}

TEST_F(UploadTest, KeepsToItsLimits) {
  app_.settings().form.parts = 3;
  app_.settings().form.field_bytes = 100;
  app_.settings().form.file_bytes = 1000;
  app_.post("/", [](Uploads files) { return std::to_string(files.size()); });
  app_.post("/buffered",
            [](const Request& request) { return std::to_string(request.form().size()); });
  TestClient client(app_);
  const Part file{"name=f; filename=x", "x"};
  client.post("/", with_parts({file, file, file})).expect_body("3");
  client.post("/", with_parts({file, file, file, file})).expect_status(413);
  client.post("/", with_parts({{"name=a", std::string(101, 'a')}})).expect_status(413);
  client.post("/buffered", with_parts({{"name=a", std::string(101, 'a')}})).expect_status(413);
  client.post("/", with_parts({{"name=f; filename=x", std::string(1001, 'a')}})).expect_status(413);
  client.post("/", with_parts({{"name=f; filename=x", std::string(2 << 20, 'a')}}))
      .expect_status(413);
}

TEST_F(UploadTest, RefusesWhatIsNoWholeForm) {
  app_.post("/", [](Upload file) { return file.filename(); });
  TestClient client(app_);
  const std::string type = "multipart/form-data; boundary=b";
  client.post("/", with_body("--b\r\n", type)).expect_status(400);
  client.post("/", with_body("--b--", "multipart/form-data")).expect_status(400);
  client.post("/", with_body("--b--", type)).expect_status(422);
  client.post("/", with_body("{}", "application/json")).expect_status(415);
  client.post("/", with_parts({{"name=f; filename=\"\"", ""}})).expect_status(422);
}

TEST(SecureFilename, LeavesOnePlainComponent) {
  for (const auto& [given, safe] :
       std::vector<std::pair<std::string, std::string>>{{"My cool movie.mov", "My_cool_movie.mov"},
                                                        {"../../../etc/passwd", "passwd"},
                                                        {"C:\\temp\\x.txt", "x.txt"},
                                                        {".htaccess", "htaccess"},
                                                        {"..", "file"},
                                                        {"", "file"},
                                                        {"\u00fcber.txt", "ber.txt"},
                                                        {std::string("a\0b", 3), "ab"}}) {
    EXPECT_EQ(secure_filename(given), safe) << given;
  }
}

}  // namespace
}  // namespace hornbeam::web
