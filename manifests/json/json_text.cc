#include "manifests/json/json_text.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>
#include <utility>

#include "manifests/json/json_cursor.h"
#include "manifests/json/json_diagnosis.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

/// nlohmann's parser refuses numbers that its float type cannot hold; with long double the values of every
/// dtype pass.
using Parser =
    nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, long double>;

/// Extends a JSON pointer in place, so that a long one is made in one pass.
void append_pointer_key(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

/// A list or an object whose end has not been read. Its values wait on TreeBuilder's stack of finished
/// values.
struct Open {
  JsonToken bracket;
  std::size_t first_value = 0;
  std::vector<JsonMember> members;  // objects only; the last one's value may be still to come

  [[nodiscard]] bool is_object() const { return bracket.text == "{"; }
};

/// Receives nlohmann's events and builds the tree without recursion: finished values wait on one stack until
/// the list or object that holds them is closed and takes them, exactly as many as they are.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const std::string& file)
      : cursor_(text), file_(file), text_size_(text.size()) {}

  // The names and types of the event functions are nlohmann's.
  bool null() { return add(cursor_.next(), nullptr); }
  bool boolean(bool value) { return add(cursor_.next(), value); }
  bool number_integer(Parser::number_integer_t) { return number(); }
  bool number_unsigned(Parser::number_unsigned_t) { return number(); }
  bool number_float(Parser::number_float_t, const std::string&) { return number(); }
  bool string(std::string& value) { return add(cursor_.next(), std::move(value)); }
  bool binary(Parser::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(); }
  bool start_array(std::size_t) { return open(); }
  bool key(std::string& value);
  bool end_object();
  bool end_array();
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&);

  void report(int line, int column, std::string message) {
    problems_.push_back({file_, {pointer(), line, column}, std::move(message)});
  }
  /// Ends the building. Precondition: the parser has returned; `valid` is what it returned.
  JsonText finish(bool valid) &&;

 private:
  bool open();
  bool number();
  bool add(const JsonToken& begin, decltype(JsonValue::value) value);
  JsonNext next() const;
  /// The JSON pointer of the value that is being read.
  std::string pointer() const;
  void report_duplicate_keys(const std::vector<JsonMember>& members);
  std::vector<JsonValue> take_values(std::size_t first);

  JsonCursor cursor_;
  const std::string& file_;
  std::size_t text_size_;
  std::vector<Open> open_;
  std::deque<JsonValue> values_;
  std::size_t value_count_ = 0;
  Problems problems_;
  std::size_t reported_bytes_ = 0;
  std::size_t unreported_duplicates_ = 0;
};

JsonNext TreeBuilder::next() const {
  if (open_.empty()) return values_.empty() ? JsonNext::root : JsonNext::end;
  const Open& inner = open_.back();
  const std::size_t values = values_.size() - inner.first_value;
  if (!inner.is_object()) return values == 0 ? JsonNext::first_element : JsonNext::after_element;
  if (inner.members.empty()) return JsonNext::first_key;
  return values < inner.members.size() ? JsonNext::colon : JsonNext::after_member;
}

std::string TreeBuilder::pointer() const {
  std::string result;
  for (std::size_t level = 0; level < open_.size(); ++level) {
    const Open& list = open_[level];
    // Below a list that is still open, the stack holds the values up to where the next level's values begin.
    const std::size_t end = level + 1 < open_.size() ? open_[level + 1].first_value : values_.size();
    if (!list.is_object()) {
      result += '/' + std::to_string(end - list.first_value);
    } else if (list.members.size() > end - list.first_value) {
      append_pointer_key(result, list.members.back().key);
    }
  }
  return result;
}

bool TreeBuilder::open() {
  const JsonToken bracket = cursor_.next();
  if (open_.size() >= kMaxJsonDepth) {
    problems_.push_back(
        {file_,
         {"", bracket.line, bracket.column},
         "lists and objects are nested more than " + std::to_string(kMaxJsonDepth) + " levels deep"});
    return false;
  }
  open_.push_back({bracket, values_.size(), {}});
  return true;
}

bool TreeBuilder::number() {
  const JsonToken token = cursor_.next();
  return add(token, JsonNumber{std::string(token.text)});
}

bool TreeBuilder::add(const JsonToken& begin, decltype(JsonValue::value) value) {
  if (++value_count_ > kMaxJsonValues) {
    report(begin.line, begin.column,
           "this file holds more than " + std::to_string(kMaxJsonValues) + " values");
    return false;
  }
  values_.push_back({std::move(value), begin.line, begin.column});
  return true;
}

bool TreeBuilder::key(std::string& value) {
  const JsonToken token = cursor_.next();
  open_.back().members.push_back({std::move(value), token.line, token.column});
  return true;
}

std::vector<JsonValue> TreeBuilder::take_values(std::size_t first) {
  const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<JsonValue> taken(std::make_move_iterator(begin), std::make_move_iterator(values_.end()));
  values_.erase(begin, values_.end());
  return taken;
}

