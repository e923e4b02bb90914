#pragma once

namespace hornbeam::templates {
class Environment;
}

namespace hornbeam::templates::internal {

/// Jinja's own filters, tests and functions, by what they are about.
void add_text_filters(Environment& environment);
void add_list_filters(Environment& environment);
void add_number_filters(Environment& environment);
void add_html_filters(Environment& environment);
void add_tests(Environment& environment);
void add_globals(Environment& environment);

}  // namespace hornbeam::templates::internal
