#include "manifests/json/json_cursor.h"

#include <algorithm>

#include "manifests/texts/utf8.h"

namespace ndcat {

std::size_t string_token_length(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size() + 1;
}

std::size_t word_token_length(std::string_view text) {
  const auto in_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '-' || c == '.' || c == '_';
  };
  std::size_t length = 0;
  while (length < text.size() && in_word(text[length])) ++length;
  return length;
}

namespace {

std::size_t digits_at(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_not_of("0123456789", at);
  return (end == std::string_view::npos ? text.size() : end) - std::min(at, text.size());
}

std::size_t token_length(std::string_view text) {
  switch (text.front()) {
    case '"':
      return string_token_length(text);
    case 't':
    case 'n':
      return 4;  // true, null
    case 'f':
      return 5;  // false
    case '[':
    case ']':
    case '{':
    case '}':
      return 1;
    default:
      return number_token_length(text);
  }
}

}  // namespace

std::size_t number_token_length(std::string_view text) {
  std::size_t length = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, length);
  if (whole == 0) return 0;
  length += text[length] == '0' ? 1 : whole;
  if (text.substr(length).starts_with('.') && digits_at(text, length + 1) > 0) {
    length += 1 + digits_at(text, length + 1);
  }
  if (length < text.size() && (text[length] == 'e' || text[length] == 'E')) {
    const bool sign = length + 1 < text.size() && (text[length + 1] == '+' || text[length + 1] == '-');
    const std::size_t begin = length + (sign ? 2 : 1);
    if (digits_at(text, begin) > 0) length = begin + digits_at(text, begin);
  }
  return length;
}

JsonToken JsonCursor::next() {
  skip_separators(" \t\n\r,:");
  const std::string_view rest = text_.substr(at_);
  last_ = {rest.substr(0, token_length(rest)), line_, column_};
  skip(last_.text.size());
  return last_;
}

std::string_view JsonCursor::rest() {
  skip_separators(" \t\n\r");
  return text_.substr(at_);
}

void JsonCursor::skip(std::size_t bytes) {
  column_ += static_cast<int>(count_code_points(text_.substr(at_, bytes)));
  at_ += bytes;
}

void JsonCursor::skip_separators(std::string_view separators) {
  for (; at_ < text_.size() && separators.find(text_[at_]) != std::string_view::npos; ++at_) {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
  }
}

}  // namespace ndcat
