// Renders templates for jinja_fuzz.py: each line of the input is {"templates": {name: source},
// "name": ..., "values": {...}, "strict": bool}, each line of the output {"text": ...} or {"error":
// ...}.

#include <iostream>
#include <map>
#include <string>

#include "hornbeam/base/json.h"
#include "hornbeam/templates.h"
#include "hornbeam/templates/from_json.h"

namespace {

namespace base = hornbeam::base;
namespace templates = hornbeam::templates;

std::string answer(const base::JsonDocument& question) {
  const base::JsonView root = question.root();
  std::map<std::string, std::string, std::less<>> sources;
  const base::JsonView given = root.find("templates").value();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto [name, source] = given.member(i);
    sources.emplace(name, source.find_string().value());
  }
  templates::EnvironmentOptions options;
  if (root.find("strict").value().find_bool().value()) {
    options.undefined = templates::UndefinedMode::kStrict;
  }
  templates::Values values;
  const base::JsonView context = root.find("values").value();
  for (std::size_t i = 0; i < context.size(); ++i) {
    const auto [name, value] = context.member(i);
    values.emplace_back(std::string(name), templates::from_json(value));
  }
  const std::string_view name = root.find("name").value().find_string().value();
  std::string out;
  try {
    const templates::Environment environment(templates::texts(std::move(sources)), options);
    const std::string text = environment.render(name, values);
    out = "{\"text\":";
    base::append_json_string(out, text);
  } catch (const templates::TemplateError& error) {
    out = "{\"error\":";
    base::append_json_string(out, error.what());
  }
  return out + "}";
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const auto question = base::JsonDocument::parse(line);
    if (!question) {
      std::cerr << "render_lines: " << question.error().message() << "\n";
      return 2;
    }
    std::cout << answer(*question) << std::endl;  // NOLINT: the other side waits for the line.
  }
  return 0;
}
