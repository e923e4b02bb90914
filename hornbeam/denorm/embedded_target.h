#pragma once

#include <memory>
#include <mutex>

#include "hornbeam/denorm/target.h"

namespace hornbeam::search {
class Index;
class Node;
}  // namespace hornbeam::search

namespace hornbeam::denorm {

/// The search engine of this process. The state of an index is kept by its commits, in the same
/// rename as the documents. Lifetime: `node` outlives it.
class EmbeddedTarget final : public Target {
 public:
  /// Keeps documents in indices of `node`, which may have others.
  explicit EmbeddedTarget(search::Node& node) : node_(node) {}

  std::vector<std::string> indices() override;
  void create(const std::string& index, const std::string& mapping) override;
  void remove(const std::string& index) override;
  std::optional<std::string> find_alias(const std::string& alias) override;
  void point(const std::string& alias, const std::string& index) override;
  void claim(const std::string& index, std::int64_t token) override { require_token(index, token); }
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

 private:
  std::shared_ptr<search::Index> find(const std::string& index) const;
  void require_token(const std::string& index, std::int64_t token);

  search::Node& node_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> tokens_;  // The greatest seen; guarded by mutex_.
};

}  // namespace hornbeam::denorm
