#pragma once

/// Live two-player games: rules as pure functions, rooms that survive, bots.

#include "hornbeam/live/games/tic_tac_toe.h"
#include "hornbeam/live/games/tic_tac_toe_bot.h"
#include "hornbeam/live/rules.h"
