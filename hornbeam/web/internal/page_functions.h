#pragma once

// What every page of an application sees, besides what it is given: see web/templates.h.

#include "hornbeam/templates/environment.h"
#include "hornbeam/web/internal/page_objects.h"
#include "hornbeam/web/url_map.h"

namespace hornbeam::web {

/// Adds `url_for`, `get_flashed_messages`, `csrf_token`, `csrf_field` and `csp_nonce`, which take
/// the rendering's subject for a `PageSubject`.
void add_page_functions(templates::Environment& environment);

/// `request` and `session`. Lifetime: the subject's.
templates::Values request_values(const PageSubject& subject);

/// Throws templates::TemplateError for the first `url_for` of a template that no route answers.
void check_urls(const templates::Environment& environment, const UrlMap& urls);

}  // namespace hornbeam::web