bool TreeBuilder::end_array() {
  cursor_.next();
  const Open list = std::move(open_.back());
  JsonArray elements = take_values(list.first_value);
  open_.pop_back();
  return add(list.bracket, std::move(elements));
}

bool TreeBuilder::end_object() {
  cursor_.next();
  report_duplicate_keys(open_.back().members);
  Open object = std::move(open_.back());
  JsonObject result{std::move(object.members), take_values(object.first_value)};
  open_.pop_back();
  return add(object.bracket, std::move(result));
}

void TreeBuilder::report_duplicate_keys(const std::vector<JsonMember>& members) {
  std::vector<std::size_t> by_key(members.size());
  std::iota(by_key.begin(), by_key.end(), std::size_t{0});
  std::stable_sort(by_key.begin(), by_key.end(),
                   [&](std::size_t a, std::size_t b) { return members[a].key < members[b].key; });
  std::size_t first = 0;
  for (std::size_t i = 1; i < by_key.size(); ++i) {
    const JsonMember& member = members[by_key[i]];
    if (member.key != members[by_key[first]].key) {
      first = i;
      continue;
    }
    // Long keys above very many duplicates must not make the reports longer than the text itself.
    if (reported_bytes_ > text_size_ + 65536) {
      ++unreported_duplicates_;
      continue;
    }
    const JsonMember& earlier = members[by_key[first]];
    report(member.key_line, member.key_column,
           in_quotes(member.key) + ": duplicate key; it stands already at line " +
               std::to_string(earlier.key_line) + ", column " + std::to_string(earlier.key_column));
    Place& place = problems_.back().place;
    append_pointer_key(place.pointer, member.key);
    reported_bytes_ +=
        sizeof(Problem) + place.pointer.size() + problems_.back().message.size() + file_.size();
  }
}

bool TreeBuilder::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
  JsonDiagnosis wrong = diagnose_json(cursor_, next(), open_.empty() ? JsonToken{} : open_.back().bracket);
  if (wrong.in_last_token && !values_.empty()) values_.pop_back();  // so that the pointer names that value
  report(wrong.line, wrong.column, std::move(wrong.message));
  return false;
}

JsonText TreeBuilder::finish(bool valid) && {
  // nlohmann takes a zero byte for the end of the text.
  if (valid && !cursor_.rest().empty()) {
    valid = false;
    report(cursor_.line(), cursor_.column(), "found a zero byte after the end of the value");
  }
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  if (unreported_duplicates_ > 0) {
    problems_.push_back({file_, {}, std::to_string(unreported_duplicates_) + " more duplicate keys"});
  }
  JsonText result;
  result.problems = std::move(problems_);
  if (valid) result.root = std::make_unique<JsonValue>(std::move(values_.front()));
  return result;
}

/// Reports bytes that are not UTF-8, or a byte order mark. The text before the place is walked once.
std::optional<Problem> bad_encoding(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Problem{file, {"", 1, 1}, "the text begins with a byte order mark; save it as UTF-8 without one"};
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return Problem{file, {"", 1, 1}, "the text is UTF-16; save it as UTF-8"};
  }
  const std::optional<std::size_t> invalid = find_invalid_utf8(text);
  if (!invalid) return std::nullopt;
  const std::string_view before = text.substr(0, *invalid);
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 == 0
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t column = count_code_points(before.substr(line_begin)) + 1;
  return Problem{file,
                 {"", static_cast<int>(line), static_cast<int>(column)},
                 "found the byte " + in_quotes(text.substr(*invalid, 1)) +
                     ", which is not UTF-8 here; JSON text is always UTF-8"};
}

}  // namespace

std::optional<Index> JsonNumber::as_index() const {
  Index value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool JsonNumber::is_integer_literal() const { return text.find_first_of(".eE") == std::string::npos; }

const JsonValue* JsonObject::find(std::string_view key) const {
  const auto member =
      std::find_if(members.begin(), members.end(), [key](const JsonMember& m) { return m.key == key; });
  return member == members.end() ? nullptr : &values[static_cast<std::size_t>(member - members.begin())];
}

JsonValue* JsonObject::find(std::string_view key) {
  return const_cast<JsonValue*>(std::as_const(*this).find(key));  // NOLINT: the object itself is not const
}

const char* JsonValue::type_name() const {
  static constexpr const char* kNames[] = {"null",     "true or false", "a number",
                                           "a string", "a list",        "an object"};
  return kNames[value.index()];
}

JsonText parse_json(std::string_view text, const std::string& file) {
  if (std::optional<Problem> problem = bad_encoding(text, file)) return {nullptr, {*std::move(problem)}};
  TreeBuilder builder(text, file);
  const bool valid = Parser::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).finish(valid);
}

std::string pointer_to(const std::string& pointer, std::string_view key) {
  std::string result = pointer;
  append_pointer_key(result, key);
  return result;
}

std::string pointer_to(const std::string& pointer, std::size_t index) {
  return pointer + '/' + std::to_string(index);
}

std::string json_string(std::string_view text) {
  return Parser(std::string(text)).dump(-1, ' ', false, Parser::error_handler_t::replace);
}

}  // namespace ndcat
