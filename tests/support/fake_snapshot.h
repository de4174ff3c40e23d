// FakeSnapshot: a snapshot whose bytes come from a formula; see fake_catalog.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fs/files/snapshot.h"

namespace ndcat {

[[nodiscard]] std::byte fake_byte(Index offset);

struct FakeFile {
  Index size = 0;
  std::vector<std::uint64_t> devices = {1};
  VirtualKind kind = VirtualKind::raw;
  std::function<void()> before_read = {};   // may block
  std::optional<ReadFailure> failure = {};  // of every read
  std::optional<Index> resident = {};       // so much of the beginning; nothing: all, unless a read may block
};

class FakeSnapshot final : public Snapshot {
 public:
  explicit FakeSnapshot(FakeFile file);

  [[nodiscard]] std::uint64_t number() const override { return number_; }
  [[nodiscard]] const ResolvedManifest* manifest() const override {
    return manifest_ ? &*manifest_ : nullptr;
  }
  [[nodiscard]] const Problems& problems() const override { return problems_; }
  [[nodiscard]] const std::vector<VirtualKind>& kinds() const override { return kinds_; }
  [[nodiscard]] Attributes attributes(VirtualKind kind) const override;
  [[nodiscard]] Index header_size(VirtualKind) const override { return 0; }
  std::variant<std::size_t, ReadFailure> read(VirtualKind kind, Index offset,
                                              std::span<std::byte> out) const override;
  [[nodiscard]] bool is_resident(VirtualKind kind, Index offset, Index length) const override;
  /// The second half is a hole.
  [[nodiscard]] std::optional<Index> seek_data(VirtualKind kind, Index offset) const override;
  [[nodiscard]] std::optional<Index> seek_hole(VirtualKind kind, Index offset) const override;
  [[nodiscard]] const std::vector<std::uint64_t>& devices() const override { return file_.devices; }

 private:
  const FakeFile file_;
  const std::uint64_t number_;
  const std::vector<VirtualKind> kinds_;
  std::optional<ResolvedManifest> manifest_;
  Problems problems_;
};

}  // namespace ndcat
