// FollowedFiles: the files that are open for reading and in which readers of columns can be recognised, from
// open to release. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "fs/mount/stride_predictor.h"

namespace ndcat {

class FollowedFiles {
 public:
  /// What the kernel hands back with every request on the open file; never one of OpenFiles, which count from
  /// 1.
  using Handle = std::uint64_t;

  [[nodiscard]] static bool is_handle(Handle handle) { return handle >= kFirst; }
  Handle add(StridePredictor predictor);
  /// Does nothing for a handle that is not here.
  void remove(Handle handle);
  /// StridePredictor::on_read() of that file; nothing for a handle that is not here.
  std::optional<Push> on_read(Handle handle, Index offset, Index size);

 private:
  static constexpr Handle kFirst = Handle{1} << 63;

  struct File {
    explicit File(StridePredictor its_predictor) : predictor(std::move(its_predictor)) {}
    std::mutex mutex;
    StridePredictor predictor;
  };
  [[nodiscard]] std::shared_ptr<File> find(Handle handle) const;

  mutable std::mutex mutex_;
  Handle next_ = kFirst;
  std::unordered_map<Handle, std::shared_ptr<File>> files_;
};

}  // namespace ndcat
