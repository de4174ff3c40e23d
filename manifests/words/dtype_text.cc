#include "manifests/words/dtype_text.h"

#include <utility>

#include "manifests/python/python_literal.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_parts.h"

namespace ndcat {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_order(char c) { return c == '<' || c == '>' || c == '|' || c == '='; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// NumPy's test for a text that its reader of comma-separated formats must take apart.
bool has_commas_or_repeats(std::string_view text) {
  const std::string_view rest = text.size() > 1 && is_order(text.front()) ? text.substr(1) : text;
  if (!rest.empty() && is_digit(rest.front())) return true;
  if (rest.starts_with("()")) return true;
  int brackets = 0;
  for (const char c : text) {
    if (c == ',' && brackets == 0) return true;
    if (c == '[') ++brackets;
    if (c == ']') --brackets;
  }
  return false;
}

/// Reads "i4", "2f8", ">(2,3)f4", " 3 S": an order, a repeat, an order, a type.
class CommaString {
 public:
  CommaString(std::string_view text, bool aligned) : text_(text), aligned_(aligned) {}

  /// Goes on behind the next comma when an item is wrong.
  std::optional<FieldType> parse(std::vector<Error>& errors) {
    std::vector<FieldType> types;
    std::size_t item = 0;
    const std::size_t errors_before = errors.size();
    do {
      Result<FieldType> type = parse_item();
      if (type) {
        const std::size_t end = at_;
        skip_space();
        if (at_ < text_.size() && text_[at_] != ',') type = unexpected(end);
      }
      if (type) {
        types.push_back(*std::move(type));
      } else {
        errors.push_back(in_item(item, type.error()));
        int brackets = 0;
        take_while([&brackets](char c) {
          brackets += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
          return c != ',' || brackets > 0;
        });
      }
      ++item;
      if (!take_while([](char c) { return c == ','; }, 1).empty()) skip_space();
    } while (at_ < text_.size());
    if (errors.size() != errors_before) return std::nullopt;
    if (types.size() == 1) return std::move(types.front());
    Result<FieldType> structure = structure_of(std::move(types));
    if (structure) return *std::move(structure);
    errors.push_back(structure.error());
    return std::nullopt;
  }

 private:
  template <class Test>
  std::string_view take_while(Test test, std::size_t most = std::string_view::npos) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && at_ - begin < most && test(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  void skip_space() { take_while(is_space); }

  Error unexpected(std::size_t at) {
    at_ = at;
    const std::string_view found =
        text_.substr(at_, decode_utf8(text_, at_).value_or(CodePoint{0, 1}).length);
    return {"found " + in_quotes(found) + " where a comma or the end was expected"};
  }

  Result<FieldType> structure_of(std::vector<FieldType> types) const {
    StructureBuilder structure(aligned_);
    for (FieldType& type : types) {
      std::string name = "f" + std::to_string(structure.field_count());
      if (const std::optional<Error> error = structure.add(std::move(name), "", std::move(type)))
        return *error;
    }
    Result<Dtype> dtype = std::move(structure).finish();
    if (!dtype) return dtype.error();
    return FieldType{*std::move(dtype), {}};
  }

  Error in_item(std::size_t item, const Error& error) const {
    return {"item " + std::to_string(item + 1) + " of the dtype " + in_quotes(text_) + ": " + error.message};
  }

  Result<FieldType> parse_item() {
    const std::string_view first_order = take_while(is_order, 1);
    const std::string_view repeat = take_repeat();
    const std::string_view second_order = take_while(is_order, 1);
    const std::string_view word = take_word();
    const auto plain = [](std::string_view order) {
      return order == "=" ? std::string_view(kNativeByteOrder == ByteOrder::little ? "<" : ">") : order;
    };
    if (!first_order.empty() && !second_order.empty() && plain(first_order) != plain(second_order)) {
      return Error{"it has two byte orders, " + in_quotes(first_order) + " and " + in_quotes(second_order)};
    }
    std::string type_text(second_order.empty() ? first_order : second_order);
    type_text += word;
    // A second number, as in "2<3f8", goes round once more; its own item has no order and no repeat left to
    // give.
    Result<FieldType> type = parse_field_type(type_text, aligned_);
    if (!type || repeat.empty()) return type;
    return apply_repeat(*std::move(type), repeat);
  }

  std::string_view take_repeat() {
    const std::size_t begin = at_;
    take_while([](char c) { return c == ' '; });
    take_while([](char c) { return c == '('; }, 1);
    take_while([](char c) { return c == ' ' || c == ',' || is_digit(c); });
    take_while([](char c) { return c == ')'; }, 1);
    take_while([](char c) { return c == ' '; });
    return text_.substr(begin, at_ - begin);
  }

  std::string_view take_word() {
    const std::size_t begin = at_;
    take_while([](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '?'; });
    const std::size_t bracket = at_;
    if (at_ < text_.size() && text_[at_] == '[') {
      ++at_;
      const auto in_brackets = [](char c) { return is_letter(c) || is_digit(c) || c == ',' || c == '.'; };
      const bool filled = !take_while(in_brackets).empty();
      if (filled && at_ < text_.size() && text_[at_] == ']') {
        ++at_;
      } else {
        at_ = bracket;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

  /// The repeat is Python: "2", "(2)", "(2, 3)", "2,3".
  static Result<FieldType> apply_repeat(FieldType type, std::string_view repeat) {
    const Error error{"found " + in_quotes(repeat) +
                      " where a number or extents such as \"(2,3)\" were expected"};
    std::string text(repeat);
    if (text.find('(') == std::string::npos && text.find(',') != std::string::npos) text = "(" + text + ")";
    const Result<PythonLiteral> literal = parse_python_literal(text, TextEncoding::utf8);
    if (!literal) return error;
    if (const auto* number = std::get_if<PythonInteger>(&literal->value)) {
      return repeated(std::move(type), number->value.value_or(kMaxIndex));
    }
    const auto* tuple = std::get_if<PythonTuple>(&literal->value);
    if (!tuple || text == "(,)") return error;
    std::vector<Index> shape;
    for (const PythonLiteral& extent : tuple->items) {
      const auto* number = std::get_if<PythonInteger>(&extent.value);
      if (!number) return error;
      shape.push_back(number->value.value_or(kMaxIndex));
    }
    return sub_array(std::move(type), shape);
  }

  std::string_view text_;
  bool aligned_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<FieldType> parse_field_type(std::string_view text, bool aligned, std::vector<Error>& errors) {
  if (has_commas_or_repeats(text)) return CommaString(text, aligned).parse(errors);
  Result<Dtype> dtype = parse_dtype_word(text);
  if (dtype) return FieldType{*std::move(dtype), {}};
  errors.push_back(dtype.error());
  return std::nullopt;
}

Result<FieldType> parse_field_type(std::string_view text, bool aligned) {
  std::vector<Error> errors;
  std::optional<FieldType> type = parse_field_type(text, aligned, errors);
  if (!type) return errors.front();
  return *std::move(type);
}

Result<Dtype> parse_dtype(std::string_view text) {
  Result<FieldType> type = parse_field_type(text, false);
  if (!type) return type.error();
  if (!type->shape.empty()) {
    return Error{"the dtype " + in_quotes(text) + " is a sub-array; put its extents " +
                 to_string(std::as_const(type->shape)) + " into \"shape\" instead"};
  }
  return std::move(type->dtype);
}

}  // namespace ndcat
