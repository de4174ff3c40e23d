#include "core/algebra/recipes.h"

#include <string_view>
#include <utility>

#include "core/casts/conversion.h"

namespace ndcat {

namespace {

std::size_t mix(std::size_t hash, std::size_t value) {
  return (hash ^ value) * 0x9E3779B97F4A7C15U + (hash >> 32);
}

/// Equal dtypes have equal hashes; of structured ones the names of the fields count, not what is in them.
std::size_t hash_of(const Dtype& dtype) {
  std::size_t hash =
      mix(static_cast<std::size_t>(dtype.itemsize()), static_cast<unsigned char>(dtype.kind()));
  hash = mix(hash, static_cast<unsigned char>(dtype.byte_order()));
  hash = mix(hash, static_cast<std::size_t>(dtype.time_step().unit));
  if (dtype.is_structured()) {
    for (const Field& field : dtype.fields()) hash = mix(hash, std::hash<std::string>()(field.name));
  }
  return hash;
}

std::size_t hash_of(const std::vector<Dtype>& path) {
  std::size_t hash = path.size();
  for (const Dtype& dtype : path) hash = mix(hash, hash_of(dtype));
  return hash;
}

std::size_t hash_of(const std::vector<std::byte>& bytes) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// The position of `value` in `kept`, where it is put if no equal one is there yet.
template <class Value>
std::uint32_t keep_once(Value value, std::size_t hash, std::vector<Value>& kept,
                        std::unordered_multimap<std::size_t, std::uint32_t>& by_hash) {
  const auto [begin, end] = by_hash.equal_range(hash);
  for (auto found = begin; found != end; ++found) {
    if (kept[found->second] == value) return found->second;
  }
  const auto position = static_cast<std::uint32_t>(kept.size());
  by_hash.emplace(hash, position);
  kept.push_back(std::move(value));
  return position;
}

bool counts_up(const std::vector<std::uint32_t>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != i) return false;
  }
  return true;
}

}  // namespace

bool RecipeCollector::Renumbering::is_identity() const { return counts_up(casts) && counts_up(fills); }

RecipeCollector::Renumbering RecipeCollector::add(const ArrayView& view) {
  Renumbering renumbering;
  for (const std::vector<Dtype>& path : view.casts) {
    renumbering.casts.push_back(keep_once(path, hash_of(path), casts_, casts_by_hash_));
  }
  for (const std::vector<std::byte>& element : view.fills) {
    const std::size_t hash = mix(hash_of(view.dtype), hash_of(element));
    renumbering.fills.push_back(keep_once(Fill{view.dtype, element}, hash, fills_, fills_by_hash_));
  }
  return renumbering;
}

std::optional<Error> RecipeCollector::finish(ArrayView& result) && {
  for (std::vector<Dtype>& path : casts_) {
    if (path.back() == result.dtype) continue;
    if (const auto cast = Conversion::make(path.back(), result.dtype); !cast) return cast.error();
    path.push_back(result.dtype);
  }
  result.casts = std::move(casts_);
  result.fills.clear();
  for (Fill& fill : fills_) {
    std::vector<std::vector<std::byte>> one(1, std::move(fill.element));
    if (auto error = convert_fills(one, fill.dtype, result.dtype)) return error;
    result.fills.push_back(std::move(one.front()));
  }
  return std::nullopt;
}

std::optional<Error> convert_fills(std::vector<std::vector<std::byte>>& fills, const Dtype& from,
                                   const Dtype& to) {
  if (fills.empty() || from == to) return std::nullopt;
  const auto conversion = Conversion::make(from, to);
  if (!conversion) return conversion.error();
  for (std::vector<std::byte>& element : fills) {
    std::vector<std::byte> converted(static_cast<std::size_t>(to.itemsize()));
    if (!conversion->run(converted.data(), 0, element.data(), 0, 1)) {
      return Error{"the fill value, of dtype " + from.name() + ", has no value in dtype " + to.name()};
    }
    element = std::move(converted);
  }
  return std::nullopt;
}

}  // namespace ndcat
