#include "manifests/words/dtype_parts.h"

#include <utility>

#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

Error too_large() {
  return {"an element would be larger than " + std::to_string(kMaxItemsize) +
          " bytes, the most that NumPy allows"};
}

/// `value` rounded up to a multiple. Precondition: 0 <= value <= kMaxItemsize, 1 <= alignment.
Index align_up(Index value, Index alignment) { return (value + alignment - 1) / alignment * alignment; }

/// "S", "U", "V", whose size may still be given, and sub-arrays of no bytes, which NumPy takes for the same.
bool is_unsized(const FieldType& type) {
  const bool is_structure = type.dtype.is_structured() && type.shape.empty();
  return !is_structure && Field{"", "", type.dtype, type.shape, 0}.size() == 0;
}

}  // namespace

Result<FieldType> sub_array(FieldType type, const std::vector<Index>& shape) {
  if (is_unsized(type)) {
    return Error{"a type without a size cannot be repeated (give it one, as in \"S10\")"};
  }
  if (shape.empty()) return type;
  if (shape.size() + static_cast<std::size_t>(type.shape.size()) > kMaxRank) {
    return Error{"a sub-array of more than " + std::to_string(kMaxRank) + " axes"};
  }
  Shape merged{std::span<const Index>(shape)};
  for (const Index extent : type.shape) merged.push_back(extent);
  for (const Index extent : merged) {
    if (extent < 0) return Error{"the extent " + std::to_string(extent) + " of a sub-array is negative"};
    if (extent > kMaxItemsize) return too_large();
  }
  const std::optional<Index> count = element_count(std::as_const(merged));
  const std::optional<Index> size = count ? checked_multiply(*count, type.dtype.itemsize()) : std::nullopt;
  if (!size || *count > kMaxItemsize || *size > kMaxItemsize) return too_large();
  Indices nesting;
  if (!type.shape.empty()) {
    nesting.push_back(static_cast<Index>(shape.size()));
    if (type.nesting.empty()) nesting.push_back(type.shape.size());
    for (const Index rank : type.nesting) nesting.push_back(rank);
  }
  return FieldType{std::move(type.dtype), merged, nesting};
}

Result<FieldType> repeated(FieldType type, Index number) {
  const Dtype& dtype = type.dtype;
  if (is_unsized(type) && type.shape.empty()) {
    const Index unit = dtype.kind() == Kind::unicode ? 4 : 1;
    if (number < 0) return Error{"the length " + std::to_string(number) + " is negative"};
    if (number > kMaxItemsize / unit) return too_large();
    return FieldType{Dtype::simple(dtype.kind(), number * unit, dtype.byte_order()), {}};
  }
  if (number == 1) return type;
  return sub_array(std::move(type), {number});
}

std::optional<Error> StructureBuilder::add(std::string name, std::string title, FieldType type,
                                           std::optional<Index> offset) {
  const Index alignment = aligned_ ? type.dtype.alignment() : 1;
  alignment_ = std::max(alignment_, alignment);
  Field field{std::move(name), std::move(title), std::move(type.dtype), type.shape, 0, type.nesting};
  if (offset) {
    if (*offset < 0) return in_field(field.name, {"the offset " + std::to_string(*offset) + " is negative"});
    if (*offset % alignment != 0) {
      return in_field(field.name,
                      {"the offset " + std::to_string(*offset) + " is not a multiple of the alignment " +
                       std::to_string(alignment) + ", as \"aligned\" asks"});
    }
    field.offset = *offset;
  } else {
    field.offset = align_up(end_, alignment);
  }
  const std::optional<Index> end = checked_add(field.offset, field.size());
  if (!end || *end > kMaxItemsize) return in_field(field.name, too_large());
  end_ = std::max(end_, *end);
  fields_.push_back(std::move(field));
  return std::nullopt;
}

std::optional<Error> StructureBuilder::skip(Index bytes) {
  const std::optional<Index> end = checked_add(end_, bytes);
  if (!end || *end > kMaxItemsize) return too_large();
  end_ = *end;
  return std::nullopt;
}

Result<Dtype> StructureBuilder::finish(std::optional<Index> itemsize) && {
  const Index needed = align_up(end_, alignment_);
  if (itemsize && *itemsize < needed) {
    return Error{"\"itemsize\" is " + std::to_string(*itemsize) + ", but the fields need " +
                 std::to_string(needed) + " bytes"};
  }
  if (itemsize && *itemsize % alignment_ != 0) {
    return Error{"\"itemsize\" is " + std::to_string(*itemsize) +
                 ", which is not a multiple of the alignment " + std::to_string(alignment_) +
                 ", as \"aligned\" asks"};
  }
  return Dtype::structured(std::move(fields_), itemsize.value_or(needed), aligned_);
}

Error in_field(std::string_view name, const Error& error) {
  return {"field " + in_quotes(name) + ": " + error.message};
}

}  // namespace ndcat
