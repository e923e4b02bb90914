#include "hornbeam/http/client.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/base/loop.h"
#include "hornbeam/base/sleep.h"
#include "hornbeam/http/server.h"
#include "hornbeam/http/testing/certificates.h"

namespace hornbeam::http {
namespace {

using testing::HasSubstr;

base::Task<void> count_down(BodySink& sink) {
  for (int each = 3; each > 0; --each) {
    co_await base::sleep_for(std::chrono::milliseconds(1));
    if (!co_await sink.write(std::to_string(each) + ' ')) co_return;
  }
}

class Echo final : public Handler {
 public:
  BodyPlan plan(const Request&) override { return {.max_bytes = 64 << 20}; }
  Reply handle(Request& request) override {
    if (request.path() == "/chunks") return Response(200, "text/plain", StreamBody(count_down));
    if (request.path() == "/missing") return Response(404, "text/plain", std::string("none"));
    return Response(200, "text/plain",
                    std::string(request.method_name()) + ' ' + std::string(request.path()) + '?' +
                        std::string(request.query()) + ' ' + std::string(request.body()));
  }
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() { server_.start(); }
  static ServerOptions options() {
    ServerOptions options;
    options.port = 0;
    return options;
  }
  std::string url(const std::string& more = "") const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + more;
  }

  Echo handler_;
  Server server_{options(), handler_};
};

TEST_F(ClientTest, AsksAndIsAnswered) {
  Client client(url("/prefix/"));
  const ClientResponse answer = client.send(
      {.method = "PUT", .target = "/a?b=c", .body = "hello", .content_type = "text/plain"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "PUT /prefix/a?b=c hello");
  EXPECT_EQ(answer.find("content-type"), "text/plain");
  EXPECT_FALSE(answer.find("no-such"));
}

TEST_F(ClientTest, ReadsChunksAndAnswersWithoutABodyAndGoesOnOnTheSameConnection) {
  Client client(url());
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(client.send({.target = "/chunks"}).body, "3 2 1 ");
    EXPECT_EQ(client.send({.method = "HEAD", .target = "/x"}).body, "");
    EXPECT_EQ(client.send({.target = "/missing"}).status, 404);
  }
}

TEST_F(ClientTest, SendsAndReadsMuch) {
  Client client(url());
  const std::string much(9 << 20, 'x');
  const auto answer = client.send({.method = "POST", .body = much, .content_type = "text/plain"});
  EXPECT_EQ(answer.body, "POST /? " + much);
}

TEST_F(ClientTest, AsksAgainWhereAKeptConnectionWasClosed) {
  auto other = std::make_unique<Server>(options(), handler_);
  other->start();
  const auto port = other->port();
  Client client("http://127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(client.send({}).status, 200);
  other->stop();
  other.reset();
  ServerOptions again = options();
  again.port = port;
  Server restarted(again, handler_);
  restarted.start();
  EXPECT_EQ(client.send({}).status, 200);
}

TEST_F(ClientTest, ServesManyThreadsWithAFewConnections) {
  ClientOptions few;
  few.most_connections = 2;
  Client client(url(), few);
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      for (int each = 0; each < 20; ++each) {
        const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(each);
        if (client.send({.target = target}).body == "GET " + target + "? ") ++right;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 120);
}

/// A server that speaks TLS, under a certificate of the test's own.
class EncryptedClientTest : public testing::Test {
 protected:
  void serve(const std::string& name, const std::string& alternative, long seconds = 3600) {
    certificates_.write(name, alternative, seconds);
    ServerOptions options;
    options.port = 0;
    options.tls = certificates_.options();
    server_ = std::make_unique<Server>(options, handler_);
    server_->start();
  }
  ClientOptions trusting() const {
    ClientOptions options;
    options.trusted_file = certificates_.path("chain.pem");
    return options;
  }
  std::string url(const std::string& host = "127.0.0.1") const {
    return "https://user:secret@" + host + ":" + std::to_string(server_->port());
  }
  std::string error_of(const std::string& url, const ClientOptions& options) {
    try {
      Client(url, options).send({});
    } catch (const ClientError& error) {
      return error.what();
    }
    return "";
  }

  Certificates certificates_;
  Echo handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(EncryptedClientTest, AsksAServerThatItTrusts) {
  serve("search", "IP:127.0.0.1, DNS:localhost");
  for (const char* const host : {"127.0.0.1", "localhost"}) {
    Client client(url(host), trusting());
    for (int round = 0; round < 3; ++round)
      EXPECT_EQ(client.send({.target = "/chunks"}).body, "3 2 1 ");
    const std::string much(3 << 20, 'x');
    EXPECT_EQ(client.send({.method = "POST", .body = much, .content_type = "text/plain"}).body,
              "POST /? " + much);
  }
}

TEST_F(EncryptedClientTest, RefusesCertificatesThatItDoesNotTrustAndSaysWhy) {
  serve("search", "IP:127.0.0.1");
  const std::string unknown = error_of(url(), {});
  EXPECT_THAT(unknown, HasSubstr("its certificate is not trusted: self-signed certificate. Mend: "
                                 "name the file"));
  EXPECT_THAT(unknown, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(error_of(url("localhost"), trusting()),
              HasSubstr("mismatch. Mend: call the server by a name that its certificate is for"));
}

TEST_F(EncryptedClientTest, RefusesACertificateThatHasExpired) {
  serve("search", "IP:127.0.0.1", -60);
  EXPECT_THAT(error_of(url(), trusting()), HasSubstr("certificate has expired. Mend: renew it"));
}

TEST_F(EncryptedClientTest, SurvivesAServerThatIsGone) {
  serve("search", "IP:127.0.0.1");
  const auto client = std::make_unique<Client>(url(), trusting());
  EXPECT_EQ(client->send({}).status, 200);
  server_.reset();
  const std::string much(9 << 20, 'x');
  EXPECT_THROW(client->send({.method = "POST", .body = much, .content_type = "text/plain"}),
               ClientError);
}

TEST_F(ClientTest, SaysThatAServerDoesNotSpeakTls) {
  Client client("https://127.0.0.1:" + std::to_string(server_.port()));
  try {
    client.send({});
    ADD_FAILURE() << "it was answered";
  } catch (const ClientError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no TLS with it"));
  }
}

TEST_F(ClientTest, SaysWhatIsWrong) {
  const auto error_of = [](const std::string& url) -> std::string {
    try {
      ClientOptions options;
      options.connect_timeout = std::chrono::milliseconds(500);
      Client(url, options).send({});
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  server_.stop();
  EXPECT_THAT(error_of(url()), HasSubstr("cannot connect"));
  EXPECT_THAT(error_of("ftp://x"), HasSubstr("neither http:// nor https://"));
  EXPECT_THAT(error_of("http://:80"), HasSubstr("names no host"));
}

}  // namespace
}  // namespace hornbeam::http
