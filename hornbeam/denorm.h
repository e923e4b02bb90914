#pragma once

/// A search index that follows the database: document types, the indexer, the three ways to read.

#include "hornbeam/base/loop.h"
#include "hornbeam/denorm/document_of.h"
#include "hornbeam/denorm/embedded_target.h"
#include "hornbeam/denorm/finder.h"
#include "hornbeam/denorm/index_commands.h"
#include "hornbeam/denorm/indexer.h"
#include "hornbeam/denorm/opensearch/opensearch_target.h"
#include "hornbeam/denorm/rebuild.h"
#include "hornbeam/denorm/sampled_checker.h"
#include "hornbeam/denorm/status.h"
#include "hornbeam/denorm/verify.h"
#include "hornbeam/feed/change_log.h"
#include "hornbeam/feed/open_wakeups.h"
#include "hornbeam/feed/touch_scan.h"
#include "hornbeam/feed/tracking.h"
#include "hornbeam/feed/wakeups.h"
#include "hornbeam/search/collection/find.h"
#include "hornbeam/search/collection/queries.h"
#include "hornbeam/search/node/node.h"
