#pragma once

#include <memory>
#include <string>

#include "bench/rows/row.h"

namespace bench {

/// On an empty database, in which each makes the table. `url` is one of Hornbeam's.
std::unique_ptr<Subject> hornbeam_subject(const std::string& url);
std::unique_ptr<Subject> sqlite_subject(const std::string& file);
/// `is_pipelined`: rows are sent one by one without waiting, in the place of many to a statement;
/// so are the questions.
std::unique_ptr<Subject> libpq_subject(const std::string& url, bool is_pipelined);

}  // namespace bench
