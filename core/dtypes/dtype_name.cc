// Dtype::typestr() and Dtype::name(): dtypes as NumPy writes them for programs and for people.
#include <algorithm>

#include "core/dtypes/dtype.h"
#include "core/dtypes/python_text.h"

namespace ndcat {
namespace {

const char* unit_name(TimeUnit unit) {
  static constexpr const char* kNames[] = {"Y",  "M",  "W",  "D",  "h",  "m",  "s",
                                           "ms", "us", "ns", "ps", "fs", "as", "generic"};
  return kNames[static_cast<std::size_t>(unit)];
}

std::string step_text(TimeStep step) {
  if (step.unit == TimeUnit::generic) return "";
  return "[" + (step.count == 1 ? "" : std::to_string(step.count)) + unit_name(step.unit) + "]";
}

bool is_time(Kind kind) { return kind == Kind::datetime || kind == Kind::timedelta; }

Index round_up(Index offset, Index alignment) { return (offset + alignment - 1) / alignment * alignment; }

// True when the fields follow each other as np.dtype(list of fields) would place them.
bool is_packed(const Dtype& dtype) {
  Index offset = 0;
  for (const Field& field : dtype.fields()) {
    if (dtype.is_aligned()) offset = round_up(offset, field.dtype.alignment());
    if (field.offset != offset) return false;
    offset += field.size();
  }
  return round_up(offset, dtype.alignment()) == dtype.itemsize();
}

std::string structure_text(const Dtype& dtype, bool show_alignment);

// The text of a dtype inside a list of fields: "'<f8'", "'i1'", "'?'", "'S3'", "[('a', '<f8')]".
std::string member_text(const Dtype& dtype) {
  if (dtype.is_structured()) return structure_text(dtype, false);
  if (dtype.kind() == Kind::boolean) return "'?'";
  std::string text = dtype.typestr();
  if (text.front() == '|') text.erase(0, 1);
  const bool sized_by_user =
      dtype.kind() == Kind::bytes || dtype.kind() == Kind::unicode || dtype.kind() == Kind::raw;
  if (sized_by_user && dtype.itemsize() == 0) text.pop_back();
  return "'" + text + "'";
}

/// The type of the elements of a field's outermost sub-array.
std::string element_text(const Field& field, const std::vector<Shape>& levels) {
  std::string text = member_text(field.dtype);
  for (std::size_t level = levels.size(); level > 1; --level)
    text = "(" + text + ", " + to_string(levels[level - 1]) + ")";
  return text;
}

std::string list_text(const Dtype& dtype) {
  std::string text = "[";
  for (const Field& field : dtype.fields()) {
    if (text.size() > 1) text += ", ";
    const std::string name = python_repr(field.name);
    text += "(" + (field.title.empty() ? name : "(" + python_repr(field.title) + ", " + name + ")");
    const std::vector<Shape> levels = field.levels();
    text += ", " + element_text(field, levels);
    if (!levels.empty()) text += ", " + to_string(levels.front());
    text += ")";
  }
  return text + "]";
}

std::string format_text(const Field& field) {
  const std::vector<Shape> levels = field.levels();
  const std::string text = element_text(field, levels);
  return levels.empty() ? text : "(" + text + ", " + to_string(levels.front()) + ")";
}

std::string dictionary_text(const Dtype& dtype, bool show_alignment) {
  const auto list = [&dtype](auto text_of) {
    std::string text = "[";
    for (const Field& field : dtype.fields()) {
      if (text.size() > 1) text += ", ";
      text += text_of(field);
    }
    return text + "]";
  };
  std::string text = "{'names': " + list([](const Field& field) { return python_repr(field.name); });
  text += ", 'formats': " + list(format_text);
  text += ", 'offsets': " + list([](const Field& field) { return std::to_string(field.offset); });
  if (std::ranges::any_of(dtype.fields(), [](const Field& field) { return !field.title.empty(); })) {
    text += ", 'titles': " + list([](const Field& field) {
              return field.title.empty() ? std::string("None") : python_repr(field.title);
            });
  }
  text += ", 'itemsize': " + std::to_string(dtype.itemsize());
  return text + (show_alignment && dtype.is_aligned() ? ", 'aligned': True}" : "}");
}

std::string structure_text(const Dtype& dtype, bool show_alignment) {
  if (is_packed(dtype) && !(show_alignment && dtype.is_aligned())) return list_text(dtype);
  return dictionary_text(dtype, show_alignment);
}

std::string number_name(const Dtype& dtype) {
  const std::string bits = std::to_string(dtype.itemsize() * 8);
  switch (dtype.kind()) {
    case Kind::boolean:
      return "bool";
    case Kind::signed_integer:
      return "int" + bits;
    case Kind::unsigned_integer:
      return "uint" + bits;
    case Kind::floating:
      return "float" + bits;
    default:
      return "complex" + bits;
  }
}

}  // namespace

std::string Dtype::typestr() const {
  const bool ordered =
      kind_ == Kind::unicode || (kind_ != Kind::bytes && kind_ != Kind::raw && itemsize_ > 1);
  std::string text(1, ordered ? static_cast<char>(order_) : '|');
  text += static_cast<char>(kind_);
  text += std::to_string(kind_ == Kind::unicode ? itemsize_ / 4 : itemsize_);
  return is_time(kind_) ? text + step_text(step_) : text;
}

std::string Dtype::name() const {
  if (is_structured()) return structure_text(*this, true);
  const bool sized_by_user = kind_ == Kind::bytes || kind_ == Kind::unicode || kind_ == Kind::raw;
  if (sized_by_user || !is_native()) return typestr();
  if (!is_time(kind_)) return number_name(*this);
  return (kind_ == Kind::datetime ? "datetime64" : "timedelta64") + step_text(step_);
}

}  // namespace ndcat
