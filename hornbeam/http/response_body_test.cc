// Bodies that are not in memory when the head is sent: files, streams with and without a length.

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "hornbeam/base/completion.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/http/client_gone.h"
#include "hornbeam/http/server.h"
#include "tests/support/raw_client.h"

namespace hornbeam::http {
namespace {

using namespace std::chrono_literals;
using tests::RawClient;

constexpr std::uint64_t kFileBytes = std::uint64_t{9} << 20;

// 9 MiB in which every byte follows from its place.
std::shared_ptr<const OpenFile> make_file() {
  std::string name = "/tmp/hornbeam_body_XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error("no temporary file");
  ::unlink(name.c_str());
  auto file = std::make_shared<OpenFile>(descriptor);
  std::string block(1 << 20, '\0');
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>('a' + i % 23);
  for (std::uint64_t at = 0; at < kFileBytes; at += block.size()) {
    if (::write(descriptor, block.data(), block.size()) < 0) throw std::runtime_error("disk full");
  }
  return file;
}

base::Task<void> write_five(BodySink& sink) {
  co_await sink.write("ab");
  co_await sink.write("");
  co_await sink.write("cde");
}

class BodyHandler final : public Handler {
 public:
  Reply handle(Request& request) override {
    const std::string_view path = request.path();
    if (path == "/file") return Response(200, "text/plain", FileBody{file_, 0, kFileBytes});
    if (path == "/part") return Response(206, "text/plain", FileBody{file_, 23, 46});
    if (path == "/beyond") return Response(200, "text/plain", FileBody{file_, 0, kFileBytes + 1});
    if (path == "/five") return Response(200, "text/plain", SizedStream{write_five, 5});
    if (path == "/six") return Response(200, "text/plain", SizedStream{write_five, 6});
    if (path == "/four") return Response(200, "text/plain", SizedStream{write_five, 4});
    if (path == "/silent") {
      return Response(200, "text/plain", [this](BodySink& sink) { return be_silent(&sink); });
    }
    return Response(200, "text/plain", "plain " + std::string(path));
  }

  std::atomic<int> silent{0};
  std::atomic<int> told{0};

 private:
  base::Task<void> be_silent(BodySink* sink) {
    base::Completion<> gone;
    const std::stop_callback tell(sink->client_gone().token(), [gone]() mutable { gone.set(); });
    ++silent;
    co_await gone.wait();
    ++told;
  }

  std::shared_ptr<const OpenFile> file_ = make_file();
};

class ResponseBodyTest : public testing::Test {
 protected:
  ResponseBodyTest() { server_.start(); }

  static ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    options.loops = 1;
    options.drain_timeout = 5s;
    return options;
  }
  static std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  std::string exchange(std::string_view bytes) {
    const RawClient client(server_.port());
    client.send(bytes);
    client.finish_sending();
    return client.read_all();
  }
  void wait_for(const std::atomic<int>& count, int wanted) {
    for (int i = 0; i < 1000 && count < wanted; ++i) std::this_thread::sleep_for(5ms);
    EXPECT_EQ(count, wanted);
  }

  BodyHandler handler_;
  Server server_{options(), handler_};
};

TEST_F(ResponseBodyTest, SendsAFileWithItsLengthAndTakesTheNextRequest) {
  const RawClient client(server_.port(), 4096);
  client.send(get("/file") + get("/next"));
  const std::string answers = client.read_until("plain /next");
  EXPECT_NE(answers.find("\r\nContent-Length: 9437184\r\n"), std::string::npos);
  EXPECT_EQ(answers.find("Transfer-Encoding"), std::string::npos);
  const std::size_t begin = answers.find("\r\n\r\n") + 4;
  ASSERT_GT(answers.size(), begin + kFileBytes);
  std::string sent(kFileBytes, '\0');
  for (std::size_t i = 0; i < kFileBytes; ++i) {
    sent[i] = static_cast<char>('a' + i % (1 << 20) % 23);
  }
  EXPECT_TRUE(std::string_view(answers).substr(begin, kFileBytes) == sent);
  EXPECT_TRUE(std::string_view(answers).substr(begin + kFileBytes).starts_with("HTTP/1.1 200 OK"));
}

TEST_F(ResponseBodyTest, SendsAPartOfAFile) {
  const std::string answer = exchange(get("/part") + get("/part"));
  const std::string part = "abcdefghijklmnopqrstuvwabcdefghijklmnopqrstuvw";
  EXPECT_NE(answer.find("\r\n\r\n" + part + "HTTP/1.1 206 "), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + part)) << answer;
}

