#include "hornbeam/http/multipart.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hornbeam/http/parameters.h"

namespace hornbeam::http {
namespace {

using Kind = MultipartEvent::Kind;

/// The parts as text, or the status of the refusal; "cut off" without a closing delimiter.
std::string parse(std::string_view body, std::size_t piece, MultipartLimits limits = {}) {
  MultipartParser parser("xyz", limits);
  std::string seen;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    parser.feed(body.substr(at, piece));
    while (true) {
      const MultipartEvent event = parser.next();
      if (event.kind == Kind::kNothing) break;
      if (event.kind == Kind::kRefused) return std::to_string(parser.refusal().status);
      if (event.kind == Kind::kPart) {
        seen += parser.head().name;
        if (parser.head().filename) seen += "(" + *parser.head().filename + ")";
        seen += "=";
      }
      seen += event.data;
      if (event.kind == Kind::kPartEnd) seen += ";";
    }
  }
  return parser.is_complete() ? seen : "cut off";
}

constexpr std::string_view kA = "Content-Disposition: form-data; name=a\r\n\r\n";

TEST(Multipart, GivesThePartsWhateverPiecesTheyComeIn) {
  const std::string a(kA);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--xyz--", ""},
      {"--xyz\r\n" + a + "1\r\n--xyz--\r\n", "a=1;"},
      {"--xyz\r\n" + a + "\r\n--xyz--", "a=;"},
      {"preamble\r\n--xyz\r\n" + a + "1\r\n--xyz--epilogue\r\n--xyz\r\n", "a=1;"},
      {"--xyz \t\r\n" + a + "1\r\n--xyz\r\n" + a + "2\r\n--xyz--", "a=1;a=2;"},
      {"--xyz\r\n" + a + "\r\n\r\r\n-\r\n--xy\r\n--xyzz\r\n\r\n--xyz--",
       "a=\r\n\r\r\n-\r\n--xy\r\n--xyzz\r\n;"},
      {"--xyz\r\n" + a + "\n--xyz\n--xyz--\r\n--xyz--", "a=\n--xyz\n--xyz--;"},
      {"--xyz\r\nContent-Disposition: form-data; name=\"q\\\"q\"; filename=\"C:\\x.txt\"\r\n"
       "Content-Type: text/plain\r\n\r\ndata\r\n--xyz--",
       "q\"q(C:\\x.txt)=data;"},
      {"--xyz\r\nContent-Disposition: form-data; name=f; filename=a.txt; "
       "filename*=UTF-8''%E2%82%AC.txt\r\n\r\n\r\n--xyz--",
       "f(\u20ac.txt)=;"},
      {"--xyz\r\n" + a + "1\r\n--xyz", "cut off"},
      {"--xyz\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Type: text/plain\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n1\r\n--xyz--", "400"},
      {"--xyz\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n--xyz--", "400"},
  };
  for (const auto& [body, parts] : cases) {
    for (std::size_t piece = 1; piece <= body.size(); ++piece) {
      EXPECT_EQ(parse(body, piece), parts) << body << "\nin pieces of " << piece;
    }
  }
}

TEST(Multipart, MeasuresAHeadTheSameWhateverPiecesItComesIn) {
  const std::string body = "--xyz\r\n" + std::string(kA) + "1\r\n--xyz--";
  const std::size_t head = kA.size() - 4;  // Without the empty line that ends it.
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    EXPECT_EQ(parse(body, piece, {.part_head_bytes = head}), "a=1;") << piece;
    EXPECT_EQ(parse(body, piece, {.part_head_bytes = head - 1}), "413") << piece;
  }
}

TEST(Multipart, RefusesTooManyPartsAndHeadersThatAreTooLong) {
  std::string body;
  for (int i = 0; i < 11; ++i) body += "--xyz\r\n" + std::string(kA) + "1\r\n";
  body += "--xyz--";
  EXPECT_EQ(parse(body, 7, {.parts = 10}), "413");
  EXPECT_NE(parse(body, 7, {.parts = 11}), "413");
  std::string lines = "--xyz\r\n";
  for (int i = 0; i < 20; ++i) lines += "X: y\r\n";
  EXPECT_EQ(parse(lines + std::string(kA) + "\r\n--xyz--", 100), "413");
  EXPECT_EQ(parse("--xyz\r\nX: " + std::string(9000, 'y'), 100), "413");
}

// CVE-2023-46136: a part that begins with CR and goes on without one made Werkzeug search its whole
// buffer again with every piece.
TEST(Multipart, TakesTimeInProportionToTheBodyWhateverIsInIt) {
  for (const char filler : {'\r', '-', 'x'}) {
    const std::string body =
        "--xyz\r\n" + std::string(kA) + std::string(8 << 20, filler) + "\r\n--xyz--";
    EXPECT_EQ(parse(body, 1000).size(), (8 << 20) + 3U);
  }
  std::string almost;
  for (int i = 0; i < 100'000; ++i) almost += "\r\n--xyz \t.";
  const std::string body = "--xyz\r\n" + std::string(kA) + almost + "\r\n--xyz--";
  EXPECT_TRUE(parse(body, 1) == "a=" + almost + ";");
}

TEST(Multipart, ReadsTheBoundary) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=xyz"), "xyz");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
  for (const std::string_view bad :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=\"x \"", "multipart/form-data; boundary=x; boundary=y",
        "multipart/form-data; boundary=\"x"}) {
    EXPECT_FALSE(multipart_boundary(bad)) << bad;
  }
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
}

TEST(Parameters, WritesAttachmentNamesThatReadBackAsTheyWere) {
  EXPECT_EQ(content_disposition("attachment", "report.pdf"), "attachment; filename=\"report.pdf\"");
  EXPECT_EQ(content_disposition("attachment", "\u20ac rates.txt"),
            "attachment; filename=\"_ rates.txt\"; filename*=UTF-8''%E2%82%AC%20rates.txt");
  for (const std::string_view name :
       {"plain.txt", "a\"b.txt", "a\\b", "100%.txt", "\u00e9\u00e0.pdf", "x\r\nSet-Cookie: a=b"}) {
    const std::string written = content_disposition("inline", name);
    EXPECT_EQ(written.find('\r'), std::string::npos);
    EXPECT_EQ(parse_parameters(written)->find("filename"), name) << written;
  }
}

}  // namespace
}  // namespace hornbeam::http
