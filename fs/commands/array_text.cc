#include "fs/commands/array_text.h"

#include <array>
#include <cstdio>

namespace ndcat {

std::string size_text(Index bytes) {
  if (bytes == 1) return "1 byte";
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.3g", value);
  return std::string(digits.data()) + " " + kUnits[unit];
}

std::string array_text(const ResolvedManifest& manifest) {
  const std::size_t count = manifest.sources.size();
  return manifest.view.dtype.name() + " " + to_string(manifest.view.shape) + " " +
         static_cast<char>(manifest.order) + " order, " + size_text(array_size(manifest)) +
         (count == 0 ? ", no sources"
                     : " from " + std::to_string(count) + (count == 1 ? " source" : " sources"));
}

Index array_size(const ResolvedManifest& manifest) {
  return element_count(manifest.view.shape).value_or(0) * manifest.view.dtype.itemsize();
}

}  // namespace ndcat
