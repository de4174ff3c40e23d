// The words for single types: NumPy's names, its characters, and kind with size.
#include <algorithm>
#include <array>
#include <charconv>

#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_parts.h"

namespace ndcat {
namespace {

struct Word {
  std::string_view text;
  Kind kind;
  Index itemsize;
};

/// np.sctypeDict of NumPy 1.24 on 64-bit Linux, without objects. Datetimes have their own reader.
constexpr Word kNames[] = {
    {"bool", Kind::boolean, 1},
    {"bool8", Kind::boolean, 1},
    {"bool_", Kind::boolean, 1},
    {"int8", Kind::signed_integer, 1},
    {"byte", Kind::signed_integer, 1},
    {"int16", Kind::signed_integer, 2},
    {"short", Kind::signed_integer, 2},
    {"int32", Kind::signed_integer, 4},
    {"intc", Kind::signed_integer, 4},
    {"int64", Kind::signed_integer, 8},
    {"int", Kind::signed_integer, 8},
    {"int_", Kind::signed_integer, 8},
    {"int0", Kind::signed_integer, 8},
    {"intp", Kind::signed_integer, 8},
    {"long", Kind::signed_integer, 8},
    {"longlong", Kind::signed_integer, 8},
    {"uint8", Kind::unsigned_integer, 1},
    {"ubyte", Kind::unsigned_integer, 1},
    {"uint16", Kind::unsigned_integer, 2},
    {"ushort", Kind::unsigned_integer, 2},
    {"uint32", Kind::unsigned_integer, 4},
    {"uintc", Kind::unsigned_integer, 4},
    {"uint64", Kind::unsigned_integer, 8},
    {"uint", Kind::unsigned_integer, 8},
    {"uint0", Kind::unsigned_integer, 8},
    {"uintp", Kind::unsigned_integer, 8},
    {"ulong", Kind::unsigned_integer, 8},
    {"ulonglong", Kind::unsigned_integer, 8},
    {"float16", Kind::floating, 2},
    {"half", Kind::floating, 2},
    {"float32", Kind::floating, 4},
    {"single", Kind::floating, 4},
    {"float64", Kind::floating, 8},
    {"float", Kind::floating, 8},
    {"float_", Kind::floating, 8},
    {"double", Kind::floating, 8},
    {"float128", Kind::floating, 16},
    {"longdouble", Kind::floating, 16},
    {"longfloat", Kind::floating, 16},
    {"complex64", Kind::complex, 8},
    {"csingle", Kind::complex, 8},
    {"singlecomplex", Kind::complex, 8},
    {"complex128", Kind::complex, 16},
    {"complex", Kind::complex, 16},
    {"complex_", Kind::complex, 16},
    {"cdouble", Kind::complex, 16},
    {"cfloat", Kind::complex, 16},
    {"complex256", Kind::complex, 32},
    {"clongdouble", Kind::complex, 32},
    {"clongfloat", Kind::complex, 32},
    {"longcomplex", Kind::complex, 32},
    {"bytes", Kind::bytes, 0},
    {"bytes0", Kind::bytes, 0},
    {"bytes_", Kind::bytes, 0},
    {"string_", Kind::bytes, 0},
    {"str", Kind::unicode, 0},
    {"str0", Kind::unicode, 0},
    {"str_", Kind::unicode, 0},
    {"unicode", Kind::unicode, 0},
    {"unicode_", Kind::unicode, 0},
    {"void", Kind::raw, 0},
    {"void0", Kind::raw, 0},
};

/// NumPy's character codes, with C's sizes on 64-bit Linux.
constexpr Word kCharacters[] = {
    {"?", Kind::boolean, 1},
    {"b", Kind::signed_integer, 1},
    {"h", Kind::signed_integer, 2},
    {"i", Kind::signed_integer, 4},
    {"l", Kind::signed_integer, 8},
    {"q", Kind::signed_integer, 8},
    {"p", Kind::signed_integer, 8},
    {"B", Kind::unsigned_integer, 1},
    {"H", Kind::unsigned_integer, 2},
    {"I", Kind::unsigned_integer, 4},
    {"L", Kind::unsigned_integer, 8},
    {"Q", Kind::unsigned_integer, 8},
    {"P", Kind::unsigned_integer, 8},
    {"e", Kind::floating, 2},
    {"f", Kind::floating, 4},
    {"d", Kind::floating, 8},
    {"g", Kind::floating, 16},
    {"F", Kind::complex, 8},
    {"D", Kind::complex, 16},
    {"G", Kind::complex, 32},
    {"S", Kind::bytes, 0},
    {"a", Kind::bytes, 0},
    {"c", Kind::bytes, 1},
    {"U", Kind::unicode, 0},
    {"V", Kind::raw, 0},
    {"M", Kind::datetime, 8},
    {"m", Kind::timedelta, 8},
};

constexpr std::string_view kObjects[] = {"O", "O4", "O8", "object", "object0", "object_"};

template <class Words>
const Word* find_word(const Words& words, std::string_view text) {
  const auto found =
      std::find_if(std::begin(words), std::end(words), [&](const Word& w) { return w.text == text; });
  return found == std::end(words) ? nullptr : &*found;
}

Dtype make(Kind kind, Index itemsize, ByteOrder order) {
  if (kind == Kind::datetime || kind == Kind::timedelta) return Dtype::time(kind, {}, order);
  return Dtype::simple(kind, itemsize, order);
}

/// The number behind a kind, read as C's strtol reads it: blanks and a plus are allowed, as NumPy allows
/// them.
std::optional<Index> number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  Index value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} ? value : kMaxIndex;
}

