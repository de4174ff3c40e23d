// What the readers of dtypes share: words for single types, and the rules by which fields become a structure.
// Private to dtype_*.cc. Pure functions and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dtypes/dtype.h"
#include "core/result.h"

namespace ndcat {

/// Structures may hold structures this deep; np.load gives up at about 100.
inline constexpr int kMaxDtypeDepth = 90;

/// The type of a field: a dtype, or a sub-array of one when `shape` is not empty; all as in Field.
struct FieldType {
  Dtype dtype;
  Shape shape;
  Indices nesting = {};
};

/// A type without commas and repeats: "float64", ">f8", "S10", "M8[25s]", "?".
Result<Dtype> parse_dtype_word(std::string_view word);

/// A datetime64 or timedelta64 in native byte order from the text behind its name: "", "[ns]", "[25s]",
/// "[D/3]". `word` is the whole name for messages.
Result<Dtype> parse_time_dtype(Kind kind, std::string_view unit, std::string_view word);

/// Any string that np.dtype() takes, sub-arrays included: "f8", "(2,3)f8", "i4,f8". `aligned`: fields are
/// laid out as a C compiler does it.
Result<FieldType> parse_field_type(std::string_view text, bool aligned);
/// The same; nothing when something is wrong with it: then `errors` says it of every item.
std::optional<FieldType> parse_field_type(std::string_view text, bool aligned, std::vector<Error>& errors);

/// np.dtype((type, shape)). Error: an element would get too large, the rank too high. Extents are >= 0 or it
/// is an error.
Result<FieldType> sub_array(FieldType type, const std::vector<Index>& shape);
/// np.dtype((type, number)): the number of bytes or characters of a type without size, 1 for the type itself,
/// else one extent.
Result<FieldType> repeated(FieldType type, Index number);

/// Lays fields out one after the other, or where they are told to be.
class StructureBuilder {
 public:
  explicit StructureBuilder(bool aligned) : aligned_(aligned) {}
  /// No offset: behind the field before it. Error: too large, not aligned.
  std::optional<Error> add(std::string name, std::string title, FieldType type,
                           std::optional<Index> offset = std::nullopt);
  /// Leaves a gap behind the last field.
  std::optional<Error> skip(Index bytes);
  /// No itemsize: as large as the fields need. Error: too small, not aligned, or Dtype::structured's.
  Result<Dtype> finish(std::optional<Index> itemsize = std::nullopt) &&;
  [[nodiscard]] std::size_t field_count() const { return fields_.size(); }

 private:
  bool aligned_;
  Index alignment_ = 1;
  Index end_ = 0;
  std::vector<Field> fields_;
};

/// `error` with the name of the field in which it was found.
[[nodiscard]] Error in_field(std::string_view name, const Error& error);

}  // namespace ndcat
