#include "hornbeam/site/documentation/markdown.h"

#include <cstdlib>
#include <memory>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

namespace hornbeam::site {

std::string html_of_markdown(std::string_view markdown) {
  // Registers tables and the like with the library, once however often it is called.
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, void (*)(cmark_parser*)> parser(
      cmark_parser_new(CMARK_OPT_VALIDATE_UTF8), &cmark_parser_free);
  for (const char* const each : {"table", "strikethrough", "autolink"}) {
    if (cmark_syntax_extension* const found = cmark_find_syntax_extension(each)) {
      cmark_parser_attach_syntax_extension(parser.get(), found);
    }
  }
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  const std::unique_ptr<cmark_node, void (*)(cmark_node*)> root(cmark_parser_finish(parser.get()),
                                                                &cmark_node_free);
  // Without CMARK_OPT_UNSAFE, HTML and dangerous links become comments.
  const std::unique_ptr<char, void (*)(void*)> html(
      cmark_render_html(root.get(), CMARK_OPT_DEFAULT,
                        cmark_parser_get_syntax_extensions(parser.get())),
      &std::free);
  return "<body>" + std::string(html.get()) + "</body>";
}

}  // namespace hornbeam::site
