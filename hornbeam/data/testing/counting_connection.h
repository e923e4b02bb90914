#pragma once

// A connection that counts its statements, so that a test can say how many a piece of work takes.

#include "hornbeam/data/connection.h"

namespace hornbeam::data {

/// Lifetime: ends before the connection it counts for.
class CountingConnection final : public Connection {
 public:
  explicit CountingConnection(Connection& counted) : counted_(counted) {}

  /// How many statements were asked for; each is run once for each time.
  int statements() const { return statements_; }

  Dialect dialect() const override { return counted_.dialect(); }
  StatementLease prepare(std::string_view sql) override {
    ++statements_;
    return counted_.prepare(sql);
  }
  void run_script(std::string_view sql) override {
    ++statements_;
    counted_.run_script(sql);
  }
  void begin(Begin kind) override { counted_.begin(kind); }
  void set_local(std::string_view name, std::string_view value) override {
    counted_.set_local(name, value);
  }
  void commit() override { counted_.commit(); }
  void rollback() noexcept override { counted_.rollback(); }
  bool in_transaction() const override { return counted_.in_transaction(); }
  void require_resolved_references() override { counted_.require_resolved_references(); }
  void start_clock() noexcept override { counted_.start_clock(); }
  void savepoint() override { counted_.savepoint(); }
  void release_savepoint() override { counted_.release_savepoint(); }
  void rollback_to_savepoint() override { counted_.rollback_to_savepoint(); }
  int statements_in_use() const override { return counted_.statements_in_use(); }

 private:
  Connection& counted_;
  int statements_ = 0;
};

}  // namespace hornbeam::data
