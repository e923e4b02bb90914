#include "hornbeam/templates/environment.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "hornbeam/templates/from.h"

namespace hornbeam::templates {
namespace {

struct Author {
  std::string name;
};
struct Post {
  std::int64_t id = 0;
  std::string title;
  Author author;
  std::optional<std::string> teaser;
};

constexpr auto describe(base::Type<Author>) {
  return base::fields(base::field("name", &Author::name));
}
constexpr auto describe(base::Type<Post>) {
  return base::fields(base::field("id", &Post::id), base::field("title", &Post::title),
                      base::field("author", &Post::author), base::field("teaser", &Post::teaser));
}

std::string render(std::string_view source, const Values& values = {}) {
  return Environment().render_text(source, values);
}

std::string failure_of(const Environment& environment, std::string_view source) {
  try {
    environment.render_text(source);
    return "it does not fail";
  } catch (const TemplateError& error) {
    return error.what();
  }
}

TEST(TemplateEnvironment, SeesDescribedStructsByReference) {
  const std::vector<Post> posts = {{1, "A & B", {"Ada"}, std::nullopt},
                                   {2, "<C>", {"Bo"}, "short"}};
  EXPECT_EQ(render("{% for post in posts %}{{ post.id }} {{ post.title }} by {{ post.author.name }}"
                   "{{ ': ' ~ post.teaser if post.teaser }};{% endfor %}",
                   {{"posts", from(posts)}}),
            "1 A &amp; B by Ada;2 &lt;C&gt; by Bo: short;");
}

TEST(TemplateEnvironment, WritesStructsAsJson) {
  const Post post{7, "it's </script>", {"Ada"}, std::nullopt};
  EXPECT_EQ(render("{{ post|tojson }}", {{"post", from(post)}}),
            R"({"author": {"name": "Ada"}, "id": 7, "teaser": null, )"
            R"("title": "it\u0027s \u003c/script\u003e"})");
}

TEST(TemplateEnvironment, WritesJsonInPlainAscii) {
  EXPECT_EQ(render("{{ x|tojson }}", {{"x", "\x7F\xE2\x80\xA8\xF0\x9F\x98\x80\n\"/"}}),
            R"("\u007f\u2028\ud83d\ude00\n\"/")");
}

TEST(TemplateEnvironment, EscapesByTheNamesEnding) {
  const Environment environment(texts({{"a.html", "{{ x }}"}, {"a.txt", "{{ x }}"}}));
  EXPECT_EQ(environment.render("a.html", {{"x", "<"}}), "&lt;");
  EXPECT_EQ(environment.render("a.txt", {{"x", "<"}}), "<");
}

TEST(TemplateEnvironment, SaysFileAndLineOfAnError) {
  const Environment environment(texts({{"page.html", "one\n{{ 1 // 0 }}\n"}}));
  try {
    environment.render("page.html");
    FAIL();
  } catch (const TemplateError& error) {
    EXPECT_EQ(error.template_name(), "page.html");
    EXPECT_EQ(error.line(), 2);
    EXPECT_EQ(error.source_line(), "{{ 1 // 0 }}");
  }
}

TEST(TemplateEnvironment, SaysWhatIsUndefinedWhenStrict) {
  EnvironmentOptions options;
  options.undefined = UndefinedMode::kStrict;
  const Environment environment(nullptr, options);
  EXPECT_EQ(failure_of(environment, "{{ usre }}"), ":1: 'usre' is undefined\n  {{ usre }}");
  EXPECT_EQ(environment.render_text("{{ usre is defined }}"), "False");
}

TEST(TemplateEnvironment, RefusesPrivateNamesAndFormatsThatLookInside) {
  const Environment environment;
  EXPECT_NE(failure_of(environment, "{{ ''.__class__ }}").find("refused"), std::string::npos);
  EXPECT_NE(failure_of(environment, "{{ ''|attr('__class__') }}").find("refused"),
            std::string::npos);
  EXPECT_NE(failure_of(environment, "{{ '{0.__class__}'.format(1) }}").find("arguments only"),
            std::string::npos);
  EXPECT_NE(failure_of(environment, "{{ ['{0.x}']|map('format', 1)|join }}"), "");
}

TEST(TemplateEnvironment, RefusesAttributeNamesThatEndTheTag) {
  const Environment environment;
  for (const char* name : {"a b", "a/b", "a>b", "a=b"}) {
    EXPECT_NE(failure_of(environment, std::string("{{ {'") + name + "': 1}|xmlattr }}")
                  .find("Invalid character"),
              std::string::npos)
        << name;
  }
}

TEST(TemplateEnvironment, EndsWhatDoesNotEnd) {
  EnvironmentOptions options;
  options.most_steps = 10'000;
  options.most_bytes = 100'000;
  const Environment environment(nullptr, options);
  EXPECT_NE(
      failure_of(environment, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").find("too deep"),
      std::string::npos);
  EXPECT_NE(failure_of(environment,
                       "{% for a in range(9999) %}{% for b in range(9999) %}x"
                       "{% endfor %}{% endfor %}")
                .find("steps"),
            std::string::npos);
  EXPECT_NE(failure_of(environment, "{{ 'x' * 90000 ~ 'x' * 90000 }}").find("bytes"),
            std::string::npos);
  EXPECT_NE(failure_of(environment, "{{ 'x' * 9000000000 }}").find("too large"), std::string::npos);
  EXPECT_NE(
      failure_of(environment, "{{ " + std::string(500, '(') + "1" + std::string(500, ')') + " }}")
          .find("deep"),
      std::string::npos);
}

TEST(TemplateEnvironment, EndsTemplatesThatExtendEachOther) {
  const Environment environment(
      texts({{"a", "{% extends 'b' %}"}, {"b", "{% extends 'a' %}"}, {"c", "{% include 'c' %}"}}));
  EXPECT_THROW(environment.render("a"), TemplateError);
  EXPECT_THROW(environment.render("c"), TemplateError);
}

TEST(TemplateEnvironment, ExtendsAsOftenAsItIncludes) {
  const Environment environment(texts({{"base", "<{% block b %}{% endblock %}>"},
                                       {"leaf", "{% extends 'base' %}{% block b %}x{% endblock %}"},
                                       {"page",
                                        "{% for n in range(80) %}{% include 'leaf' %}"
                                        "{% endfor %}"}}));
  EXPECT_EQ(environment.render("page").size(), 80 * 3U);
}

TEST(TemplateEnvironment, LeavesAloneWhatItWasGiven) {
  const Environment environment;
  const Value all = Value::list({Value(1)});
  const Value user = Value::mapping({{Value("name"), Value("Ada")}});
  for (const char* source :
       {"{% do all.append(2) %}", "{% do all.pop() %}", "{% do user.clear() %}",
        "{% do user.update(a=1) %}", "{% do user.setdefault('b', 1) %}"}) {
    EXPECT_THROW(environment.render_text(source, {{"all", all}, {"user", user}}), TemplateError)
        << source;
  }
  EXPECT_EQ(
      environment.render_text("{% set own = all.copy() %}{% do own.append(2) %}{{ own }}{{ all }}",
                              {{"all", all}}),
      "[1, 2][1]");
}

TEST(TemplateEnvironment, KeepsWhatAValueRefersToUntilTheEnd) {
  const Environment environment(
      texts({{"part.txt", "{% block b %}b{% endblock %}{% do kept.append(self) %}"},
             {"page.txt",
              "{% set kept = [] %}{% include 'part.txt' %}{% macro m(all) %}"
              "{% for x in all recursive %}{% do kept.append(loop) %}({{ x }}){% endfor %}"
              "{% endmacro %}{{ m([1]) }}{{ kept[0].b() }}{{ kept[1]([2]) }}"}}));
  EXPECT_EQ(environment.render("page.txt"), "b(1)b(2)");
}

TEST(TemplateEnvironment, EndsWhatDoubles) {
  const Environment environment;
  for (const char* grow : {"ns.x ~ ns.x", "ns.x + ns.x", "ns.x|replace('a', 'aaaa')",
                           "ns.x.replace('a', 'aaaa')", "(ns.x, ns.x)|join", "ns.x * 2"}) {
    const std::string source = std::string(
                                   "{% set ns = namespace(x='a') %}{% for n in range(64) %}"
                                   "{% set ns.x = ") +
                               grow + " %}{% endfor %}";
    EXPECT_NE(failure_of(environment, source).find("too large"), std::string::npos) << grow;
  }
  EXPECT_NE(failure_of(environment,
                       "{% set l = [1] %}{% for n in range(64) %}{% do l.extend(l) %}"
                       "{% endfor %}")
                .find("too large"),
            std::string::npos);
}

TEST(TemplateEnvironment, FindsMembersOfLargeMappings) {
  EXPECT_EQ(
      render("{% set d = dict() %}{% for n in range(3000) %}{% do d.update({n: n * 2}) %}"
             "{% endfor %}{% do d.pop(7) %}{{ d[2999] }} {{ 7 in d }} {{ d[8] }} {{ d|length }}"),
      "5998 False 16 2999");
}

TEST(TemplateEnvironment, WhatIsLookedAtMayChangeMeanwhile) {
  const std::string grow = "d.update({1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8})";
  const std::string begin = "{% set d = {'a': 'a text that is not short at all'} %}";
  EXPECT_EQ(render(begin + "{{ d.a == " + grow + " }} {{ d|length }}"), "False 9");
  EXPECT_EQ(render(begin + "{{ d.a[" + grow + " or 0] }}"), "a");
  EXPECT_EQ(render(begin + "{{ d.a if d.a and not " + grow + " else 'none' }}"),
            "a text that is not short at all");
}

TEST(TemplateEnvironment, SortsWhatIsNoUtf8) {
  std::string bad(5000, '\x80');
  std::string other = bad;
  other.back() = '\x81';
  const Environment environment;
  EXPECT_EQ(environment.render_text("{{ (l|sort)[0] == l[1] }}",
                                    {{"l", Value::list({Value(other), Value(bad)})}}),
            "True");
}

TEST(TemplateEnvironment, RefusesWhatIsMalformed) {
  const Environment environment;
  for (const char* source :
       {"{{ x.99999999999999999999 }}", "{% macro (a) %}{% endmacro %}", "{{ 'a'.replace('b') }}",
        "{{ '\\xZZ' }}", "{{ 0x }}", "{% block b %}{% extends 'a' %}{% endblock %}", "{{", "{% if",
        "{{ '{'.format() }}", "{{ '%' % 1 }}", "{% trans %}{{ a.b }}{% endtrans %}"}) {
    EXPECT_THROW(environment.render_text(source), TemplateError) << source;
  }
}

TEST(TemplateEnvironment, NeverLeavesItsFolder) {
  const auto root = std::filesystem::temp_directory_path() / "hornbeam_templates_folder";
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root / "in");
  std::ofstream(root / "secret.txt") << "secret";
  std::ofstream(root / "in" / "page.txt") << "page";
  std::filesystem::create_symlink("../secret.txt", root / "in" / "link.txt");
  const Environment environment(folder((root / "in").string()));
  EXPECT_EQ(environment.render("page.txt"), "page");
  for (const char* name : {"../secret.txt", "link.txt", "/etc/passwd", "in/../../secret.txt", ""}) {
    EXPECT_THROW(environment.render(name), TemplateError) << name;
  }
  std::filesystem::remove_all(root);
}

TEST(TemplateEnvironment, ReadsAChangedTemplateAnewWhenAsked) {
  const auto root = std::filesystem::temp_directory_path() / "hornbeam_templates_reload";
  std::filesystem::create_directories(root);
  std::ofstream(root / "page.txt") << "old";
  EnvironmentOptions options;
  options.reload = true;
  const Environment environment(folder(root.string()), options);
  EXPECT_EQ(environment.render("page.txt"), "old");
  std::ofstream(root / "page.txt") << "new";
  std::filesystem::last_write_time(
      root / "page.txt",
      std::filesystem::last_write_time(root / "page.txt") + std::chrono::seconds(2));
  EXPECT_EQ(environment.render("page.txt"), "new");
  std::filesystem::remove_all(root);
}

TEST(TemplateEnvironment, RendersPieceByPiece) {
  const Environment environment(
      texts({{"a.txt", "{% for i in range(9000) %}0123456789{{ '' }}{% endfor %}"}}));
  std::size_t pieces = 0;
  std::string all;
  environment.render_to("a.txt", {}, [&](std::string_view piece) {
    ++pieces;
    all += piece;
  });
  EXPECT_EQ(all.size(), 90'000U);
  EXPECT_GT(pieces, 3U);
}

TEST(TemplateEnvironment, Translates) {
  EnvironmentOptions options;
  options.translations.singular = [](const std::string& text, Rendering&) {
    return text == "Hello %(name)s!" ? "Hallo %(name)s!" : text;
  };
  const Environment environment(nullptr, options);
  EXPECT_EQ(
      environment.render_text("{% trans %}Hello {{ name }}!{% endtrans %}", {{"name", "<A>"}}),
      "Hallo &lt;A&gt;!");
  EXPECT_EQ(environment.render_text(
                "{% trans n=count %}{{ n }} user{% pluralize %}{{ n }} users{% endtrans %}",
                {{"count", 3}}),
            "3 users");
}

}  // namespace
}  // namespace hornbeam::templates
