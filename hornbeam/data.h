#pragma once

// Everything a program needs to use a database.

#include "hornbeam/data/database.h"
#include "hornbeam/data/error.h"
#include "hornbeam/data/function.h"
#include "hornbeam/data/load.h"
#include "hornbeam/data/look.h"
#include "hornbeam/data/migration.h"
#include "hornbeam/data/relation.h"
#include "hornbeam/data/scope.h"
#include "hornbeam/data/transaction.h"
