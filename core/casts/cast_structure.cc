// Structures: fields are matched by position, as NumPy assigns them, and sub-arrays broadcast.
#include <algorithm>
#include <cstring>

#include "core/casts/cast_program.h"
#include "core/dtypes/python_text.h"

namespace ndcat {
namespace {

// More runs than this in one broadcast sub-array would take more memory than a description should.
constexpr std::size_t kMaxRuns = 1 << 16;

bool run_part(const ProgramPart& part, std::byte* to, Index to_stride, const std::byte* from,
              Index from_stride, Index count) {
  const Program& inner = *part.program;
  to += part.to_offset;
  from += part.from_offset;
  if (part.count <= count) {  // the longer loop is the inner one
    for (Index i = 0; i < part.count; ++i) {
      if (!inner.run(to + i * inner.to_size, to_stride, from + i * part.from_step, from_stride, count))
        return false;
    }
    return true;
  }
  for (Index i = 0; i < count; ++i) {
    if (!inner.run(to + i * to_stride, inner.to_size, from + i * from_stride, part.from_step, part.count))
      return false;
  }
  return true;
}

// Field by field over a block of elements that stays in the cache.
bool convert_structures(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                        Index from_stride, Index count) {
  constexpr Index kBlockBytes = 64 * 1024;
  const Index block =
      std::max<Index>(1, kBlockBytes / std::max<Index>(1, program.from_size + program.to_size));
  for (Index done = 0; done < count; done += block) {
    const Index n = std::min(block, count - done);
    std::byte* const block_to = to + done * to_stride;
    const std::byte* const block_from = from + done * from_stride;
    if (program.has_padding) {
      for (Index i = 0; i < n; ++i)
        std::memset(block_to + i * to_stride, 0, static_cast<std::size_t>(program.to_size));
    }
    for (const ProgramPart& part : program.parts) {
      if (!run_part(part, block_to, to_stride, block_from, from_stride, n)) return false;
    }
  }
  return true;
}

// A dtype seen as fields: those of a structure, or itself.
std::vector<Field> fields_of(const Dtype& dtype) {
  if (dtype.is_structured()) return dtype.fields();
  return {Field{"", "", dtype, {}, 0}};
}

// The element of the source sub-array for each of the target's, in C order; -1: none, so zeros. As NumPy
// broadcasts: missing leading axes and axes of 1 repeat, longer axes are cut.
Index source_element(Index target, const Shape& from, const Shape& to) {
  Index source = 0, factor = 1;
  for (int back = 1; back <= std::max(from.size(), to.size()); ++back) {
    Index at = 0;
    if (back <= to.size()) {
      at = target % to[to.size() - back];
      target /= to[to.size() - back];
    }
    if (back > from.size()) continue;
    const Index extent = from[from.size() - back];
    if (extent == 1) continue;
    if (at >= extent) return -1;
    source += factor * at;
    factor *= extent;
  }
  return source;
}

// The same where the elements of sub-arrays are sub-arrays: level by level, as NumPy does it.
Index source_element(Index target, std::span<const Shape> from, std::span<const Shape> to) {
  static const Shape kOne;
  Index target_block = 1, source = 0;
  for (const Shape& level : to) target_block *= *element_count(level);
  for (std::size_t level = 0; level < std::max(from.size(), to.size()); ++level) {
    const Shape& from_level = level < from.size() ? from[level] : kOne;
    const Shape& to_level = level < to.size() ? to[level] : kOne;
    target_block /= *element_count(to_level);
    const Index at = source_element(target / target_block, from_level, to_level);
    if (at < 0) return -1;
    target %= target_block;
    source = source * *element_count(from_level) + at;
  }
  return source;
}

using Parts = std::vector<ProgramPart>;

std::optional<Error> add_broadcast(Parts& parts, const ProgramPart& first, const Field& from,
                                   const Field& to) {
  const std::vector<Shape> from_levels = from.levels(), to_levels = to.levels();
  const Index count = *element_count(to.shape);
  const std::size_t before = parts.size();
  const Index from_size = first.program->from_size, to_size = first.program->to_size;
  Index previous = -1;
  for (Index i = 0; i < count; ++i) {
    const Index source = source_element(i, std::span(from_levels), std::span(to_levels));
    if (source >= 0 && previous >= 0 && source == previous + 1) {
      ++parts.back().count;
    } else if (source >= 0) {
      parts.push_back({first.program, first.from_offset + source * from_size, first.to_offset + i * to_size,
                       1, from_size});
    }
    previous = source;
    if (parts.size() - before > kMaxRuns) {
      return Error{"a sub-array of shape " + to_string(from.shape) + " does not broadcast to " +
                   to_string(to.shape) + " in a reasonable number of steps; cast to the same shape"};
    }
  }
  return std::nullopt;
}

// The parts for one field, from its first dtype to its last.
std::optional<Error> add_field(Parts& parts, const ProgramPtr& program, const Field& from, const Field& to) {
  ProgramPart part{program, from.offset, to.offset, *element_count(to.shape), program->from_size};
  const Index from_count = *element_count(from.shape);
  if ((from.shape == to.shape && from.nesting == to.nesting) || (from_count == 1 && part.count == 1)) {
    parts.push_back(std::move(part));
  } else if (from_count == 1) {
    part.from_step = 0;
    parts.push_back(std::move(part));
  } else {
    return add_broadcast(parts, part, from, to);
  }
  return std::nullopt;
}

// Copies of neighbouring bytes become one copy.
void merge_copies(Parts& parts) {
  Parts merged;
  for (ProgramPart& part : parts) {
    const Index size = part.count * part.program->to_size;
    const bool is_copy =
        part.program->identity && (part.count == 1 || part.from_step == part.program->to_size);
    if (is_copy && part.count > 1) part = {compile_copy(size), part.from_offset, part.to_offset, 1, size};
    if (is_copy && !merged.empty()) {
      ProgramPart& last = merged.back();
      const Index last_size = last.program->to_size;
      if (last.program->identity && last.count == 1 && last.to_offset + last_size == part.to_offset &&
          last.from_offset + last_size == part.from_offset) {
        last.program = compile_copy(last_size + size);
        continue;
      }
    }
    merged.push_back(std::move(part));
  }
  parts = std::move(merged);
}

bool covers(const Parts& parts, Index size) {
  std::vector<std::pair<Index, Index>> ranges;
  for (const ProgramPart& part : parts) {
    ranges.emplace_back(part.to_offset, part.to_offset + part.count * part.program->to_size);
  }
  std::ranges::sort(ranges);
  Index end = 0;
  for (const auto& [begin, stop] : ranges) {
    if (begin > end) return false;
    end = std::max(end, stop);
  }
  return end >= size;
}

ProgramPtr structure_program(Parts parts, Index from_size, Index to_size) {
  merge_copies(parts);
  Program program;
  program.kernel = convert_structures;
  program.from_size = from_size;
  program.to_size = to_size;
  program.has_padding = !covers(parts, to_size);
  program.can_fail =
      std::ranges::any_of(parts, [](const ProgramPart& part) { return part.program->can_fail; });
  const bool one_copy = parts.size() == 1 && parts.front().program->identity && parts.front().count == 1;
  if (one_copy && from_size == to_size && !program.has_padding) return compile_copy(to_size);
  program.parts = std::move(parts);
  return std::make_shared<const Program>(std::move(program));
}

Error no_cast(const Dtype& from, const Dtype& to, const std::string& why) {
  return Error{"NumPy does not cast " + from.name() + " to " + to.name() + ": " + why};
}

// One step, by fields. A value without fields goes to each field; a structure of one field is that field.
Result<ProgramPtr> compile_structure(const Dtype& from, const Dtype& to) {
  std::vector<Field> from_fields = fields_of(from);
  const std::vector<Field> to_fields = fields_of(to);
  if (!to.is_structured() && from_fields.size() != 1) {
    return no_cast(from, to, "only a structure of a single field is a value");
  }
  if (!from.is_structured()) from_fields.resize(to_fields.size(), from_fields.front());
  if (from_fields.size() != to_fields.size()) {
    return no_cast(from, to, "fields are matched by position, and their numbers differ");
  }
  Parts parts;
  for (std::size_t i = 0; i < to_fields.size(); ++i) {
    auto program = compile_path({from_fields[i].dtype, to_fields[i].dtype});
    if (!program) return Error{"field " + python_repr(to_fields[i].name) + ": " + program.error().message};
    if (auto error = add_field(parts, *program, from_fields[i], to_fields[i])) return *std::move(error);
  }
  return structure_program(std::move(parts), from.itemsize(), to.itemsize());
}

// True when the casts can go field by field, each through all of its own: no step matches fields otherwise.
bool is_fieldwise(const std::vector<Dtype>& path) {
  return std::ranges::all_of(path, [&path](const Dtype& dtype) {
    return dtype.is_structured() &&
           std::ranges::equal(dtype.fields(), path.front().fields(), {}, &Field::levels, &Field::levels);
  });
}

Result<ProgramPtr> compile_fieldwise(const std::vector<Dtype>& path) {
  Parts parts;
  for (std::size_t i = 0; i < path.front().fields().size(); ++i) {
    std::vector<Dtype> field_path;
    for (const Dtype& dtype : path) field_path.push_back(dtype.fields()[i].dtype);
    const Field& from = path.front().fields()[i];
    const Field& to = path.back().fields()[i];
    auto program = compile_path(std::move(field_path));
    if (!program) return Error{"field " + python_repr(to.name) + ": " + program.error().message};
    if (auto error = add_field(parts, *program, from, to)) return *std::move(error);
  }
  return structure_program(std::move(parts), path.front().itemsize(), path.back().itemsize());
}

}  // namespace

Result<ProgramPtr> compile_structures(const std::vector<Dtype>& path) {
  if (is_fieldwise(path)) return compile_fieldwise(path);
  std::vector<ProgramPtr> steps;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const bool structured = path[i - 1].is_structured() || path[i].is_structured();
    auto step = structured ? compile_structure(path[i - 1], path[i]) : compile_path({path[i - 1], path[i]});
    if (!step) return step;
    steps.push_back(*std::move(step));
  }
  return compile_steps(std::move(steps));
}

}  // namespace ndcat
