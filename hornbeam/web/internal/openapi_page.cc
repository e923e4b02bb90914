#include "hornbeam/web/internal/openapi_page.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "hornbeam/base/check.h"
#include "hornbeam/base/encoding.h"
#include "hornbeam/web/internal/schema_html.h"

namespace hornbeam::web {

namespace {

using base::html_escape;
using base::JsonView;

std::string text_of(JsonView object, std::string_view name) {
  const std::optional<JsonView> found = object.find(name);
  return found ? html_escape(found->find_string().value_or("")) : "";
}

/// One operation of the document.
struct Entry {
  std::string method;
  std::string path;
  std::string id;
  JsonView operation;
};

/// One for each id, which browsers find as it stands in the link.
std::string anchor_of(std::string_view id) {
  return "op-" + base::percent_encode(id);
}

/// What an operation is listed under: its tag, or how its path begins.
std::string group_of(std::string_view path, JsonView operation) {
  if (const auto tags = operation.find("tags"); tags && tags->size() > 0) {
    return std::string(tags->element(0).find_string().value_or(""));
  }
  return std::string(path.substr(0, path.find_first_of("/{", 1)));
}

using Groups = std::map<std::string, std::vector<Entry>>;

Groups groups_of(JsonView paths) {
  Groups groups;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto [path, item] = paths.member(i);
    for (std::size_t j = 0; j < item.size(); ++j) {
      const auto [method, operation] = item.member(j);
      std::string upper(method);
      for (char& each : upper) each = static_cast<char>(each - 'a' + 'A');
      const auto id = operation.find("operationId");
      groups[group_of(path, operation)].push_back(
          {std::move(upper), std::string(path),
           anchor_of(id ? id->find_string().value_or("") : path), operation});
    }
  }
  return groups;
}

std::string title_of(const Entry& entry) {
  return "<span class=\"method " + entry.method + "\">" + entry.method + "</span> <code>" +
         html_escape(entry.path) + "</code>";
}

std::string navigation(const Groups& groups, JsonView schemas) {
  std::string out = "<nav aria-label=\"Contents\">\n";
  for (const auto& [name, entries] : groups) {
    out += "<h2>" + html_escape(name) + "</h2>\n<ul>\n";
    for (const Entry& entry : entries) {
      out += "<li><a href=\"#" + entry.id + "\">" + title_of(entry) + "</a></li>\n";
    }
    out += "</ul>\n";
  }
  out += "<h2>Schemas</h2>\n<ul>\n";
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const std::string name = html_escape(schemas.member(i).first);
    out += "<li><a href=\"#schema-";
    out += name + "\">" + name + "</a></li>\n";
  }
  return out + "</ul>\n</nav>\n";
}

std::string parameters(JsonView list, const SchemaPrinter& printer) {
  std::string out =
      "<h4>Parameters</h4>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" "
      "aria-label=\"Parameters\"><table>\n<thead><tr><th scope=\"col\">Name</th>"
      "<th scope=\"col\">In</th><th scope=\"col\">Value</th><th scope=\"col\">Meaning</th>"
      "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonView each = list.element(i);
    const JsonView schema = *each.find("schema");
    const std::string said = text_of(each, "description");
    out += "<tr><th scope=\"row\"><code>" + text_of(each, "name") + "</code>" +
           (each.find("required")->find_bool().value_or(false) ? " <small>required</small>" : "") +
           "</th><td>" + text_of(each, "in") + "</td><td>" + printer.words(schema) + "</td><td>" +
           (said.empty() ? text_of(schema, "description") : said) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

/// What may be sent or come back, by media type.
std::string contents(JsonView content, const SchemaPrinter& printer) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto [type, media] = content.member(i);
    const JsonView schema = *media.find("schema");
    out += "<p><code>" + html_escape(type) + "</code>: ";
    if (schema.find("properties")) {
      out += "</p>\n" + printer.table(schema);
    } else {
      out += printer.words(schema) + "</p>\n";
    }
    if (type != "application/json") continue;
    out += "<details><summary>Example</summary><pre tabindex=\"0\">" +
           html_escape(printer.example(schema)) + "</pre></details>\n";
  }
  return out;
}

std::string responses(JsonView list, const SchemaPrinter& printer) {
  std::string out = "<h4>Responses</h4>\n<dl>\n";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [status, answer] = list.member(i);
    out += "<dt><code>" + html_escape(status) + "</code> " + text_of(answer, "description") +
           "</dt>\n<dd>";
    if (const auto content = answer.find("content")) out += contents(*content, printer);
    out += "</dd>\n";
  }
  return out + "</dl>\n";
}

