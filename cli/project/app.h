#pragma once

#include <memory>

#include "hornbeam/templates.h"
#include "hornbeam/web.h"

/// The application and what it stands on: members in the order of their dependencies.
struct Application {
  explicit Application(const hornbeam::web::Config& config);

  hornbeam::templates::Environment pages;
  hornbeam::web::App app;
};
