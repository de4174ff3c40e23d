// InverseCast: the way back, from elements as a virtual file shows them to elements as their source holds
// them.
//
// Whatever is written must be read again bit by bit: a value goes back through the inverse casts, forth
// again, and is refused when that does not give the same bytes (0.1 for a float32 source that is shown as
// float64, say). Casts by which two values of the source may look alike have no way back at all.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/casts/conversion.h"
#include "core/writing/byte_map.h"

namespace ndcat {

/// Immutable; const access is thread-safe.
class InverseCast {
 public:
  enum class Kind {
    copy,   // the bytes are the source's own
    bytes,  // the bytes are the source's in another order; a part of an element stands alone
    value,  // an element is one value; a part of it means nothing without the rest
  };

  /// Of a cast that goes through the dtypes of `path`. Error: why nothing that took this path can be written.
  /// Precondition: path.size() >= 1, and the casts exist.
  static Result<InverseCast> make(const std::vector<Dtype>& path);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] Index source_itemsize() const { return source_itemsize_; }
  [[nodiscard]] Index file_itemsize() const { return file_itemsize_; }
  /// Not for copies. From file to source, one element after another of any bytes; never fails.
  [[nodiscard]] const Conversion& back() const { return *back_; }
  /// Null when every element comes back as it went.
  [[nodiscard]] const Conversion* forth() const { return forth_ ? &*forth_ : nullptr; }
  /// Of Kind::bytes.
  [[nodiscard]] const ByteMap& map() const { return map_; }

 private:
  Kind kind_ = Kind::copy;
  Index source_itemsize_ = 0, file_itemsize_ = 0;
  std::optional<Conversion> back_, forth_;
  ByteMap map_;
};

}  // namespace ndcat
