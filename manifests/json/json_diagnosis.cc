#include "manifests/json/json_diagnosis.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

/// JsonNext after an optional ',' or ':' has been read.
enum class Wanted {
  root,
  element_or_end,
  element,
  key_or_end,
  key,
  colon,
  member_value,
  more_elements,
  more_members,
  end
};

const char* words(Wanted wanted) {
  switch (wanted) {
    case Wanted::root:
      return "a value";
    case Wanted::element_or_end:
      return "a value or \"]\"";
    case Wanted::element:
      return "a value";
    case Wanted::key_or_end:
      return "a key in double quotes or \"}\"";
    case Wanted::key:
      return "a key in double quotes";
    case Wanted::colon:
      return "\":\"";
    case Wanted::member_value:
      return "a value";
    case Wanted::more_elements:
      return "\",\" or \"]\"";
    case Wanted::more_members:
      return "\",\" or \"}\"";
    case Wanted::end:
      break;  // said in other words
  }
  return "";
}

bool takes_value(Wanted wanted) {
  return wanted == Wanted::root || wanted == Wanted::element_or_end || wanted == Wanted::element ||
         wanted == Wanted::member_value;
}
bool takes_string(Wanted wanted) {
  return takes_value(wanted) || wanted == Wanted::key || wanted == Wanted::key_or_end;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Steps over the one separator that is right, if it is there.
Wanted step_over_separator(JsonCursor& cursor, JsonNext next) {
  const std::string_view rest = cursor.rest();
  const auto step = [&](char separator, Wanted then, Wanted otherwise) {
    if (rest.empty() || rest.front() != separator) return otherwise;
    cursor.skip(1);
    return then;
  };
  switch (next) {
    case JsonNext::root:
      return Wanted::root;
    case JsonNext::first_element:
      return Wanted::element_or_end;
    case JsonNext::first_key:
      return Wanted::key_or_end;
    case JsonNext::colon:
      return step(':', Wanted::member_value, Wanted::colon);
    case JsonNext::after_element:
      return step(',', Wanted::element, Wanted::more_elements);
    case JsonNext::after_member:
      return step(',', Wanted::key, Wanted::more_members);
    case JsonNext::end:
      break;
  }
  return Wanted::end;
}

std::string ends_too_early(Wanted wanted, const JsonToken& opened) {
  if (wanted == Wanted::root) return "the text is empty; expected a JSON object";
  std::string message = std::string("the text ends where ") + words(wanted) + " was expected";
  if (!opened.text.empty()) {
    message += opened.text == "[" ? "; the list" : "; the object";
    message += " that begins at line " + std::to_string(opened.line) + ", column " +
               std::to_string(opened.column) + " is not closed";
  }
  return message;
}

/// What is wrong inside a string token; `at` becomes the byte of `rest` where it is wrong.
std::string bad_string(std::string_view rest, std::size_t& at) {
  for (at = 1; at < rest.size() && rest[at] != '"'; ++at) {
    const char c = rest[at];
    if (c == '\n' || c == '\r')
      return "the line ends inside a string; a closing '\"' is missing, or write \\n";
    if (static_cast<unsigned char>(c) < 0x20) {
      return "found the control character " + in_quotes(rest.substr(at, 1)) +
             " inside a string; write it as an escape (\\t, \\u0007)";
    }
    if (c != '\\') continue;
    const std::string_view escape = rest.substr(at + 1, 5);
    if (escape.empty()) {
      at = rest.size();
      break;
    }
    if (escape.front() == 'u') {
      const bool complete =
          escape.size() == 5 && std::all_of(escape.begin() + 1, escape.end(), [](char digit) {
            return is_digit(digit) || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
          });
      if (!complete) return "\\u must be followed by four hexadecimal digits";
    } else if (std::string_view("\"\\/bfnrt").find(escape.front()) == std::string_view::npos) {
      return "the escape " +
             in_quotes(rest.substr(at, 1 + decode_utf8(escape, 0).value_or(CodePoint{0, 1}).length)) +
             " does not exist in JSON (a backslash itself is written \\\\)";
    }
    ++at;
  }
  if (at >= rest.size()) {
    at = 0;
    return "the string that begins here is not closed";
  }
  at = 0;
  return "this string holds half of a surrogate pair; \\ud800 to \\udfff must come in pairs";
}

std::string bad_number(std::string_view word) {
  const std::string shown = in_quotes(word);
  std::size_t at = word.front() == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < word.size() && is_digit(word[at])) ++at;
    return at - begin;
  };
  const std::size_t begin = at;
  const std::size_t whole = digits();
  if (whole == 0) return shown + " is not a number in JSON: a digit must stand before anything else";
  if (whole > 1 && word[begin] == '0')
    return "the number " + shown + " has a leading zero, which JSON does not allow";
  if (at < word.size() && word[at] == '.') {
    ++at;
    if (digits() == 0) return "the number " + shown + " has no digit after its decimal point";
  }
  if (at < word.size() && (word[at] == 'e' || word[at] == 'E')) {
    ++at;
    if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
    if (digits() == 0) return "the number " + shown + " has no digit in its exponent";
  }
  if (at < word.size()) return shown + " is not a number in JSON";
  return "the number " + shown + " is too large";
}

