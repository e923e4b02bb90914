#pragma once

// A target that several processes reach: documents in tables of a database, the state of an index
// in the same transaction. It keeps a count of what each lease has written, so that a test can say
// who did the work.

#include <string>
#include <vector>

#include "hornbeam/data/database.h"
#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

/// Lifetime: `database` outlives it. It is another one than the one that is followed.
class TableTarget final : public Target {
 public:
  explicit TableTarget(data::Database& database) : database_(database) {}
  /// Makes its tables.
  static void create_tables(data::Database& database);

  std::vector<std::string> indices() override;
  void create(const std::string& index, const std::string& mapping) override;
  void remove(const std::string& index) override;
  std::optional<std::string> find_alias(const std::string& alias) override;
  void point(const std::string& alias, const std::string& index) override;
  std::vector<Refusal> apply(const std::string& index, const Writes& writes) override;
  void commit(const std::string& index, const std::string& state, std::int64_t token) override;
  std::string state(const std::string& index) override;
  std::vector<std::optional<std::string>> hashes(const std::string& index,
                                                 std::span<const std::string> ids) override;
  void visit_ids(const std::string& index,
                 const std::function<bool(std::span<const std::string>)>& visit) override;
  std::uint64_t count(const std::string& index) override;
  base::Result<search::SearchResult> search(const std::string& name,
                                            const search::SearchRequest& request) override;

  /// How many documents were put, ever.
  std::int64_t puts();

 private:
  void require_token(data::Transaction& tx, const std::string& index, std::int64_t token);

  data::Database& database_;
};

}  // namespace hornbeam::denorm
