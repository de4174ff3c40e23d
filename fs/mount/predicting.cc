#include "fs/mount/predicting.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "fs/files/descriptor.h"

namespace ndcat {
namespace {

constexpr Index kKernelsOwnWindow = Index{128} << 10;

/// How much the kernel reads ahead for a file opened now, in pages: a setting that may change at any time.
Index window_of(std::uint64_t device) {
  const std::string path = "/sys/class/bdi/" + std::to_string(::major(device)) + ':' +
                           std::to_string(::minor(device)) + "/read_ahead_kb";
  char text[24] = {};
  const Descriptor setting(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (setting.get() < 0 || ::read(setting.get(), text, sizeof text - 1) <= 0)
    return kKernelsOwnWindow / kPage;
  return (std::strtoll(text, nullptr, 10) << 10) / kPage;
}

/// The distance in the file from one element to the next, along each axis.
std::vector<Index> strides_of(const ResolvedManifest& manifest) {
  const Shape& shape = manifest.view.shape;
  std::vector<Index> strides;
  Index stride = manifest.view.dtype.itemsize();
  for (int i = 0; i < shape.size(); ++i) {
    strides.push_back(stride);
    stride *= shape[manifest.order == Order::f ? i : shape.size() - 1 - i];
  }
  return strides;
}

}  // namespace

std::optional<StridePredictor> predictor_for(const Node& file, int flags, const KernelsView& mount, Use use) {
  if (use == Use::never || mount.longest_read == 0 || (flags & O_DIRECT) != 0) return std::nullopt;
  if (::sysconf(_SC_PAGESIZE) != kPage) return std::nullopt;
  const bool is_array = file.kind == VirtualKind::npy || file.kind == VirtualKind::raw;
  const ResolvedManifest* const manifest = file.snapshot->manifest();
  // Who writes to a page waits until it has been read: where somebody may, none is read on a guess.
  if (!is_array || manifest == nullptr || file.snapshot->writer() != nullptr) return std::nullopt;
  const std::vector<Index> strides = strides_of(*manifest);
  const Index window = window_of(mount.device);
  if (window * kPage > mount.longest_read) return std::nullopt;  // windows come in parts, which tell nothing
  StridePredictor predictor(strides, file.snapshot->attributes(file.kind).size, window, use == Use::always);
  if (!predictor.is_of_use()) return std::nullopt;
  return predictor;
}

}  // namespace ndcat
