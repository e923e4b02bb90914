#include "hornbeam/data/database.h"

#include <fmt/format.h>

#include "hornbeam/base/check.h"
#include "hornbeam/base/url_password.h"
#include "hornbeam/data/error.h"
#include "hornbeam/data/postgres/database.h"
#include "hornbeam/data/sqlite/database.h"

namespace hornbeam::data {

std::unique_ptr<Database> Database::open(std::string_view url, const DatabaseOptions& options) {
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon == std::string_view::npos ? 0 : colon);
  if (scheme == "sqlite") return sqlite::open_database(url, options);
  if (scheme == "postgresql" || scheme == "postgres") {
    return postgres::open_database(url, options);
  }
  throw DatabaseError(
      ErrorKind::kOther,
      fmt::format("no kind of database is called \"{}\" (in the URL \"{}\"). Known: sqlite, "
                  "postgresql. Write "
                  "sqlite:///file.db, sqlite:////absolute/file.db, sqlite:// for memory, or "
                  "postgresql://user@host/name",
                  scheme, base::without_password(url)));
}

void Database::submit_and_resume(internal::Job& job, Access access,
                                 std::coroutine_handle<> waiting) {
  base::check(base::Executor::current() != nullptr,
              "Database::write and read resume on the caller's executor, and there is none: use "
              "write_now or read_now");
  job.waiting = waiting;
  job.executor = base::Executor::current();
  submit(job, access);
}

void Database::submit_and_wait(internal::Job& job, Access access) {
  base::check(base::Executor::current() == nullptr,
              "Database::write_now and read_now block: await write or read on a loop");
  base::check(!internal::DatabaseThread::is_current(),
              "work of a database would wait for itself: do it all in one call of write or read");
  internal::Latch latch;
  job.latch = &latch;
  submit(job, access);
  latch.wait();
}

}  // namespace hornbeam::data
