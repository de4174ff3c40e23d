#include "tests/support/fake_snapshot.h"

#include <algorithm>
#include <atomic>

namespace ndcat {
namespace {

std::atomic<std::uint64_t> last_number = 0;

ResolvedManifest bytes_of_length(Index size) {
  ArrayView view{Dtype::simple(Kind::unsigned_integer, 1), {size}, PieceTable(), {}, {}, {1}};
  return {std::move(view), Order::c, {ViewKind::raw}, Access::read, {}, {}, {}};
}

}  // namespace

std::byte fake_byte(Index offset) {
  const auto o = static_cast<std::uint64_t>(offset);
  return static_cast<std::byte>(o ^ ((o >> 8) * 37) ^ ((o >> 29) * 11));
}

FakeSnapshot::FakeSnapshot(FakeFile file)
    : file_(std::move(file)), number_(++last_number), kinds_{file_.kind} {
  if (file_.kind == VirtualKind::error) {
    problems_.push_back({"broken.json", {}, "a manifest that cannot be served"});
  } else {
    manifest_ = bytes_of_length(file_.size);
  }
}

Attributes FakeSnapshot::attributes(VirtualKind) const {
  constexpr Nanoseconds kTime = 1'600'000'000'123'456'789;
  return {.size = file_.size, .permissions = 0444, .uid = 0, .gid = 0, .modified = kTime, .changed = kTime};
}

std::variant<std::size_t, ReadFailure> FakeSnapshot::read(VirtualKind, Index offset,
                                                          std::span<std::byte> out) const {
  if (file_.before_read) file_.before_read();
  if (file_.failure) return *file_.failure;
  const Index rest = std::max<Index>(file_.size - offset, 0);
  const auto count = static_cast<std::size_t>(std::min<Index>(rest, static_cast<Index>(out.size())));
  for (std::size_t i = 0; i < count; ++i) out[i] = fake_byte(offset + static_cast<Index>(i));
  return count;
}

bool FakeSnapshot::is_resident(VirtualKind, Index offset, Index length) const {
  return file_.resident ? offset + length <= *file_.resident : !file_.before_read;
}

std::optional<Index> FakeSnapshot::seek_data(VirtualKind, Index offset) const {
  if (offset >= file_.size / 2) return std::nullopt;
  return offset;
}

std::optional<Index> FakeSnapshot::seek_hole(VirtualKind, Index offset) const {
  if (offset >= file_.size) return std::nullopt;
  return std::max(offset, file_.size / 2);
}

}  // namespace ndcat
