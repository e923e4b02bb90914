#pragma once

// A target that is another one, until a test says that it is away or dies at a certain step.

#include <functional>

#include "hornbeam/denorm/target.h"

namespace hornbeam::denorm {

/// Lifetime: ends before the target it stands before.
class HookedTarget final : public Target {
 public:
  explicit HookedTarget(Target& behind) : behind_(behind) {}

  /// Called first, with the name of the member; may throw.
  std::function<void(std::string_view member)> before = [](std::string_view) {};

  std::vector<std::string> indices() override { return behind_.indices(); }
  void create(const std::string& index, const std::string& mapping) override {
    behind_.create(index, mapping);
  }
  void remove(const std::string& index) override { behind_.remove(index); }
  std::optional<std::string> find_alias(const std::string& alias) override {
    before("find_alias");
    return behind_.find_alias(alias);
  }
  void point(const std::string& alias, const std::string& index) override {
    behind_.point(alias, index);
  }
  void claim(const std::string& index, std::int64_t token) override { behind_.claim(index, token); }
  std::vector<Refusal> apply(const std::string& index, const Writes& writes) override {
    before("apply");
    return behind_.apply(index, writes);
  }
  void commit(const std::string& index, const std::string& state, std::int64_t token) override {
    before("commit");
    behind_.commit(index, state, token);
  }
  std::string state(const std::string& index) override { return behind_.state(index); }
  std::vector<std::optional<std::string>> hashes(const std::string& index,
                                                 std::span<const std::string> ids) override {
    return behind_.hashes(index, ids);
  }
  void visit_ids(const std::string& index,
                 const std::function<bool(std::span<const std::string>)>& visit) override {
    behind_.visit_ids(index, visit);
  }
  std::uint64_t count(const std::string& index) override { return behind_.count(index); }
  base::Result<search::SearchResult> search(const std::string& name,
                                            const search::SearchRequest& request) override {
    return behind_.search(name, request);
  }

 private:
  Target& behind_;
};

}  // namespace hornbeam::denorm
