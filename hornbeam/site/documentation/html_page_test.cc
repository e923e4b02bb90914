#include "hornbeam/site/documentation/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hornbeam/site/documentation/markdown.h"
#include "hornbeam/site/documentation/page_link.h"

namespace hornbeam::site {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Page read(std::string_view html) {
  static const LinkTarget kLink = [](std::string_view href) {
    return resolve_link(href, "django", "topics/db/models", "/docs/");
  };
  auto page = read_html_page(html, kLink);
  EXPECT_TRUE(page) << (page ? "" : page.error().message);
  return page ? *page : Page{};
}

std::string markup_of(std::string_view html) {
  std::string all;
  for (const PageSection& each : read("<body><h1>T</h1>" + std::string(html)).sections) {
    all += each.html;
  }
  return all;
}

constexpr std::string_view kSphinx = R"(<html><head><title>Models | Django</title></head><body>
<div id="hd"><h1><a href="../../index.html">Django documentation</a></h1><div class="nav">next</div></div>
<div class="yui-g">
 <div class="section" id="s-models"><span id="models"></span>
 <h1>Models<a class="headerlink" href="#module-django.db.models">¶</a></h1>
 <p>A model is the <em>single</em> source.</p>
 <div class="section" id="s-quick"><h2>Quick example<a class="headerlink" href="#quick">¶</a></h2>
  <div class="highlight-default notranslate"><div class="highlight"><pre><span></span><span class="k">class</span> <span class="nc">Person</span>:
    pass
</pre></div></div></div>
 <div class="section" id="s-api"><h2>API<a class="headerlink" href="#api">¶</a></h2>
  <dl class="py method"><dt id="django.db.models.Model.save">
   <code>Model.</code><code>save</code>(<em>force_insert=False</em>)<a class="headerlink" href="#x">¶</a></dt>
   <dd><p>Saves the current instance, and does so as long as it takes to be on the safe side.</p></dd></dl>
 </div></div></div></body></html>)";

TEST(HtmlPage, TakesAPageOfSphinxApart) {
  const Page page = read(kSphinx);
  EXPECT_EQ(page.title, "Models");
  ASSERT_EQ(page.sections.size(), 4U);
  EXPECT_EQ(page.sections[0].anchor, "module-django.db.models");
  EXPECT_EQ(page.sections[0].text, "A model is the single source.");
  EXPECT_THAT(page.sections[0].html, HasSubstr("<p>A model is the <em>single</em> source.</p>"));
  EXPECT_EQ(page.sections[1].title, "Quick example");
  EXPECT_EQ(page.sections[1].level, 2);
  ASSERT_EQ(page.sections[1].samples.size(), 1U);
  EXPECT_EQ(page.sections[1].samples[0].language, "python");
  EXPECT_EQ(page.sections[1].samples[0].text, "class Person:\n    pass");
  EXPECT_EQ(page.sections[3].title, "Model.save(force_insert=False)");
  EXPECT_EQ(page.sections[3].anchor, "django.db.models.Model.save");
  EXPECT_TRUE(page.sections[3].is_reference);
  EXPECT_EQ(parent_of(page, 3), 2U);
  EXPECT_EQ(parent_of(page, 2), 0U);
}

TEST(HtmlPage, LeavesOutWhatSurroundsTheText) {
  for (const PageSection& each : read(kSphinx).sections) {
    EXPECT_THAT(each.html, Not(HasSubstr("next")));
    EXPECT_THAT(each.title, Not(HasSubstr("documentation")));
  }
}

TEST(HtmlPage, LeavesAShortDescriptionInItsSection) {
  const Page page = read(
      "<body><h1>Fields</h1><dl class=\"py attribute\"><dt id=\"Field.null\">Field.null</dt>"
      "<dd></dd></dl><p>If true, NULL is stored.</p>");
  ASSERT_EQ(page.sections.size(), 1U);
  EXPECT_TRUE(page.sections[0].is_reference);
  EXPECT_THAT(page.sections[0].html, HasSubstr("id=\"Field.null\""));
  EXPECT_EQ(page.sections[0].text, "Field.null If true, NULL is stored.");
}

TEST(HtmlPage, GivesEachSectionAnAnchorOfItsOwn) {
  const Page page = read("<body><h1>Use</h1>a<h2>Use</h2>b<h2>Use it!</h2>c");
  std::vector<std::string> anchors;
  for (const PageSection& each : page.sections) anchors.push_back(each.anchor);
  EXPECT_THAT(anchors, ElementsAre("use", "use-1", "use-it"));
}

TEST(HtmlPage, KeepsThePlacesThatLinksLeadTo) {
  EXPECT_THAT(markup_of("<p><span id=\"here\"></span>x</p>"), HasSubstr("id=\"here\""));
  const Page page =
      read("<body><div class=\"section\" id=\"s-a\"><span id=\"b\"></span><h2>A</h2>x</div>");
  ASSERT_EQ(page.sections.size(), 1U);
  EXPECT_THAT(page.sections[0].html, HasSubstr("id=\"s-a\""));
}