/// "f8", "S10": nothing when `text` is no kind with a size that exists.
std::optional<Result<Dtype>> kind_with_size(std::string_view text, ByteOrder order) {
  const std::optional<Index> size = number(text.substr(1));
  if (!size) return std::nullopt;
  const auto one_of = [&](std::initializer_list<Index> sizes) {
    return std::find(sizes.begin(), sizes.end(), *size) != sizes.end();
  };
  const char kind = text.front();
  if ((kind == 'i' || kind == 'u') && one_of({1, 2, 4, 8})) {
    return make(kind == 'i' ? Kind::signed_integer : Kind::unsigned_integer, *size, order);
  }
  if (kind == 'f' && one_of({2, 4, 8, 16})) return make(Kind::floating, *size, order);
  if (kind == 'c' && one_of({8, 16, 32})) return make(Kind::complex, *size, order);
  if (kind == 'b' && *size == 1) return make(Kind::boolean, 1, order);
  if ((kind == 'M' || kind == 'm') && *size == 8) {
    return make(kind == 'M' ? Kind::datetime : Kind::timedelta, 8, order);
  }
  if (std::string_view("SaUV").find(kind) == std::string_view::npos) return std::nullopt;
  const Index unit = kind == 'U' ? 4 : 1;
  if (*size > kMaxItemsize / unit) {
    return Error{"the dtype " + in_quotes(text) + " is larger than " + std::to_string(kMaxItemsize) +
                 " bytes, the most that NumPy allows"};
  }
  return make(kind == 'U' ? Kind::unicode : kind == 'V' ? Kind::raw : Kind::bytes, *size * unit, order);
}

Error unknown(std::string_view word, std::string_view without_order) {
  const Error error{"unknown dtype " + in_quotes(word)};
  if (word != without_order) {
    if (const Word* name = find_word(kNames, without_order)) {
      const Dtype dtype = Dtype::simple(name->kind, name->itemsize);
      return {error.message + "; a byte order goes with the short form, " +
              in_quotes(std::string(1, word.front()) + dtype.typestr().substr(1))};
    }
  }
  std::vector<std::string_view> known = {"datetime64", "timedelta64"};
  for (const Word& name : kNames) known.push_back(name.text);
  const std::string suggestion = did_you_mean(word, known);
  if (!suggestion.empty()) return {error.message + suggestion};
  return {error.message +
          "; expected a NumPy dtype such as \"float64\", \"<i4\", \"S10\", \"datetime64[ns]\" or \"i4,f8\""};
}

}  // namespace

Result<Dtype> parse_dtype_word(std::string_view word) {
  std::string_view text = word;
  const bool has_order =
      !text.empty() && std::string_view("<>=|").find(text.front()) != std::string_view::npos;
  if (has_order) text.remove_prefix(1);
  if (text.empty()) {
    return Error{word.empty() ? "the dtype is empty"
                              : "the dtype " + in_quotes(word) + " is only a byte order"};
  }
  const ByteOrder order = word.front() == '>'   ? ByteOrder::big
                          : word.front() == '<' ? ByteOrder::little
                                                : kNativeByteOrder;
  for (const std::string_view name : {"M8", "m8", "datetime64", "timedelta64"}) {
    if (!text.starts_with(name)) continue;
    const Kind kind = name == "M8" || name == "datetime64" ? Kind::datetime : Kind::timedelta;
    const Result<Dtype> dtype = parse_time_dtype(kind, text.substr(name.size()), word);
    return dtype ? Dtype::time(kind, dtype->time_step(), order) : dtype;
  }
  if (std::find(std::begin(kObjects), std::end(kObjects), text) != std::end(kObjects)) {
    return Error{"the dtype " + in_quotes(word) +
                 " means Python objects; their files hold pickles, which are never read"};
  }
  if (const Word* character = find_word(kCharacters, text))
    return make(character->kind, character->itemsize, order);
  if (const std::optional<Result<Dtype>> dtype = kind_with_size(text, order)) return *dtype;
  const Word* name = has_order ? nullptr : find_word(kNames, text);
  if (!name) return unknown(word, text);
  return make(name->kind, name->itemsize, order);
}

}  // namespace ndcat