std::string article(const Entry& entry, const SchemaPrinter& printer) {
  const JsonView operation = entry.operation;
  std::string out = "<article id=\"" + entry.id + "\">\n<h3>" + title_of(entry) + "</h3>\n";
  if (operation.find("deprecated")) out += "<p><strong>Deprecated.</strong></p>\n";
  for (const char* name : {"summary", "description"}) {
    if (const std::string said = text_of(operation, name); !said.empty()) {
      out += "<p>" + said + "</p>\n";
    }
  }
  if (const auto list = operation.find("parameters")) out += parameters(*list, printer);
  if (const auto body = operation.find("requestBody")) {
    out += "<h4>Body</h4>\n" + contents(*body->find("content"), printer);
  }
  return out + responses(*operation.find("responses"), printer) + "</article>\n";
}

/// From the page at `from` to `to`, both from the root: relative, so that a prefix put before both
/// by a proxy does no harm.
std::string relative_link(std::string_view from, std::string_view to) {
  std::string link;
  for (auto i = std::ranges::count(from, '/'); i > 1; --i) link += "../";
  return (link.empty() ? "./" : link) + std::string(to.substr(1));
}

}  // namespace

std::string openapi_page(std::string_view document, const OpenApi& options) {
  const auto parsed = base::JsonDocument::parse(document);
  base::check(parsed.has_value(), "an OpenAPI document is no JSON");
  const JsonView root = parsed->root();
  const JsonView schemas = *root.find("components")->find("schemas");
  const SchemaPrinter printer(schemas);
  const Groups groups = groups_of(*root.find("paths"));
  const std::string title = html_escape(options.title);
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
      title + "</title>\n<link rel=\"stylesheet\" href=\"" +
      html_escape(relative_link(options.docs_path, options.docs_path + "/docs.css")) +
      "\">\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"" +
      html_escape(relative_link(options.docs_path, options.docs_path + "/docs.svg")) +
      "\">\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the operations</a>\n"
      "<header>\n<h1>" +
      title + " <small>" + html_escape(options.version) + "</small></h1>\n";
  if (!options.description.empty()) out += "<p>" + html_escape(options.description) + "</p>\n";
  if (!options.path.empty()) {
    out += "<p><a href=\"" + html_escape(relative_link(options.docs_path, options.path)) +
           "\">OpenAPI document</a></p>\n";
  }
  out += "</header>\n" + navigation(groups, schemas) + "<main id=\"main\" tabindex=\"-1\">\n";
  for (const auto& [name, entries] : groups) {
    out += "<section>\n<h2>" + html_escape(name) + "</h2>\n";
    for (const Entry& entry : entries) out += article(entry, printer);
    out += "</section>\n";
  }
  out += "<section>\n<h2>Schemas</h2>\n";
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const auto [name, schema] = schemas.member(i);
    const std::string shown = html_escape(name);
    out += "<article id=\"schema-";
    out += shown + "\">\n<h3>" + shown + "</h3>\n" + printer.table(schema);
    out += "<details><summary>Example</summary><pre tabindex=\"0\">";
    out += html_escape(printer.example(schema)) + "</pre></details>\n</article>\n";
  }
  return out + "</section>\n</main>\n</body>\n</html>\n";
}

std::string_view openapi_icon() {
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path fill="none" stroke="#0b57d0" stroke-width="2" d="M6 2C2 2 5 8 2 8c3 0 0 6 4 6M10 2c4 0 1 6 4 6-3 0 0 6-4 6"/>
</svg>
)";
}

std::string_view openapi_style() {
  return R"(:root {
  color-scheme: light dark;
  --ink: #1b1f24;
  --page: #fff;
  --line: #cfd4da;
  --soft: #f2f4f6;
  --link: #0b57d0;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --page: #14171a; --line: #444b53; --soft: #1f242a; --link: #8ab4f8; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 76rem; color: var(--ink); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word;
}
a { color: var(--link); }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
h1 small, th small { font-weight: normal; opacity: .8; }
h4 { margin: 1rem 0 .25rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; }
nav h2 { font-size: 1rem; margin: 1rem 0 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { padding: .2rem 0; }
.method { display: inline-block; min-width: 3.6em; font-weight: 700; font-size: .85em; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem 1rem; margin: 1rem 0; }
article:target { outline: 3px solid var(--link); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-top: 1px solid var(--line); font-weight: normal; }
thead th { font-weight: 600; border-top: 0; }
dd { margin: 0 0 .5rem 1rem; }
dd p, dd details { margin: .25rem 0; }
pre { background: var(--soft); padding: .75rem; border-radius: .4rem; overflow-x: auto; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 19rem minmax(0, 1fr); column-gap: 2rem; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 0; max-height: 100vh; overflow: auto; }
}
)";
}

}  // namespace hornbeam::web
