// A pipe to the parsers for tests that compare with NumPy: each line of standard input is a command and its
// arguments in hexadecimal; each line of output "ok" or "error" and the answer in hexadecimal.
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "manifests/json/json_text.h"
#include "manifests/numpy_header.h"
#include "manifests/python/python_string.h"
#include "manifests/words/dtype_text.h"
#include "manifests/words/select_text.h"

namespace ndcat {
namespace {

using Arguments = std::vector<std::string>;

std::string to_hex(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += "0123456789abcdef"[byte >> 4U];
    result += "0123456789abcdef"[byte & 15U];
  }
  return result;
}

std::string from_hex(const std::string& hex) {
  std::string result;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    result += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return result;
}

/// Everything about a dtype that NumPy's == looks at, in JSON.
std::string facts(const Dtype& dtype) {
  if (!dtype.is_structured()) return json_string(dtype.typestr());
  std::string text = "{\"itemsize\": " + std::to_string(dtype.itemsize()) + ", \"fields\": [";
  for (const Field& field : dtype.fields()) {
    if (text.back() != '[') text += ", ";
    text += "[" + json_string(field.name) + ", " + json_string(field.title) + ", " +
            std::to_string(field.offset) + ", [";
    for (const Shape& level : field.levels()) {
      text += text.back() == '[' ? "[" : ", [";
      for (int axis = 0; axis < level.size(); ++axis)
        text += (axis > 0 ? ", " : "") + std::to_string(level[axis]);
      text += "]";
    }
    text += "], " + facts(field.dtype) + "]";
  }
  return text + "]}";
}

Result<std::string> facts(const Result<Dtype>& dtype) {
  if (!dtype) return dtype.error();
  return facts(*dtype);
}

Result<Dtype> dtype_of_json(const std::string& text) {
  const JsonText json = parse_json(text, "dtype");
  if (!json.root) return Error{to_string(json.problems.front())};
  return parse_dtype(*json.root);
}

Result<std::string> read_header(const std::string& bytes) {
  const Result<Index> length = numpy_header_length(std::string_view(bytes).substr(0, 12));
  if (!length) return length.error();
  const Result<NumpyHeader> header = parse_numpy_header(bytes);
  if (!header) return header.error();
  if (header->length != *length) return Error{"two lengths"};
  return "[" + facts(header->dtype) + ", " + json_string(to_string(std::as_const(header->shape))) + ", \"" +
         static_cast<char>(header->order) + "\", " + std::to_string(header->length) + "]";
}

/// Arguments: a dtype in JSON, "C" or "F", the extents with blanks between them.
Result<std::string> write_header(const Arguments& arguments) {
  const Result<Dtype> dtype = dtype_of_json(arguments.at(0));
  if (!dtype) return dtype.error();
  Shape shape;
  std::istringstream extents(arguments.at(2));
  for (Index extent = 0; extents >> extent;) shape.push_back(extent);
  return write_numpy_header(*dtype, shape, arguments.at(1) == "F" ? Order::f : Order::c);
}

/// Integers as they are, slices as lists of three, "..." and null.
Result<std::string> select_items(const std::string& text) {
  const Result<Selection> selection = parse_selection(text);
  if (!selection) return selection.error();
  std::string json = "[";
  for (const SelectItem& item : *selection) {
    if (json.size() > 1) json += ", ";
    if (const auto* index = std::get_if<Index>(&item)) json += std::to_string(*index);
    if (std::holds_alternative<Ellipsis>(item)) json += "\"...\"";
    if (std::holds_alternative<NewAxis>(item)) json += "null";
    if (const auto* slice = std::get_if<Slice>(&item)) {
      const auto part = [](const std::optional<Index>& i) { return i ? std::to_string(*i) : "null"; };
      json += "[" + part(slice->start) + ", " + part(slice->stop) + ", " + part(slice->step) + "]";
    }
  }
  return json + "]";
}

Result<std::string> answer(const std::string& command, const Arguments& arguments) {
  if (command == "dtype") return facts(parse_dtype(arguments.at(0)));
  if (command == "dtype_json") return facts(dtype_of_json(arguments.at(0)));
  if (command == "to_json") {
    const Result<Dtype> dtype = dtype_of_json(arguments.at(0));
    if (!dtype) return dtype.error();
    return dtype_to_json(*dtype);
  }
  if (command == "read") return read_header(arguments.at(0));
  if (command == "write") return write_header(arguments);
  if (command == "select") return select_items(arguments.at(0));
  if (command == "repr") return python_string_repr(arguments.at(0));
  return Error{"unknown command"};
}

}  // namespace
}  // namespace ndcat

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    ndcat::Arguments arguments;
    // An empty argument is written as "-".
    for (std::string word; words >> word;) arguments.push_back(word == "-" ? "" : ndcat::from_hex(word));
    const ndcat::Result<std::string> result = ndcat::answer(command, arguments);
    std::cout << (result ? "ok " : "error ") << ndcat::to_hex(result ? *result : result.error().message)
              << std::endl;
  }
}
