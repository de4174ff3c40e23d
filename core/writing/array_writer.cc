#include "core/writing/array_writer.h"

#include <algorithm>
#include <utility>

#include "core/writing/scatter.h"

namespace ndcat {
ArrayWriter::ArrayWriter(const FileLayout& layout, std::vector<InverseCast> casts)
    : layout_(&layout),
      casts_(std::move(casts)),
      all_exact_(std::ranges::all_of(casts_,
                                     [](const InverseCast& cast) {
                                       return cast.kind() == InverseCast::Kind::copy ||
                                              cast.forth() == nullptr;
                                     })),
      atoms_(layout.view().dtype) {}

Result<ArrayWriter> ArrayWriter::make(const FileLayout& layout) {
  const ArrayView& view = layout.view();
  std::vector<bool> is_used(view.casts.size(), false);
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    if (!piece.is_fill()) is_used[piece.recipe] = true;
  }
  std::vector<InverseCast> casts(view.casts.size());
  for (std::size_t i = 0; i < casts.size(); ++i) {
    if (!is_used[i]) continue;
    Result<InverseCast> cast = InverseCast::make(view.casts[i]);
    if (!cast) return cast.error();
    casts[i] = *std::move(cast);
  }
  return ArrayWriter(layout, std::move(casts));
}

WriteResult ArrayWriter::check(VirtualOffset begin, std::span<const std::byte> bytes,
                               SourceSink& sink) const {
  WriteResult result;
  if (all_exact_) return result;
  const ByteRange range{.begin = begin, .length = static_cast<Index>(bytes.size())};
  layout_->for_each_segment(range, [&](const Segment& segment) {
    const WriteStatus status = check_segment(segment, casts_[segment.recipe], bytes, sink);
    result = {status, segment.source, VirtualOffset{static_cast<Index>(begin) + segment.to_offset}};
    return status == WriteStatus::ok;
  });
  return result;
}

WriteResult ArrayWriter::write(VirtualOffset begin, std::span<const std::byte> bytes,
                               SourceSink& sink) const {
  WriteResult result;
  const ByteRange range{.begin = begin, .length = static_cast<Index>(bytes.size())};
  layout_->for_each_segment(range, [&](const Segment& segment) {
    const WriteStatus status = write_segment(segment, casts_[segment.recipe], bytes, sink);
    result = {status, segment.source, VirtualOffset{static_cast<Index>(begin) + segment.to_offset}};
    return status == WriteStatus::ok;
  });
  return result;
}

}  // namespace ndcat
