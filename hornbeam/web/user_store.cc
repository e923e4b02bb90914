#include "hornbeam/web/user_store.h"

#include <utility>

namespace hornbeam::web {

using base::Task;

void MemoryUserStore::add_account(Account account) {
  const std::lock_guard lock(mutex_);
  std::string id = account.id;
  accounts_.insert_or_assign(std::move(id), std::move(account));
}

Task<std::optional<Account>> MemoryUserStore::find_account(std::string id) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id);
  if (found == accounts_.end()) co_return std::nullopt;
  co_return found->second;
}

Task<std::optional<Account>> MemoryUserStore::find_account_by_name(std::string name) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, account] : accounts_) {
    if (account.name == name) co_return account;
  }
  co_return std::nullopt;
}

Task<void> MemoryUserStore::replace_password_hash(std::string id, std::string former,
                                                  std::string hash) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id);
  if (found != accounts_.end() && found->second.password_hash == former) {
    found->second.password_hash = std::move(hash);
  }
  co_return;
}

Task<void> MemoryUserStore::advance_generation(std::string id) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id);
  if (found != accounts_.end()) ++found->second.generation;
  co_return;
}

Task<void> MemoryUserStore::add_remembered(RememberedLogin login) {
  const std::lock_guard lock(mutex_);
  std::string series = login.series;
  remembered_.insert_or_assign(std::move(series), std::move(login));
  co_return;
}

Task<std::optional<RememberedLogin>> MemoryUserStore::find_remembered(std::string series) {
  const std::lock_guard lock(mutex_);
  const auto found = remembered_.find(series);
  if (found == remembered_.end()) co_return std::nullopt;
  co_return found->second;
}

Task<bool> MemoryUserStore::renew_remembered(RememberedLogin login) {
  const std::lock_guard lock(mutex_);
  const auto found = remembered_.find(login.series);
  if (found == remembered_.end() || found->second.token_hash != login.former_hash) co_return false;
  found->second = std::move(login);
  co_return true;
}

Task<void> MemoryUserStore::forget_remembered(std::string series) {
  const std::lock_guard lock(mutex_);
  remembered_.erase(series);
  co_return;
}

Task<void> MemoryUserStore::forget_all_remembered(std::string account_id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(remembered_,
                [&account_id](const auto& entry) { return entry.second.account_id == account_id; });
  co_return;
}

}  // namespace hornbeam::web
