// Answers questions about promotion and conversion, one a line, so that a Python script can compare with
// NumPy.
//
//   result N DTYPE...        -> ok DTYPE-NAME | error MESSAGE     result_dtype
//   concatenate N DTYPE...   -> the same                          DtypePromotion; each conversion exists
//   name DTYPE               -> ok TYPESTR NAME
//   fitted WANTED FROM       -> ok NAME
//   cast N DTYPE... FROM_STRIDE TO_STRIDE COUNT HEX
//                            -> ok HEX | fail | error MESSAGE     Conversion::chain
//
// Casts are done with the kernels of every instruction set, and what differs is told.
//
// A dtype is a typestr ("<M8[25s]"), or "{ ITEMSIZE ALIGNED FIELDS" then for each field "NAME TITLE OFFSET
// RANK EXTENT... DTYPE" and "}", names and titles in hexadecimal after an "x". HEX begins with the first byte
// of the element with the lowest address; the answer holds the results one after another.
#include <iostream>
#include <sstream>

#include "core/casts/conversion.h"
#include "core/dtypes/promotion.h"
#include "core/kernels/targets.h"

namespace ndcat {
namespace {

std::vector<std::byte> from_hex(const std::string& text) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 1; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(const std::vector<std::byte>& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "x";
  for (const std::byte byte : bytes) {
    text += kDigits[static_cast<unsigned>(byte) >> 4];
    text += kDigits[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

std::string text_from_hex(const std::string& hex) {
  std::string text;
  for (const std::byte byte : from_hex(hex)) text += static_cast<char>(byte);
  return text;
}

Index read_index(std::istream& in) {
  Index value = 0;
  in >> value;
  return value;
}

TimeStep read_step(const std::string& text) {
  static constexpr const char* kUnits[] = {"Y",  "M",  "W",  "D",  "h",  "m", "s",
                                           "ms", "us", "ns", "ps", "fs", "as"};
  TimeStep step;
  if (text.empty()) return step;
  const std::size_t digits = text.find_first_not_of("0123456789", 1);
  if (digits > 1) step.count = std::stoi(text.substr(1, digits - 1));
  const std::string unit = text.substr(digits, text.size() - digits - 1);
  for (std::size_t i = 0; i < std::size(kUnits); ++i) {
    if (unit == kUnits[i]) step.unit = static_cast<TimeUnit>(i);
  }
  return step;
}

Dtype read_dtype(std::istream& in);

Dtype read_structure(std::istream& in) {
  const Index itemsize = read_index(in), aligned = read_index(in), count = read_index(in);
  std::vector<Field> fields;
  for (Index i = 0; i < count; ++i) {
    std::string name, title;
    in >> name >> title;
    const Index offset = read_index(in);
    Shape shape;
    for (Index rank = read_index(in); rank > 0; --rank) shape.push_back(read_index(in));
    Indices nesting;
    for (Index levels = read_index(in); levels > 0; --levels) nesting.push_back(read_index(in));
    Dtype dtype = read_dtype(in);
    fields.push_back({text_from_hex(name), text_from_hex(title), std::move(dtype), shape, offset, nesting});
  }
  std::string end;
  in >> end;
  auto result = Dtype::structured(std::move(fields), itemsize, aligned != 0);
  if (!result) std::cerr << result.error().message << '\n';
  return *std::move(result);
}

Dtype read_dtype(std::istream& in) {
  std::string text;
  in >> text;
  if (text == "{") return read_structure(in);
  const auto order = text[0] == '>' ? ByteOrder::big : ByteOrder::little;
  const auto kind = static_cast<Kind>(text[1]);
  std::size_t length = 0;
  const Index size = std::stoll(text.substr(2), &length);
  if (kind == Kind::datetime || kind == Kind::timedelta) {
    return Dtype::time(kind, read_step(text.substr(2 + length)), order);
  }
  return Dtype::simple(kind, kind == Kind::unicode ? 4 * size : size, order);
}

std::vector<Dtype> read_dtypes(std::istream& in) {
  std::vector<Dtype> dtypes;
  for (Index count = read_index(in); count > 0; --count) dtypes.push_back(read_dtype(in));
  return dtypes;
}

std::string named(const Result<Dtype>& result) {
  return result ? "ok " + result->name() : "error " + result.error().message;
}

std::string concatenate(const std::vector<Dtype>& dtypes) {
  DtypePromotion promotion;
  for (const Dtype& dtype : dtypes) promotion.add(dtype);
  const auto result = promotion.result();
  if (!result) return named(result);
  for (const Dtype& dtype : dtypes) {
    if (const auto conversion = Conversion::make(dtype, *result); !conversion) {
      return "error " + conversion.error().message;
    }
  }
  return named(result);
}

struct Cast {
  std::vector<Dtype> path;
  Index from_stride = 0, to_stride = 0, count = 0;
  std::vector<std::byte> from;
};

std::string converted(const Cast& cast) {
  const auto conversion = Conversion::chain(cast.path);
  if (!conversion) return "error " + conversion.error().message;
  // Exactly sized, so that AddressSanitizer sees every step beyond.
  const Index to_size = cast.path.back().itemsize();
  const Index steps = std::max<Index>(cast.count - 1, 0);
  std::vector<std::byte> to(
      static_cast<std::size_t>(cast.count == 0 ? 0 : std::abs(cast.to_stride) * steps + to_size),
      std::byte{0xA5});
  const std::byte* const first_from =
      cast.from.data() + (cast.from_stride < 0 ? -cast.from_stride * steps : 0);
  std::byte* const first_to = to.data() + (cast.to_stride < 0 ? -cast.to_stride * steps : 0);
  if (!conversion->run(first_to, cast.to_stride, first_from, cast.from_stride, cast.count)) {
    return conversion->can_fail() ? "fail" : "failed although it cannot";
  }
  std::vector<std::byte> result;
  for (Index i = 0; i < cast.count; ++i) {
    const std::byte* const item = first_to + i * cast.to_stride;
    result.insert(result.end(), item, item + to_size);
  }
  return "ok " + to_hex(result) + (conversion->is_identity() ? " identity" : "");
}

std::string cast(std::istream& in) {
  Cast cast;
  cast.path = read_dtypes(in);
  cast.from_stride = read_index(in);
  cast.to_stride = read_index(in);
  cast.count = read_index(in);
  std::string hex;
  in >> hex;
  cast.from = from_hex(hex);
  std::string answer;
  for (const std::string& target : kernel_targets()) {
    choose_kernel_target(target);
    const std::string with_target = converted(cast);
    choose_kernel_target("");
    if (!answer.empty() && with_target != answer) return "unlike others, " + target + " gives " + with_target;
    answer = with_target;
  }
  return answer;
}

std::string answer(std::istream& in) {
  std::string question;
  in >> question;
  if (question == "result") return named(result_dtype(read_dtypes(in)));
  if (question == "concatenate") return concatenate(read_dtypes(in));
  if (question == "cast") return cast(in);
  const Dtype dtype = read_dtype(in);
  if (question == "fitted") return "ok " + fitted(dtype, read_dtype(in)).name();
  return "ok " + dtype.typestr() + " " + dtype.name();
}

}  // namespace
}  // namespace ndcat

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    std::cout << ndcat::answer(in) << '\n';
  }
}
