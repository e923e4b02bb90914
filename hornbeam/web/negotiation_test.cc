#include "hornbeam/web/negotiation.h"

#include <gtest/gtest.h>

namespace hornbeam::web {
namespace {

struct Case {
  std::string_view field;
  std::string_view best;
};

// What Werkzeug's best_match gives for random fields.
constexpr Case kMediaTypes[] = {
    {"application/json; q=0.8, */*, text/html;q=1.0", "text/html"},
    {"text/plain;q=1.0", "text/plain"},
    {"text/*;q=0", ""},
    {"text/html; q=0.8", "text/html"},
    {"text/html;q=0, text/html;q=1.0, image/png, application/*;q=1.0", "text/html"},
    {"application/json;q=2", ""},
    {"text/*;q=1.0", "text/html"},
    {"text/html;q=0, text/html;q=1.0, application/*;q=0, text/plain; q=0.8", "text/html"},
    {"text/*, text/*;q=0.5", "text/html"},
    {"text/html;q=1.0, text/*;q=2", "text/html"},
    {"text/plain, text/*;q=2", "text/plain"},
    {"text/*", "text/html"},
    {"image/png;q=2, text/*; q=0.8", "text/html"},
    {"image/png;q=1.0, image/png;q=0.5, text/plain;q=0", ""},
    {"*/*;q=0, text/html;q=1.0", "text/html"},
    {"text/*; q=0.8, text/plain;q=2, image/png;q=0.5", "text/html"},
    {"text/html;q=1.0", "text/html"},
    {"application/json;q=0.5, application/json; q=0.8, image/png, */*", "text/html"},
    {"text/plain;q=2, text/plain;q=1.0, image/png;q=1.0", "text/plain"},
    {"text/html, text/plain; q=0.8, */*;q=2, text/html", "text/html"},
    {"*/*;q=1.0, */*; q=0.8, text/plain;q=2", "text/html"},
    {"*/*;q=0.5, text/html; q=0.8, text/plain;q=0, text/*", "text/html"},
    {"text/html;q=0, application/*;q=0.5, application/json;q=2, application/json; q=0.8",
     "application/json"},
    {"application/*; q=0.8, text/html;q=0, image/png; q=0.8, text/*;q=0.5", "application/json"},
};
constexpr Case kLanguages[] = {
    {"pt-BR;q=0.5", "pt_BR"},
    {"pt-BR;q=0.5, pt-BR;q=0, de", "pt_BR"},
    {"de;q=0", ""},
    {"de-AT, *;q=0, fr;q=0.5", "de-AT"},
    {"de; q=0.8", "de-AT"},
    {"fr-FR;q=0.5, de, *; q=0.8", "en"},
    {"pt-BR; q=0.8, en-US; q=0.8", "pt_BR"},
    {"pt-BR, de-AT, de-AT; q=0.8", "de-AT"},
    {"en-US;q=0.5", "en"},
    {"en, en;q=0, it", "en"},
    {"en-gb, en-US;q=0", "en"},
    {"pt-BR;q=0, fr;q=0.5, en-gb;q=0.5", "en"},
    {"en-US, *; q=0.8", "en"},
    {"*;q=0.5, en-US;q=0", "en"},
    {"fr-FR;q=0.5", ""},
    {"de, de-AT;q=0.5", "de-AT"},
    {"it", ""},
    {"fr, fr;q=0.5, de;q=0.5", "fr-CA"},
    {"it;q=0.5", ""},
    {"de-AT;q=0, de-AT; q=0.8, de-AT;q=0", "de-AT"},
    {"*;q=0.5, en, fr; q=0.8", "en"},
    {"de-AT;q=0.5, *;q=0.5", "de-AT"},
    {"en-US;q=0, en-US;q=0", ""},
    {"de-AT;q=0.5, de-AT; q=0.8", "de-AT"},
};

TEST(Negotiation, PrefersTheMediaTypeThatWerkzeugDoes) {
  for (const auto& [field, best] : kMediaTypes) {
    EXPECT_EQ(best_media_type(field, {"text/html", "application/json", "text/plain"}).value_or(""),
              best)
        << field;
  }
}

TEST(Negotiation, PrefersTheLanguageThatWerkzeugDoes) {
  for (const auto& [field, best] : kLanguages) {
    EXPECT_EQ(best_language(field, {"en", "de-AT", "fr-CA", "pt_BR"}).value_or(""), best) << field;
  }
}

TEST(Negotiation, TakesTheFirstWhereTheClientDoesNotSay) {
  EXPECT_EQ(best_media_type("", {"text/html", "application/json"}), "text/html");
  EXPECT_EQ(best_language("", {"en", "de"}), "en");
}

TEST(Negotiation, KnowsHowMuchACodingIsWanted) {
  EXPECT_EQ(encoding_quality("gzip;q=0.5, *;q=0.1", "gzip"), 500);
  EXPECT_EQ(encoding_quality("gzip;q=0.5, *;q=0.1", "br"), 100);
  EXPECT_EQ(encoding_quality("gzip;q=0", "gzip"), 0);
  EXPECT_EQ(encoding_quality("", "gzip"), 0);
  EXPECT_EQ(encoding_quality("gzip", "identity"), 1);
  EXPECT_EQ(encoding_quality("*;q=0", "identity"), 0);
  EXPECT_EQ(encoding_quality("identity;q=0, gzip", "identity"), 0);
}

TEST(Negotiation, SaysOnceWhatTheAnswerDependsOn) {
  Response response(200);
  add_vary(response, "Accept-Encoding");
  add_vary(response, "Cookie");
  add_vary(response, "accept-encoding");
  EXPECT_EQ(*response.find_field("vary"), "Accept-Encoding, Cookie");
}

}  // namespace
}  // namespace hornbeam::web
