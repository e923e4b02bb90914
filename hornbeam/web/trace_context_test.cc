// The cases are those of the W3C's own suite (trace-context/test/test.py), at level 1.

#include "hornbeam/web/trace_context.h"

#include <gtest/gtest.h>

#include "hornbeam/http/request.h"

namespace hornbeam::web {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kTrace = "12345678901234567890123456789012";
constexpr std::string_view kSpan = "1234567890123456";
const std::string kParent = "00-12345678901234567890123456789012-1234567890123456-01";

TraceContext continued(const Fields& fields) {
  return continue_trace(http::Request::make(http::Method::kGet, "/", fields));
}

TEST(TraceParent, IsReadAsTheVersionsAllow) {
  struct Case {
    const char* field;
    bool is_valid;
  };
  for (const auto& [field, is_valid] : {
           Case{"00-12345678901234567890123456789012-1234567890123456-01", true},
           Case{"00-12345678901234567890123456789012-1234567890123456-00", true},
           Case{"00-12345678901234567890123456789012-1234567890123456-ff", true},
           Case{"00-12345678901234567890123456789012-1234567890123456-01-x", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-01.", false},
           Case{"cc-12345678901234567890123456789012-1234567890123456-01", true},
           Case{"cc-12345678901234567890123456789012-1234567890123456-01-what", true},
           Case{"cc-12345678901234567890123456789012-1234567890123456-01.what", false},
           Case{"fe-12345678901234567890123456789012-1234567890123456-01-", true},
           Case{"ff-12345678901234567890123456789012-1234567890123456-01", false},
           Case{"FE-12345678901234567890123456789012-1234567890123456-01", false},
           Case{".0-12345678901234567890123456789012-1234567890123456-01", false},
           Case{"0-12345678901234567890123456789012-1234567890123456-01", false},
           Case{"000-12345678901234567890123456789012-1234567890123456-01", false},
           Case{"00-00000000000000000000000000000000-1234567890123456-01", false},
           Case{"00-.2345678901234567890123456789012-1234567890123456-01", false},
           Case{"00-1234567890123456789012345678901-1234567890123456-01", false},
           Case{"00-123456789012345678901234567890123-1234567890123456-01", false},
           Case{"00-ABCDEF78901234567890123456789012-1234567890123456-01", false},
           Case{"00-12345678901234567890123456789012-0000000000000000-01", false},
           Case{"00-12345678901234567890123456789012-.234567890123456-01", false},
           Case{"00-12345678901234567890123456789012-12345678901234567-01", false},
           Case{"00-12345678901234567890123456789012-123456789012345-01", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-.0", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-0.", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-0G", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-1", false},
           Case{"00-12345678901234567890123456789012-1234567890123456-001", false},
           Case{"00-12345678901234567890123456789012-1234567890123456", false},
           Case{"", false},
       }) {
    const auto parent = parse_traceparent(field);
    EXPECT_EQ(parent.has_value(), is_valid) << field;
    if (!parent) continue;
    EXPECT_EQ(parent->trace_id, kTrace);
    EXPECT_EQ(parent->span_id, kSpan);
  }
  EXPECT_TRUE(parse_traceparent(kParent)->is_sampled);
  EXPECT_FALSE(parse_traceparent(kParent.substr(0, 53) + "fe")->is_sampled);
}

TEST(TraceState, IsPassedOnWholeOrNotAtAll) {
  const std::string z256(256, 'z');
  const std::string t241(241, 't');
  struct Case {
    std::string field;
    std::string passed;
  };
  for (const auto& [field, passed] : {
           Case{"foo=1,bar=2", "foo=1,bar=2"},
           Case{"", ""},
           Case{"foo=1,", "foo=1"},
           Case{"foo=1, ,\tbar=2,,", "foo=1,bar=2"},
           Case{"foo=1 \t , \t bar=2", "foo=1,bar=2"},
           Case{"foo= 1", "foo= 1"},
           Case{"foo=1,foo=1", ""},
           Case{"foo=1,foo=2", ""},
           Case{"foo@a=1,foo@b=2", "foo@a=1,foo@b=2"},
           Case{"foo =1", ""},
           Case{"FOO=1", ""},
           Case{"foo.bar=1", ""},
           Case{"1foo=1", ""},
           Case{"1foo@v=1", "1foo@v=1"},
           Case{"foo@=1,bar=2", ""},
           Case{"@foo=1,bar=2", ""},
           Case{"foo@@bar=1,bar=2", ""},
           Case{"foo@bar@baz=1,bar=2", ""},
           Case{"foo@1bar=1", ""},
           Case{"foo", ""},
           Case{"foo=", ""},
           Case{"foo=bar=baz", ""},
           Case{"foo=,bar=3", ""},
           Case{"foo=b\x7f", ""},
           Case{"foo=b\xc3\xbc", ""},
           Case{z256 + "=1", z256 + "=1"},
           Case{z256 + "z=1", ""},
           Case{t241 + "@vvvvvvvvvvvvvv=1", t241 + "@vvvvvvvvvvvvvv=1"},
           Case{t241 + "t@v=1", ""},
           Case{"t@vvvvvvvvvvvvvvv=1", ""},
           Case{"foo=" + z256, "foo=" + z256},
           Case{"foo=" + z256 + "z", ""},
       }) {
    EXPECT_EQ(clean_tracestate(field), passed) << field;
  }
}

TEST(TraceState, HasThirtyTwoMembersAtMost) {
  std::string field;
  for (int i = 1; i <= 32; ++i) field += (i == 1 ? "k" : ",k") + std::to_string(i) + "=1";
  EXPECT_EQ(clean_tracestate(field), field);
  EXPECT_EQ(clean_tracestate(field + ",k33=1"), "");
}

TEST(TraceState, LosesLongMembersFirstAndThenTheLast) {
  const std::string longer = "long=" + std::string(200, 'x');
  std::string short_ones;
  for (int i = 0; i < 4; ++i) short_ones += ",k" + std::to_string(i) + "=" + std::string(100, 'y');
  EXPECT_EQ(clean_tracestate(longer + short_ones), short_ones.substr(1));
  EXPECT_EQ(clean_tracestate("a=1" + short_ones + ",last=" + std::string(100, 'z')),
            "a=1" + short_ones);
}

TEST(TraceContext, GoesOnWithTheCallersTraceInASpanOfItsOwn) {
  const TraceContext context =
      continued({{"traceparent", kParent}, {"tracestate", "foo=1"}, {"tracestate", "bar=2"}});
  EXPECT_EQ(context.trace_id, kTrace);
  EXPECT_EQ(context.parent_id, kSpan);
  EXPECT_NE(context.span_id, kSpan);
  EXPECT_EQ(context.state, "foo=1,bar=2");
  EXPECT_EQ(context.traceparent(), "00-" + std::string(kTrace) + "-" + context.span_id + "-01");
  EXPECT_TRUE(parse_traceparent(context.traceparent()));
}

TEST(TraceContext, BeginsAnewWithoutOneValidTraceparent) {
  for (const Fields& fields :
       {Fields{}, Fields{{"tracestate", "foo=1"}}, Fields{{"traceparent", "nonsense"}},
        Fields{{"traceparent", kParent}, {"traceparent", kParent}, {"tracestate", "foo=1"}}}) {
    const TraceContext context = continued(fields);
    EXPECT_NE(context.trace_id, kTrace);
    EXPECT_EQ(context.parent_id, "");
    EXPECT_EQ(context.state, "");
    EXPECT_FALSE(context.is_sampled);
    EXPECT_TRUE(parse_traceparent(context.traceparent())) << context.traceparent();
    EXPECT_NE(context.trace_id, continued(fields).trace_id);
  }
}

}  // namespace
}  // namespace hornbeam::web
