// Raw descriptions, "missing" and "full": the parts of the language that describe arrays rather than combine
// them.
#pragma once

#include <optional>

#include "manifests/parse/expression.h"
#include "manifests/parse/parse_context.h"

namespace ndcat {

// Each reports what is wrong to `context` and then gives nothing, or something that says it is broken.
// `where` points at `value` itself, or at the `object` that has the key.

std::optional<Dtype> read_dtype(const ParseContext& context, const PointerChain& where,
                                const JsonValue& value);

/// A list of extents; `may_be_unknown` allows one -1.
std::optional<Shape> read_shape(const ParseContext& context, const PointerChain& where,
                                const JsonValue& value, bool may_be_unknown);

/// "dtype", "shape", "order" and "offset" of `object`, as far as they are there.
RawDescription read_description(const ParseContext& context, const PointerChain& where,
                                const JsonObject& object);

/// "missing" of `object`.
MissingRule read_missing(const ParseContext& context, const PointerChain& where, JsonObject& object);

/// The object whose verb is "full"; never null. `has_stray`: a key that it should have may be there misspelt.
std::unique_ptr<FullExpression> read_full(const ParseContext& context, const PointerChain& where,
                                          const JsonObject& object, TextPosition at, bool has_stray);

}  // namespace ndcat