struct Hostile {
  std::string_view html;
  std::string_view markup;
};
class HostileMarkup : public testing::TestWithParam<Hostile> {};
INSTANTIATE_TEST_SUITE_P(
    Of, HostileMarkup,
    testing::Values(
        Hostile{"<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"},
        Hostile{"<p onclick=\"x()\" style=\"color:red\" class=\"top\">a</p>", "<p>a</p>"},
        Hostile{"<p><a href=\"javascript:alert(1)\">a</a></p>", "<p>a</p>"},
        Hostile{"<p><a href=\" jAvAsCrIpT:alert(1)\">a</a></p>", "<p>a</p>"},
        Hostile{"<p><a href=\"java\nscript:alert(1)\">a</a></p>", "<p>a</p>"},
        Hostile{"<p><a href=\"data:text/html,x\">a</a></p>", "<p>a</p>"},
        Hostile{"<p><a href=\"//evil.example/x.html\">a</a></p>", "<p>a</p>"},
        Hostile{
            "<p><a href='https://e.example/\"onmouseover=\"x'>a</a></p>",
            "<p><a href=\"https://e.example/&#34;onmouseover=&#34;x\" rel=\"noopener\">a</a></p>"},
        Hostile{"<p><img src=x onerror=alert(1) alt=\"<b>tree\"></p>", "<p>&lt;b&gt;tree</p>"},
        Hostile{"<p><svg><script>x</script></svg><math><mi>y</mi></math>z</p>", "<p>z</p>"},
        Hostile{"<p><iframe src=\"https://e.example\"></iframe>z</p>", "<p>z</p>"},
        Hostile{"<form action=\"/x\"><input name=\"q\"><button>go</button></form><p>z</p>",
                "<p>z</p>"},
        Hostile{"<p id=\"a b\" >z</p><p id='\"><script>'>y</p>", "<p>z</p><p>y</p>"},
        Hostile{"<custom-tag><blink>z</blink></custom-tag>", "z"},
        Hostile{"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
                "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
        Hostile{"<table><tr><td colspan=\"9999\">a</td></tr></table>",
                "<div class=\"wide\" tabindex=\"0\"><table><tr><td>a</td></tr></table></div>"},
        Hostile{"<p>a<!-- <script>b</script> --></p>", "<p>a</p>"},
        Hostile{"<noscript><p title=\"</noscript><script>x</script>\"></noscript><p>z</p>", ""}));

TEST_P(HostileMarkup, IsWrittenClean) {
  const std::string markup = markup_of(GetParam().html);
  if (!GetParam().markup.empty()) EXPECT_EQ(markup, GetParam().markup);
  EXPECT_THAT(markup, Not(HasSubstr("<script")));
  EXPECT_THAT(markup, Not(HasSubstr("onerror=")));
}

TEST(HtmlPage, ReadsWhatNestsTooDeep) {
  std::string html = "<body><h1>T</h1><p>before</p>";
  for (int depth = 0; depth < 20'000; ++depth) html += "<div><b>";
  html += "deep<h2>Inner</h2>";
  const auto page = read_html_page(html, [](std::string_view) { return std::string(); });
  ASSERT_TRUE(page);
  EXPECT_THAT(page->sections[0].html, HasSubstr("before"));
}

TEST(HtmlPage, RefusesWhatHasNoText) {
  const LinkTarget none = [](std::string_view) { return std::string(); };
  for (const std::string_view html : {"", "   ", "<body></body>", "<script>x</script>"}) {
    const auto page = read_html_page(html, none);
    ASSERT_FALSE(page) << html;
    EXPECT_EQ(page.error().code, "page_is_empty");
  }
  EXPECT_EQ(read_html_page(std::string(kLargestPage + 1, 'x'), none).error().code,
            "page_too_large");
}

TEST(HtmlPage, ReadsBytesThatAreNoText) {
  std::string bytes = "<body><h1>T</h1><p>a\x01\x02\xff\xfe</p><p>b\x00c</p>";
  const auto page = read_html_page(bytes, [](std::string_view) { return std::string(); });
  ASSERT_TRUE(page);
}

TEST(Markdown, BecomesAPage) {
  const Page page =
      read(html_of_markdown("# Guide\n\nSee [models](../http/views.md#a) and `code`.\n\n## One "
                            "more\n\n```cpp\nint x;\n```\n\n"
                            "| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>alert(1)</script>\n"));
  ASSERT_EQ(page.sections.size(), 2U);
  EXPECT_EQ(page.title, "Guide");
  EXPECT_THAT(page.sections[0].html,
              HasSubstr("<a href=\"/docs/django/topics/http/views#a\">models</a>"));
  EXPECT_EQ(page.sections[1].anchor, "one-more");
  EXPECT_EQ(page.sections[1].samples[0].language, "cpp");
  EXPECT_EQ(page.sections[1].samples[0].text, "int x;");
  EXPECT_THAT(page.sections[1].html, HasSubstr("<td>2</td>"));
  EXPECT_THAT(page.sections[1].html, Not(HasSubstr("alert")));
}

TEST(PageLink, LeadsWithinTheSiteOrOverHttp) {
  const auto to = [](std::string_view href) {
    return resolve_link(href, "django", "topics/db/models", "/docs/");
  };
  EXPECT_EQ(to("queries.html#f"), "/docs/django/topics/db/queries#f");
  EXPECT_EQ(to("../../ref/models/fields.html"), "/docs/django/ref/models/fields");
  EXPECT_EQ(to("#here"), "#here");
  EXPECT_EQ(to("https://example.org/x?y"), "https://example.org/x?y");
  for (const std::string_view refused :
       {"", "../../../secret.html", "image.png", "/etc/passwd.html", "mailto:a@example.org",
        "vbscript:x.html", "%2e%2e/x.html", "..\\x.html", "a b.html", "//e.example/x.html"}) {
    EXPECT_EQ(to(refused), "") << refused;
  }
}

}  // namespace
}  // namespace hornbeam::site
