// CatalogContext: what all snapshots of one catalog share. Thread-safe.
#pragma once

#include <memory>
#include <optional>

#include "fs/files/access_rules.h"
#include "fs/files/file_identity.h"
#include "fs/files/handle_pool.h"
#include "fs/files/mechanisms.h"
#include "fs/files/path_walk.h"
#include "fs/files/recent_walk.h"
#include "fs/files/resolve_files.h"

namespace ndcat {

class PanelCache;

struct CatalogContext {
  std::shared_ptr<AccessRules> rules;
  std::shared_ptr<HandlePool> pool;
  std::shared_ptr<PanelCache> panels;
  Mechanisms mechanisms;
  Nanoseconds settle = 0;  // see CatalogOptions
  std::optional<HeaderMemory> header_memory = {};
  bool writable = false;  // see CatalogOptions
  std::shared_ptr<RecentWalk> recent_walk = std::make_shared<RecentWalk>(walks(rules, pool));

  /// A walk by the rules, which closes idle handles where descriptors run out.
  [[nodiscard]] PathWalk new_walk() const { return walks(rules, pool)(); }

 private:
  [[nodiscard]] static std::function<PathWalk()> walks(std::shared_ptr<const AccessRules> rules,
                                                       std::shared_ptr<HandlePool> pool) {
    return [rules = std::move(rules), pool = std::move(pool)] {
      return PathWalk(rules, [pool] { pool->evict_all(); });
    };
  }
};

}  // namespace ndcat
