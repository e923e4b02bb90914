#pragma once

// How the pages of the console and the dashboards get into an application's own layout.

#include <functional>
#include <string>

#include "hornbeam/web/request.h"
#include "hornbeam/web/respond.h"

namespace hornbeam::site {

/// A page without the frame around it.
struct ConsolePage {
  std::string title;  ///< Plain text.
  std::string head;   ///< Markup: styles and scripts, all of them files of this site.
  std::string body;   ///< Markup for the page's main part; its heading is an h1.
};

/// Makes a whole page of one, such as by a template that has `{{ page.body|safe }}`.
using ConsoleFrame =
    std::function<web::Response(const web::Request& request, const ConsolePage& page)>;

/// A frame for applications that have none: a bare page.
web::Response bare_frame(const web::Request& request, const ConsolePage& page);

}  // namespace hornbeam::site
