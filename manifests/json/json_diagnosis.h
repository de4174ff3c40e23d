// What is wrong with a text that is not JSON, in people's words.
#pragma once

#include <string>

#include "manifests/json/json_cursor.h"

namespace ndcat {

/// What may stand next in a JSON text, seen from the last token that was right.
enum class JsonNext {
  root,           // the value of the whole text
  first_element,  // after '['
  first_key,      // after '{'
  colon,          // after a key
  after_element,  // after a value in a list
  after_member,   // after a value in an object
  end,            // after the root
};

struct JsonDiagnosis {
  int line = 0, column = 0;
  std::string message;
  bool in_last_token = false;  // it is the last token, thought to be right, that is wrong: "0" of "01"
};

/// Explains why nothing valid follows. `cursor` stands after the last right token; `opened` is the bracket of
/// the innermost list or object that is still open, with an empty text when there is none. Precondition: the
/// text is valid UTF-8 and something is wrong with it behind the cursor.
[[nodiscard]] JsonDiagnosis diagnose_json(JsonCursor cursor, JsonNext next, const JsonToken& opened);

}  // namespace ndcat
