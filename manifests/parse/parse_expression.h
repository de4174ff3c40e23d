// From JSON to the typed syntax tree of expression.h, finding all that is wrong with the text on the way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifests/parse/expression.h"
#include "manifests/parse/parse_context.h"

namespace ndcat {

/// One expression, into `result`: a string or an object with exactly one verb. Problems go to `context`; what
/// was understood all the same is in the result. Slips in keys are mended in `value`. `extra_keys` are
/// allowed besides those of the verb and the modifiers: at the root, the root's.
void read_expression(const ParseContext& context, const PointerChain& where, JsonValue& value,
                     Expression& result, std::span<const std::string_view> extra_keys = {});

/// "select", "transpose" and "astype" of `object`; null when it has none.
std::unique_ptr<Modifiers> read_modifiers(const ParseContext& context, const PointerChain& where,
                                          const JsonObject& object);

/// A whole manifest's text. Nothing when it is no JSON or no object; problems in either case go to
/// `problems`.
std::optional<ManifestTree> read_manifest(std::string_view text, const std::string& file,
                                          ProblemList& problems);

/// True when a string among sources stands for a pattern rather than for one name.
[[nodiscard]] bool is_pattern(std::string_view text);

}  // namespace ndcat
