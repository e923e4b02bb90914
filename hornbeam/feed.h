#pragma once

/// What has changed in the database, exactly: triggers, cursors, followers, hints.

#include "hornbeam/feed/change_log.h"
#include "hornbeam/feed/follower_thread.h"
#include "hornbeam/feed/followers.h"
#include "hornbeam/feed/kafka_wakeups.h"
#include "hornbeam/feed/open_wakeups.h"
#include "hornbeam/feed/postgres_wakeups.h"
#include "hornbeam/feed/publisher.h"
#include "hornbeam/feed/redis_wakeups.h"
#include "hornbeam/feed/touch_scan.h"
#include "hornbeam/feed/tracking.h"
#include "hornbeam/feed/wakeups.h"
