#pragma once

/// Live two-player games: rules as pure functions, rooms that survive, bots.

#include "hornbeam/live/caretaker.h"
#include "hornbeam/live/database_game_log.h"
#include "hornbeam/live/feed_wakeups.h"
#include "hornbeam/live/game_kind.h"
#include "hornbeam/live/game_record.h"
#include "hornbeam/live/games/connect_four.h"
#include "hornbeam/live/games/gomoku.h"
#include "hornbeam/live/games/grid_bot.h"
#include "hornbeam/live/games/tic_tac_toe.h"
#include "hornbeam/live/games/tic_tac_toe_bot.h"
#include "hornbeam/live/lobby.h"
#include "hornbeam/live/memory_game_log.h"
#include "hornbeam/live/players.h"
#include "hornbeam/live/read_games.h"
#include "hornbeam/live/rules.h"
#include "hornbeam/live/seat_token.h"
#include "hornbeam/live/session.h"
#include "hornbeam/live/sweep.h"
#include "hornbeam/live/wakeups.h"
