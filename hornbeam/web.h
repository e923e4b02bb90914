#pragma once

// Everything a web application names, in one include. Fine headers are under hornbeam/web/.

#include <fmt/core.h>

#include "hornbeam/base/describe.h"      // IWYU pragma: export
#include "hornbeam/base/json.h"          // IWYU pragma: export
#include "hornbeam/base/log.h"           // IWYU pragma: export
#include "hornbeam/base/rules.h"         // IWYU pragma: export
#include "hornbeam/web/app.h"            // IWYU pragma: export
#include "hornbeam/web/compression.h"    // IWYU pragma: export
#include "hornbeam/web/conditional.h"    // IWYU pragma: export
#include "hornbeam/web/config.h"         // IWYU pragma: export
#include "hornbeam/web/cookie.h"         // IWYU pragma: export
#include "hornbeam/web/cors.h"           // IWYU pragma: export
#include "hornbeam/web/csrf.h"           // IWYU pragma: export
#include "hornbeam/web/event_stream.h"   // IWYU pragma: export
#include "hornbeam/web/flash.h"          // IWYU pragma: export
#include "hornbeam/web/form_state.h"     // IWYU pragma: export
#include "hornbeam/web/negotiation.h"    // IWYU pragma: export
#include "hornbeam/web/openapi.h"        // IWYU pragma: export
#include "hornbeam/web/run.h"            // IWYU pragma: export
#include "hornbeam/web/segment_types.h"  // IWYU pragma: export
#include "hornbeam/web/send_file.h"      // IWYU pragma: export
#include "hornbeam/web/upload.h"         // IWYU pragma: export
#include "hornbeam/web/url_for.h"        // IWYU pragma: export

namespace hornbeam {

using base::Described;
using base::Error;
using base::Result;
using base::Task;
using base::Type;

using base::error;
using base::field;
using base::fields;

using base::about;
using base::above;
using base::at_least;
using base::at_most;
using base::below;
using base::ExtraKeys;
using base::length;
using base::omit_empty;
using base::one_of;
using base::or_default;
using base::pattern;
using base::range;
using base::satisfies;
using base::secret;

using base::from_json;
using base::to_json;

}  // namespace hornbeam

namespace hornbeam::web {

using base::Task;
using http::BodySink;
using http::CloseCode;
using http::Method;
using http::SendResult;
using http::WebSocketOptions;

}  // namespace hornbeam::web
