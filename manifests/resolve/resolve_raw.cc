// Files without a header: what their description and their size say together.
#include <algorithm>
#include <string>

#include "core/algebra/array_size.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {
namespace {

/// The one extent that is -1, or -1.
int unknown_axis(const Shape& shape) {
  const Index* const unknown = std::find(shape.begin(), shape.end(), -1);
  return unknown == shape.end() ? -1 : static_cast<int>(unknown - shape.begin());
}

std::string bytes_from(Index count, Index offset) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes") +
         (offset > 0 ? " from byte " + std::to_string(offset) + " on" : "");
}

/// Whether the extent that is -1 is that along which a file grows at its end.
bool grows_at_its_end(const Shape& shape, Order order) {
  return !shape.empty() && unknown_axis(shape) == (order == Order::c ? 0 : shape.size() - 1);
}

/// Puts the extent in place of -1 that `available` bytes give. `may_wait`: those of a part may be left over.
std::optional<Error> complete(Shape& shape, const Dtype& dtype, Index available, Index offset,
                              bool may_wait) {
  const int axis = unknown_axis(shape);
  Shape one = shape;
  one[axis] = 1;
  const Result<Index> step = array_size(dtype, one);
  if (!step) return step.error();
  if (*step == 0) {
    return Error{"the -1 in " + to_string(shape) +
                 " cannot be found out: an array of no bytes fits any number of times"};
  }
  if (available % *step != 0 && !may_wait) {
    return Error{bytes_from(available, offset) + " cannot be divided into blocks of " + to_string(one) + " " +
                 dtype.name() + ", " + std::to_string(*step) +
                 " bytes each: " + std::to_string(available % *step) + " would be left over"};
  }
  shape[axis] = available / *step;
  return std::nullopt;
}

}  // namespace

Found Resolver::raw_array(ManifestScope& scope, const RawDescription& raw, const Item& item,
                          const ProbedFile& file) {
  const auto report = [&](std::string message) {
    const Result<std::string> head = probe_.head(file.id, 8);
    if (head && has_numpy_magic(*head)) {
      message += "; the file has a NumPy header: without \"dtype\" it describes itself";
    }
    problem(scope, item, std::move(message));
  };
  // What does not fit the file is most likely the shape: it is not held against others any more.
  const auto misfit = [&](std::string message) {
    report(std::move(message));
    return Found(Outline{std::nullopt, raw.dtype.value});
  };
  if (!raw.shape.is_there() && !raw.has_stray) {
    return misfit(
        "a file without a header needs a \"shape\" beside its \"dtype\"; [-1] takes all of it as one axis");
  }
  const Index offset = raw.offset.value.value_or(0);
  if (offset > file.size) {
    report("the \"offset\" of " + std::to_string(offset) +
           " bytes lies beyond the end of the file, which has " + bytes_from(file.size, 0));
    return Found(outline_of(raw));
  }
  if (!raw.dtype.value || !raw.shape.value || raw.offset.broken || raw.has_stray) {
    return Found(outline_of(raw));
  }
  NumpyHeader layout{*raw.dtype.value, *raw.shape.value, raw.order.value.value_or(Order::c), offset};
  const Index available = file.size - offset;
  const bool grows = is_tail(scope, item) && grows_at_its_end(layout.shape, layout.order);
  if (unknown_axis(layout.shape) >= 0) {
    if (const std::optional<Error> error = complete(layout.shape, layout.dtype, available, offset, grows)) {
      return misfit(error->message);
    }
  }
  const Result<Index> needed = array_size(layout.dtype, layout.shape);
  if (!needed) return misfit(needed.error().message);
  if (*needed < available && !grows) {
    return misfit("extra bytes: " + to_string(layout.shape) + " of " + layout.dtype.name() + " takes " +
                  std::to_string(*needed) + " bytes, but the file has " + bytes_from(available, offset));
  }
  if (*needed > available) {
    return misfit("too short: " + to_string(layout.shape) + " of " + layout.dtype.name() + " needs " +
                  std::to_string(*needed) + " bytes, but the file has " + bytes_from(available, offset));
  }
  if (is_tail(scope, item)) tail_ = Tail{.source = 0, .array = layout, .header = {}, .can_grow = grows};
  return array_in(scope, item, file, layout);
}

}  // namespace ndcat
