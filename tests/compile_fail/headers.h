#pragma once

// Everything that the cases include.

#include "hornbeam/data.h"
#include "hornbeam/web.h"