TEST_F(ResponseBodyTest, SendsNoFileForHead) {
  const std::string answer = exchange("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n" + get("/next"));
  EXPECT_NE(answer.find("Content-Length: 9437184"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("plain /next")) << answer.substr(0, 500);
}

TEST_F(ResponseBodyTest, CutsOffAFileThatBecameShorter) {
  const std::string answer = exchange(get("/beyond") + get("/next"));
  EXPECT_NE(answer.find("Content-Length: 9437185"), std::string::npos);
  EXPECT_EQ(answer.find("plain /next"), std::string::npos);
}

TEST_F(ResponseBodyTest, AnnouncesTheLengthOfAStreamThatKnowsIt) {
  const std::string answer = exchange(get("/five") + get("/next"));
  EXPECT_NE(answer.find("Content-Length: 5\r\n\r\nabcdeHTTP/1.1 200 OK"), std::string::npos)
      << answer;
  EXPECT_TRUE(answer.ends_with("plain /next")) << answer;
  const std::string old = exchange("GET /five HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(old.find("Connection: keep-alive\r\n\r\nabcde"), std::string::npos) << old;
}

TEST_F(ResponseBodyTest, CutsOffAStreamThatBreaksItsWord) {
  const std::string less = exchange(get("/six") + get("/next"));
  EXPECT_TRUE(less.ends_with("Content-Length: 6\r\n\r\nabcde")) << less;
  const std::string more = exchange(get("/four") + get("/next"));
  EXPECT_TRUE(more.ends_with("Content-Length: 4\r\n\r\nab")) << more;
}

TEST_F(ResponseBodyTest, TellsASilentStreamThatItsClientHasFinishedSending) {
  const RawClient client(server_.port());
  client.send(get("/silent") + get("/next"));
  wait_for(handler_.silent, 1);
  EXPECT_EQ(handler_.told, 0);
  client.finish_sending();
  wait_for(handler_.told, 1);
  EXPECT_TRUE(client.read_all().ends_with("plain /next"));
}

TEST_F(ResponseBodyTest, TellsASilentStreamThatItsClientHasCrashed) {
  {
    const RawClient client(server_.port());
    client.send(get("/silent"));
    wait_for(handler_.silent, 1);
    client.vanish_on_close();
  }
  wait_for(handler_.told, 1);
}

TEST_F(ResponseBodyTest, TellsASilentStreamThatTheServerDrains) {
  const RawClient client(server_.port());
  client.send(get("/silent"));
  wait_for(handler_.silent, 1);
  server_.stop();
  EXPECT_EQ(handler_.told, 1);
  EXPECT_TRUE(client.read_all().ends_with("0\r\n\r\n"));
}

TEST(Response, RefusesFieldsThatAreTheServers) {
  Response response(200);
  EXPECT_THROW(response.set_field("content-length", "3"), std::invalid_argument);
  EXPECT_THROW(response.add_field("Transfer-Encoding", "chunked"), std::invalid_argument);
  EXPECT_THROW(response.add_field("Connection", "keep-alive"), std::invalid_argument);
  EXPECT_THROW(response.set_field("DATE", "today"), std::invalid_argument);
  EXPECT_TRUE(response.fields().empty());
}

TEST(Response, TakesItsContentTypeAsAFieldToo) {
  Response response(200, "text/plain", std::string("x"));
  response.set_field("content-type", "text/csv");
  EXPECT_EQ(response.content_type(), "text/csv");
  EXPECT_TRUE(response.fields().empty());
  response.remove_field("Content-Type");
  EXPECT_EQ(response.content_type(), "");
}

}  // namespace
}  // namespace hornbeam::http
