// What the root of a manifest says of its virtual files: which there are, and what may be done with them.
#pragma once

namespace ndcat {

enum class ViewKind { npy, raw, json };  // the virtual files X.npy, X.raw, X.json
enum class Access { read, read_write };  // "mode": "r", "r+"

}  // namespace ndcat
