// Answers for test_numpy_strides.py: reads small programs on standard input and prints shape, strides and
// memory order.
//
// A program is a line of words for a stack machine:
//   source:<f8:F:2,3   full:>i4:2,3   concatenate:COUNT:AXIS   stack:COUNT:AXIS   transpose:1,0   astype:<f4
//   select:i3,s1::-1,e,n   block:[[xx][x]]   (an x takes one array, the last x the newest)
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "core/algebra/algebra.h"

namespace ndcat {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::vector<Index> numbers(const std::string& text) {
  std::vector<Index> values;
  for (const std::string& part : split(text, ',')) {
    if (!part.empty()) values.push_back(std::stoll(part));
  }
  return values;
}

Dtype dtype_of(const std::string& typestr) {
  return Dtype::simple(static_cast<Kind>(typestr[1]), std::stoll(typestr.substr(2)),
                       typestr[0] == '>' ? ByteOrder::big : ByteOrder::little);
}

Selection selection_of(const std::string& text) {
  Selection selection;
  for (const std::string& item : split(text, ',')) {
    if (item[0] == 'i') selection.emplace_back(static_cast<Index>(std::stoll(item.substr(1))));
    if (item[0] == 'e') selection.emplace_back(Ellipsis{});
    if (item[0] == 'n') selection.emplace_back(NewAxis{});
    if (item[0] != 's') continue;
    const auto parts = split(item.substr(1), ':');
    const auto bound = [&](std::size_t i) {
      return parts[i].empty() ? std::optional<Index>() : std::optional<Index>(std::stoll(parts[i]));
    };
    selection.emplace_back(Slice{.start = bound(0), .stop = bound(1), .step = bound(2)});
  }
  return selection;
}

BlockNest nest_of(const std::string& text, std::size_t& at, std::vector<ArrayView>::iterator& next) {
  BlockNest nest;
  if (text[at++] == 'x') {
    nest.leaf = std::move(*next++);
    return nest;
  }
  while (text[at] != ']') nest.list.push_back(nest_of(text, at, next));
  ++at;
  return nest;
}

Result<ArrayView> perform(const std::vector<std::string>& words, std::vector<ArrayView>& stack) {
  const auto take = [&](std::size_t count) {
    std::vector<ArrayView> taken(stack.end() - static_cast<std::ptrdiff_t>(count), stack.end());
    stack.erase(stack.end() - static_cast<std::ptrdiff_t>(count), stack.end());
    return taken;
  };
  const std::string& verb = words[0];
  if (verb == "source") {
    return source_view(0, kMaxIndex, dtype_of(words[1]), Shape(numbers(words[3])),
                       words[2] == "F" ? Order::f : Order::c, SourceOffset{0});
  }
  if (verb == "full") {
    const Dtype dtype = dtype_of(words[1]);
    const std::vector<std::byte> element(static_cast<std::size_t>(dtype.itemsize()));
    return full_view(dtype, Shape(numbers(words[2])), element);
  }
  if (verb == "concatenate") return concatenate(take(std::stoul(words[1])), std::stoll(words[2]));
  if (verb == "stack") return ndcat::stack(take(std::stoul(words[1])), std::stoll(words[2]));
  if (verb == "transpose") return transpose(take(1)[0], numbers(words[1]));
  if (verb == "astype") return astype(take(1)[0], dtype_of(words[1]));
  if (verb == "block") {
    auto leaves = take(static_cast<std::size_t>(std::count(words[1].begin(), words[1].end(), 'x')));
    std::size_t at = 0;
    auto next = leaves.begin();
    return block(nest_of(words[1], at, next));
  }
  std::string rest = words[1];
  for (std::size_t i = 2; i < words.size(); ++i) rest += ":" + words[i];
  return select(take(1)[0], selection_of(rest));
}

std::string run(const std::string& line) {
  std::istringstream program(line);
  std::vector<ArrayView> stack;
  for (std::string word; program >> word;) {
    auto result = perform(split(word, ':'), stack);
    if (!result) return "error " + result.error().message;
    stack.push_back(*std::move(result));
  }
  const ArrayView& view = stack.back();
  return view.dtype.typestr() + ";" + to_string(view.shape) + ";" + to_string(view.numpy_strides) + ";" +
         static_cast<char>(memory_order(view));
}

}  // namespace
}  // namespace ndcat

int main() {
  for (std::string line; std::getline(std::cin, line);) std::cout << ndcat::run(line) << "\n";
}
