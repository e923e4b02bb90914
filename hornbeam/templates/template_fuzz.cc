// Any text as a template: it renders or is refused, within bounds, whatever it says.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "hornbeam/templates/environment.h"

namespace {

using hornbeam::templates::Environment;
using hornbeam::templates::EnvironmentOptions;
using hornbeam::templates::TemplateError;
using hornbeam::templates::Value;

EnvironmentOptions bounded() {
  EnvironmentOptions options;
  options.most_steps = 2'000;
  options.most_bytes = 1U << 20U;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Environment kEnvironment(
      hornbeam::templates::texts(
          {{"base", "<{% block body %}{{ x }}{% endblock %}>"},
           {"macros",
            "{% macro m(a, b=1) %}[{{ a }}{{ b }}{{ caller() if caller }}]{% endmacro %}"}}),
      bounded());
  const std::string_view source(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes
  try {
    kEnvironment.render_text(
        source, {{"x", Value("<&>")},
                 {"n", Value(3)},
                 {"all", Value::list({Value(1), Value("b"), Value(2.5)})},
                 {"user", Value::mapping({{Value("name"), Value("Ada")}, {Value(1), Value()}})}});
  } catch (const TemplateError&) {
    // Refused, as it should be if it is malformed.
  }
  return 0;
}
