// JsonCursor: walks the tokens of a JSON text that is known to be valid as far as it walks, to tell where
// each begins.
//
// nlohmann's parser checks the text and reports events, but no places; the cursor follows it token by token.
// A value type over a text that must outlive it.
#pragma once

#include <cstddef>
#include <string_view>

namespace ndcat {

struct JsonToken {
  std::string_view text;
  int line = 0, column = 0;  // from 1; columns in code points
};

class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  /// Skips separators (white space, ',' and ':') and walks over the next token.
  /// Precondition: the text is valid up to the end of that token.
  JsonToken next();
  /// Skips white space only; returns what is left of the text, for a look at something that may be wrong.
  std::string_view rest();
  /// Walks over `bytes` bytes that hold no line break.
  void skip(std::size_t bytes);

  /// The last token that next() gave; its text is empty before the first.
  [[nodiscard]] const JsonToken& last() const { return last_; }
  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] int column() const { return column_; }

 private:
  void skip_separators(std::string_view separators);

  std::string_view text_;
  JsonToken last_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;
};

/// Bytes of the string token that `text` begins with, both quotes included; text.size() + 1 when it has no
/// end. Precondition: text begins with '"'.
[[nodiscard]] std::size_t string_token_length(std::string_view text);

/// Bytes of the longest number, as RFC 8259 writes it, that `text` begins with; 0 when there is none.
[[nodiscard]] std::size_t number_token_length(std::string_view text);

/// Bytes of the number or word, right or wrong, that `text` begins with: its letters, digits, '+', '-', '.'
/// and '_'.
[[nodiscard]] std::size_t word_token_length(std::string_view text);

}  // namespace ndcat