std::string bad_word(std::string_view word, Wanted wanted) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPython = {
      {{"True", "true"}, {"False", "false"}, {"None", "null"}, {"nil", "null"}}};
  for (const auto& [python, json] : kPython) {
    if (word == python) return "found " + in_quotes(word) + "; JSON writes it " + std::string(json);
  }
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  lower.erase(0, std::min(lower.find_first_not_of("+-"), lower.size()));
  if (lower == "nan" || lower == "inf" || lower == "infinity") {
    return "found " + in_quotes(word) +
           "; JSON has no such number (as a fill value, write it as a string: \"" + lower + "\")";
  }
  if (lower.empty() || is_digit(lower.front()) || lower.front() == '.') return bad_number(word);
  return "found " + in_quotes(word) + " where " + words(wanted) +
         " was expected; strings and keys need double quotes";
}

const char* hint(Wanted wanted, char found) {
  if ((wanted == Wanted::element && (found == ']' || found == '}' || found == ',')) ||
      (wanted == Wanted::key && (found == ']' || found == '}' || found == ','))) {
    return "; is there a comma too many?";
  }
  const bool starts_value = found == '"' || found == '{' || found == '[' || found == '-' || is_digit(found);
  if ((wanted == Wanted::more_elements || wanted == Wanted::more_members) && starts_value)
    return "; is a comma missing?";
  if (wanted == Wanted::more_elements && found == ':') return "; only objects, in { }, have keys";
  if (wanted == Wanted::key || wanted == Wanted::key_or_end) {
    if (found == '{' || found == '[' || is_digit(found)) return "; every key is a string";
  }
  return "";
}

std::string unexpected(std::string_view rest, Wanted wanted) {
  const char first = rest.front();
  const std::string where = std::string(" where ") + words(wanted) + " was expected";
  if (rest.starts_with("//") || rest.starts_with("/*") || first == '#') {
    return "found a comment; JSON has none (use the key \"description\")";
  }
  if (first == '\'') return "found \"'\"" + where + "; strings and keys need double quotes";
  if (wanted == Wanted::end)
    return "found " + in_quotes(rest.substr(0, 1)) +
           " after the end of the value; only one may stand in a file";
  std::string found;
  if (first == '"') {
    found = "the string " + in_quotes(rest.substr(1, std::min(string_token_length(rest), rest.size()) - 2));
  } else {
    const std::size_t word = word_token_length(rest);
    found =
        in_quotes(rest.substr(0, word > 0 ? word : decode_utf8(rest, 0).value_or(CodePoint{0, 1}).length));
  }
  return "found " + found + where + hint(wanted, first);
}

}  // namespace

JsonDiagnosis diagnose_json(JsonCursor cursor, JsonNext next, const JsonToken& opened) {
  const Wanted wanted = step_over_separator(cursor, next);
  const std::string_view rest = cursor.rest();
  const auto here = [&](std::string message) {
    return JsonDiagnosis{cursor.line(), cursor.column(), std::move(message)};
  };
  if (rest.empty()) return here(ends_too_early(wanted, opened));
  if (rest.front() == '"' && takes_string(wanted)) {
    std::size_t at = 0;
    std::string message = bad_string(rest, at);
    cursor.skip(at);
    return here(std::move(message));
  }
  const std::size_t length = word_token_length(rest);
  const JsonToken& last = cursor.last();
  const bool goes_on = last.text.data() + last.text.size() == rest.data() && word_token_length(last.text) > 0;
  if (length > 0 && goes_on && !takes_value(wanted)) {
    const std::string_view word(last.text.data(), last.text.size() + length);
    return {last.line, last.column, bad_word(word, Wanted::element), true};
  }
  if (length > 0 && takes_value(wanted)) return here(bad_word(rest.substr(0, length), wanted));
  return here(unexpected(rest, wanted));
}

}  // namespace ndcat
